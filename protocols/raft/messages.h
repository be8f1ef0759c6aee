// Raft's RPCs and persistent state: the boxes of Figure 2 (Ongaro and Ousterhout 2014) as structs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/kv.h"

namespace seedbed::raft {

using Term = std::uint64_t;
using Index = std::uint64_t;  // of the log; the first entry has index 1

/// A log entry: a client's request, or the no-op with which a leader opens its term (section 6.4 of
/// the dissertation), which is a request of nobody.
struct Entry {
  static constexpr auto kName = "Entry";
  Term term = 0;
  kv::Request request;
  bool is_no_op() const { return request.id.client == kNobody; }
  constexpr void describe(auto& d) const { d("term", term)("request", request); }
};

/// "2 no-op", "2 n4#0 write k7=1".
std::string brief_text(const Entry& entry);

struct LogPosition {
  Index index = 0;
  Term term = 0;
  constexpr bool operator==(const LogPosition&) const = default;
  constexpr void describe(auto& d) const { d("index", index)("term", term); }
};

/// Persistent state beside the log: updated on stable storage before responding to RPCs.
struct HardState {
  static constexpr auto kName = "HardState";
  Term current_term = 0;
  NodeId voted_for;
  constexpr void describe(auto& d) const {
    d("current_term", current_term)("voted_for", voted_for);
  }
};

struct RequestVote {
  static constexpr auto kName = "RequestVote";
  Term term = 0;
  NodeId candidate;
  LogPosition last;
  constexpr void describe(auto& d) const { d("term", term)("candidate", candidate)("last", last); }
};

struct RequestVoteReply {
  static constexpr auto kName = "RequestVoteReply";
  Term term = 0;
  bool vote_granted = false;
  constexpr void describe(auto& d) const { d("term", term)("vote_granted", vote_granted); }
};

struct AppendEntries {
  static constexpr auto kName = "AppendEntries";
  Term term = 0;
  NodeId leader;
  LogPosition prev;
  Index leader_commit = 0;
  std::vector<Entry> entries;
  constexpr void describe(auto& d) const {
    d("term", term)("leader", leader)("prev", prev)("leader_commit", leader_commit)("entries",
                                                                                    entries);
  }
};

struct AppendEntriesReply {
  static constexpr auto kName = "AppendEntriesReply";
  Term term = 0;
  bool success = false;
  Index prev_index = 0;      // of the request, so that a stale answer is known as such
  Index match_index = 0;     // success: the last entry known to agree with the leader's
  Index conflict_index = 0;  // failure: where the leader should try next (end of section 5.3)
  constexpr void describe(auto& d) const {
    d("term", term)("success", success)("prev_index", prev_index)("match_index", match_index)(
        "conflict_index", conflict_index);
  }
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

/// The leader's own disk holds its log up to here.
struct LogSynced {
  static constexpr auto kName = "LogSynced";
  LogPosition last;
  constexpr void describe(auto& d) const { d("last", last); }
};

}  // namespace seedbed::raft
