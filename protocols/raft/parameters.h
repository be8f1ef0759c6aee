// What a Raft cluster can be told to do, with defaults that make it Figure 2. Each of the
// dissertation's refinements is a parameter; the variants in protocol.cpp are useful sets of them.
#pragma once

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::raft {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  Range<Duration> election_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  std::uint32_t max_entries = 64;
  std::uint32_t max_inflight = 256;
  Duration batch{};
  bool parallel_write = true;
  bool pre_vote = false;
  bool check_quorum = false;
  bool read_index = false;
  bool lease_reads = false;
  std::uint32_t drift_bound_ppm = 1000;
  Duration session_timeout{};
  std::uint32_t snapshot_entries = 10'000;
  std::uint32_t snapshot_chunk = 64;
  Duration disk_stall{};
  std::uint32_t voters = 0;

  constexpr void parameters(auto& p) {
    p("election_timeout", election_timeout,
      "silence after which a follower stands for election; drawn anew each time (section 3.4)",
      1_ms, kHour, "150ms..300ms | 100ms..150ms | 200ms..1s");
    p("heartbeat", heartbeat, "how often a leader speaks when it has nothing to say", 1_ms, kHour,
      "20ms | 50ms | 90ms");
    p("max_entries", max_entries, "entries in one AppendEntries at the most (section 10.2.2)", 1U,
      4096U, "1 | 4 | 64");
    p("max_inflight", max_inflight,
      "entries on their way to one follower at the most: pipelining, bounded (section 10.2.1)", 1U,
      65536U, "64 | 256 | 1000");
    p("batch", batch, "how long a leader gathers commands before it sends them (section 10.2.2)",
      0_ms, 1000_ms, "0s | 2ms | 20ms");
    p("parallel_write", parallel_write,
      "entries leave while the leader writes them to its own disk, not after (section 10.2.1)",
      "true | false");
    p("pre_vote", pre_vote, "a server asks whether it would win before it stands (section 9.6)");
    p("check_quorum", check_quorum,
      "a leader without a majority steps down (section 6.2), and servers that hear one do not vote "
      "(section 4.2.3)");
    p("read_index", read_index,
      "reads skip the log: a round of heartbeats shows that we still lead (section 6.4)");
    p("lease_reads", lease_reads,
      "reads within a lease that the last round gives wait for nothing (section 6.4.1); wants "
      "check_quorum");
    p("drift_bound_ppm", drift_bound_ppm,
      "leases: how far a clock's rate may be off, in millionths; their safety rests on it", 0U,
      500'000U);
    p("session_timeout", session_timeout,
      "a client's session ends when it is idle for so long (section 6.3); 0s: never", 0_ms, kHour,
      "0s | 1s | 10s");
    p("snapshot_entries", snapshot_entries,
      "entries after which the log is compacted into a snapshot (chapter 5); 0: never", 0U,
      1'000'000U, "0 | 5 | 50");
    p("snapshot_chunk", snapshot_chunk, "records of a snapshot in one InstallSnapshot", 1U, 65536U,
      "1 | 4 | 64");
    p("disk_stall", disk_stall,
      "a leader whose disk has not finished a write for so long steps down; 0s: never", 0_ms, kHour,
      "0s | 500ms | 2s");
    p("voters", voters,
      "how many of the servers are voters at the start, n1 first; the others wait to be added; 0: "
      "all of them",
      0U, 64U);
  }
};

/// What is wrong with these together, or "".
std::string_view complaint(const Parameters& parameters);

}  // namespace seedbed::raft
