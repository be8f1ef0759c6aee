// What atomic commitment promises (Skeen 1981; Bernstein, Hadzilacos, Goodman 1987, section 7.3),
// checked after each event on the node that it touched: for two-phase commit and for whatever other
// protocol has its participants. A crash takes nothing back of what an invariant has seen.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "protocols/two_phase_commit/participant.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::two_phase_commit {

/// Whether anything about transactions has changed on a node.
template <class S>
class Changes {
 public:
  bool any(NodeId n, const S& s) { return seen_[n] != now(s); }
  /// Whether a decision is new; to be asked once in `after`.
  bool decided(NodeId n, const S& s) {
    const Seen before = seen_[n];
    seen_[n] = now(s);
    return s.decisions() > (before.life == s.life() ? before.decisions : 0);
  }

 private:
  struct Seen {
    Life life = 0;
    std::uint64_t changes = 0;
    std::uint64_t decisions = 0;
    bool operator==(const Seen&) const = default;
  };
  static Seen now(const S& s) { return {s.life(), s.changes(), s.decisions()}; }
  PerNode<Seen> seen_;
};

/// More transactions than this are not remembered: the oldest are forgotten first.
constexpr std::size_t kRemembered = 10'000;
template <class Map>
void bound(Map& map) {
  while (map.size() > kRemembered) map.erase(map.begin());
}

/// "All processes that decide reach the same decision", whatever crashes between (AC1, AC2).
template <class S>
class Agreement {
 public:
  static constexpr std::string_view kName = "agreement";
  bool concerned(NodeId n, const S& s) { return changes_.any(n, s); }
  void after(const auto& /*servers*/, NodeId n, const S& s, Report& report) {
    if (changes_.decided(n, s)) note(s.last_decided().txn, s.last_decided().commit, n, report);
    for (const auto& [txn, local] : s.locals()) {
      const bool commit = local.phase == Phase::kCommitted;
      // Who gave up before the vote has decided nothing: after a crash it knows nothing of that,
      // and may do the work once more.
      const bool voted = local.phase == Phase::kAborted && !local.participants.empty();
      if (commit || voted) note(txn, commit, n, report);
    }
    bound(ends_);
  }

 private:
  struct End {
    bool commit = false;
    NodeId by;
  };
  void note(const TxnId& txn, bool commit, NodeId n, Report& report) {
    const End first = ends_.try_emplace(txn, End{commit, n}).first->second;
    if (first.commit == commit) return;
    report.fail("one committed and the other aborted", {first.by, n},
                fmt::format("{} {} {}, and {} has {} it", to_text(n), commit ? "commits" : "aborts",
                            brief_text(txn), to_text(first.by), commit ? "aborted" : "committed"));
  }
  Changes<S> changes_;
  std::map<TxnId, End> ends_;
};

/// "Commit only if all processes voted yes" (AC3): a commit after a no, or without a vote. A vote
/// that its node has lost in a crash is none.
template <class S>
class Unanimity {
 public:
  static constexpr std::string_view kName = "unanimity";
  bool concerned(NodeId n, const S& s) { return changes_.any(n, s); }
  void after(const auto& /*servers*/, NodeId n, const S& s, Report& report) {
    if (std::exchange(lives_[n], s.life()) != s.life()) {
      for (auto& [txn, voters] : voted_) {
        if (!s.locals().contains(txn)) voters.erase(n);
      }
    }
    for (const auto& [txn, local] : s.locals()) {
      if (local.phase == Phase::kPrepared) voted_[txn].insert(n);
      if (local.phase == Phase::kLeft) left_[txn].insert(n);
    }
    if (changes_.decided(n, s) && s.last_decided().commit) {
      judge(s.last_decided().txn, s.last_decided().participants, n, report);
    }
    for (const auto& [txn, local] : s.locals()) {
      if (local.phase == Phase::kCommitted) judge(txn, local.participants, n, report);
    }
    bound(voted_);
    bound(left_);
  }

 private:
  using Voters = std::map<TxnId, std::set<NodeId>>;

  static bool has(const Voters& voters, const TxnId& txn, NodeId n) {
    const auto found = voters.find(txn);
    return found != voters.end() && found->second.contains(n);
  }
  static bool is_long_ago(const Voters& voters, const TxnId& txn) {
    return voters.size() >= kRemembered && txn < voters.begin()->first;
  }
  void judge(const TxnId& txn, const std::vector<NodeId>& participants, NodeId n, Report& report) {
    if (is_long_ago(voted_, txn) || is_long_ago(left_, txn)) return;
    for (const NodeId p : participants) {
      if (has(voted_, txn, p) || has(left_, txn, p)) continue;
      report.fail("committed without a yes of everybody", {n, p},
                  fmt::format("{} commits {}, and {} has not voted yes", to_text(n),
                              brief_text(txn), to_text(p)));
    }
  }
  Changes<S> changes_;
  Voters voted_;
  Voters left_;  // read only, which no crash changes
  PerNode<Life> lives_;
};

/// What a commit rests on outlives crashes (AC2): who voted yes for what is committed knows of it
/// until it has committed it, too.
template <class S>
class VotesSurvive {
 public:
  static constexpr std::string_view kName = "votes_survive";
  bool concerned(NodeId n, const S& s) { return changes_.any(n, s); }
  void after(const auto& servers, NodeId n, const S& s, Report& report) {
    const bool commits = changes_.decided(n, s) && s.last_decided().commit;
    // Once: who finds out later what was decided finds nobody who has to know.
    if (commits && seen_.try_emplace(s.last_decided().txn, true).second) {
      for (const NodeId p : s.last_decided().voters) {
        owed_[p].insert(s.last_decided().txn);
        if (servers[p] != nullptr) look(p, *servers[p], report);
      }
    }
    bound(seen_);
    look(n, s, report);
  }

 private:
  void look(NodeId n, const S& s, Report& report) {
    std::set<TxnId>& owed = owed_[n];
    for (auto txn = owed.begin(); txn != owed.end();) {
      const auto local = s.locals().find(*txn);
      const bool lost = local == s.locals().end() || local->second.phase == Phase::kWorking;
      if (lost) {
        report.fail("a vote was forgotten", {n},
                    fmt::format("{} was committed, and {}, which voted yes, knows nothing of it",
                                brief_text(*txn), to_text(n)));
      }
      const bool over = lost || (local->second.phase != Phase::kPrepared &&
                                 local->second.phase != Phase::kPrecommitted);
      txn = over ? owed.erase(txn) : std::next(txn);
    }
  }
  Changes<S> changes_;
  std::map<TxnId, bool> seen_;
  PerNode<std::set<TxnId>> owed_;
};

/// Strict two-phase locking: what a transaction in doubt has written is locked.
template <class S>
class LocksHeld {
 public:
  static constexpr std::string_view kName = "locks_held";
  bool concerned(NodeId n, const S& s) { return changes_.any(n, s); }
  void after(const auto& /*servers*/, NodeId n, const S& s, Report& report) {
    changes_.decided(n, s);
    for (const auto& [txn, local] : s.locals()) {
      if (local.phase != Phase::kPrepared && local.phase != Phase::kPrecommitted) continue;
      for (const auto& [key, numbers] : local.written) {
        if (s.locks().holds(key, txn, LockMode::kExclusive)) continue;
        report.fail("a lock was given back before the decision", {n},
                    fmt::format("{} is in doubt about {}, which has written key {}, and has no "
                                "lock on it",
                                to_text(n), brief_text(txn), key));
      }
    }
  }

 private:
  Changes<S> changes_;
};

}  // namespace seedbed::two_phase_commit
