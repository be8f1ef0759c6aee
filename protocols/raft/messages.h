// Raft's RPCs and persistent state: the boxes of Figure 2 (Ongaro and Ousterhout 2014), and those
// of the dissertation (Ongaro 2014) for snapshots and leadership transfer, as structs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/raft/configuration.h"
#include "sim/base/ids.h"
#include "sim/base/shared_log.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"
#include "sim/world/kv_store.h"

namespace seedbed::raft {

using Term = std::uint64_t;
using Index = std::uint64_t;  // of the log; the first entry has index 1

struct LogPosition {
  Index index = 0;
  Term term = 0;
  constexpr bool operator==(const LogPosition&) const = default;
  constexpr void describe(auto& d) const { d("index", index)("term", term); }
};
/// "The log with the later last term is more up-to-date; of two with the same last term, the longer
/// one" (section 3.6.1).
constexpr bool is_at_least_as_up_to_date(LogPosition a, LogPosition b) {
  return a.term != b.term ? a.term > b.term : a.index >= b.index;
}

enum class EntryKind : std::uint8_t {
  kNoOp,           // with which a leader opens its term (section 6.4)
  kCommand,        // a client's request
  kSession,        // a client's session begins (section 6.3)
  kConfiguration,  // takes effect when it is appended (section 4.1)
};

struct Entry {
  static constexpr auto kName = "Entry";
  Term term = 0;
  EntryKind kind = EntryKind::kNoOp;
  Duration stamp;  // the cluster's time, by which sessions expire (section 6.3)
  kv::Request request;
  Configuration configuration;
  constexpr bool operator==(const Entry&) const = default;
  constexpr void describe(auto& d) const {
    d("term", term)("kind", kind)("stamp", stamp)("request", request)("configuration",
                                                                      configuration);
  }
};
/// "2 no-op", "2 n4#0 write k7=1", "2 (1 2 3)&&(1 2)".
std::string brief_text(const Entry& entry);

// Persistent state beside the log: updated on stable storage before responding to RPCs.

struct HardState {
  static constexpr auto kName = "HardState";
  Term current_term = 0;
  NodeId voted_for;
  constexpr void describe(auto& d) const {
    d("current_term", current_term)("voted_for", voted_for);
  }
};

/// Where the log ended when it was last written. A log that ends before this has lost its tail to
/// the disk, and is not to be taken for a shorter log (Alagappan et al., FAST 2018).
struct LogEnd {
  static constexpr auto kName = "LogEnd";
  LogPosition last;
  constexpr void describe(auto& d) const { d("last", last); }
};

/// The state machine, and what is known of the log, at the last entry that it stands for (Figure
/// 5.3).
struct Snapshot {
  static constexpr auto kName = "Snapshot";
  LogPosition last;
  Duration stamp;
  Configuration configuration;
  std::vector<kv::Record> records;
  constexpr void describe(auto& d) const {
    d("last", last)("stamp", stamp)("configuration", configuration)("records", records);
  }
};

/// A part of a snapshot that is being received: survives a crash in the middle.
struct SnapshotPart {
  static constexpr auto kName = "SnapshotPart";
  LogPosition last;  // of the snapshot
  std::vector<kv::Record> records;
  constexpr void describe(auto& d) const { d("last", last)("records", records); }
};

struct RequestVote {
  static constexpr auto kName = "RequestVote";
  Term term = 0;
  NodeId candidate;
  LogPosition last;
  bool pre_vote = false;  // would you? (section 9.6)
  bool transfer = false;  // the leader wants it (section 3.10): never mind that it lives
  constexpr void describe(auto& d) const {
    d("term", term)("candidate", candidate)("last", last)("pre_vote", pre_vote)("transfer",
                                                                                transfer);
  }
};

struct RequestVoteReply {
  static constexpr auto kName = "RequestVoteReply";
  Term term = 0;
  bool vote_granted = false;
  bool pre_vote = false;
  constexpr void describe(auto& d) const {
    d("term", term)("vote_granted", vote_granted)("pre_vote", pre_vote);
  }
};

struct AppendEntries {
  static constexpr auto kName = "AppendEntries";
  Term term = 0;
  NodeId leader;
  LogPosition prev;
  Index leader_commit = 0;
  std::uint64_t round = 0;  // of heartbeats: an answer proves that we still led at its start
  SharedLog<Entry>::Slice entries;
  constexpr void describe(auto& d) const {
    d("term", term)("leader", leader)("prev", prev)("leader_commit", leader_commit)("round", round)(
        "entries", entries);
  }
};

struct AppendEntriesReply {
  static constexpr auto kName = "AppendEntriesReply";
  Term term = 0;
  bool success = false;
  Index prev_index = 0;      // of the request, so that a stale answer is known as such
  Index match_index = 0;     // success: the last entry known to agree with the leader's
  Index conflict_index = 0;  // failure: where the leader should try next (end of section 3.5)
  std::uint64_t round = 0;   // of the request
  constexpr void describe(auto& d) const {
    d("term", term)("success", success)("prev_index", prev_index)("match_index", match_index)(
        "conflict_index", conflict_index)("round", round);
  }
};

/// A chunk of a snapshot; like AppendEntries, it is also a heartbeat.
struct InstallSnapshot {
  static constexpr auto kName = "InstallSnapshot";
  Term term = 0;
  NodeId leader;
  LogPosition last;
  Duration stamp;
  Configuration configuration;
  std::uint64_t offset = 0;  // of the first record here
  std::vector<kv::Record> records;
  bool done = false;
  std::uint64_t round = 0;
  constexpr void describe(auto& d) const {
    d("term", term)("leader", leader)("last", last)("stamp", stamp)("configuration", configuration)(
        "offset", offset)("records", records)("done", done)("round", round);
  }
};

struct InstallSnapshotReply {
  static constexpr auto kName = "InstallSnapshotReply";
  Term term = 0;
  Index last_index = 0;           // of the snapshot
  std::uint64_t next_offset = 0;  // the record that is wanted next
  bool installed = false;
  std::uint64_t round = 0;
  constexpr void describe(auto& d) const {
    d("term", term)("last_index", last_index)("next_offset", next_offset)("installed", installed)(
        "round", round);
  }
};

/// Leadership transfer (section 3.10): stand for election at once.
struct TimeoutNow {
  static constexpr auto kName = "TimeoutNow";
  Term term = 0;
  constexpr void describe(auto& d) const { d("term", term); }
};

// What an administrator asks of a leader.

/// One server joins or leaves. A new voter learns first, and votes once it has caught up.
struct ChangeServer {
  static constexpr auto kName = "ChangeServer";
  ChangeKind kind = ChangeKind::kAddVoter;
  NodeId server;
  constexpr void describe(auto& d) const { d("kind", kind)("server", server); }
};
constexpr std::string_view name_of(ChangeKind kind) {
  constexpr std::string_view kNames[] = {"add_voter", "add_learner", "remove"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

/// These are to be the voters, by joint consensus.
struct ChangeVoters {
  static constexpr auto kName = "ChangeVoters";
  std::uint64_t voters = 0;  // the bits of a ServerSet
  constexpr void describe(auto& d) const { d("voters", voters); }
};

struct TransferLeadership {
  static constexpr auto kName = "TransferLeadership";
  NodeId to;
  constexpr void describe(auto& d) const { d("to", to); }
};

// Timers and the disk's news.

struct ElectionTimeout {
  static constexpr auto kName = "ElectionTimeout";
  constexpr void describe(auto&) const {}
};

struct HeartbeatTimeout {
  static constexpr auto kName = "HeartbeatTimeout";
  constexpr void describe(auto&) const {}
};

/// Commands have gathered for long enough (section 10.2.2).
struct BatchTimeout {
  static constexpr auto kName = "BatchTimeout";
  constexpr void describe(auto&) const {}
};

struct TransferTimeout {
  static constexpr auto kName = "TransferTimeout";
  constexpr void describe(auto&) const {}
};

/// Enough entries were applied since the last snapshot.
struct TakeSnapshot {
  static constexpr auto kName = "TakeSnapshot";
  constexpr void describe(auto&) const {}
};

/// The candidate's vote for itself is durable: now it counts, as everybody's.
struct VoteSynced {
  static constexpr auto kName = "VoteSynced";
  Term term = 0;
  constexpr void describe(auto& d) const { d("term", term); }
};

/// The leader's own disk holds its log up to here.
struct LogSynced {
  static constexpr auto kName = "LogSynced";
  LogPosition last;
  constexpr void describe(auto& d) const { d("last", last); }
};

}  // namespace seedbed::raft
