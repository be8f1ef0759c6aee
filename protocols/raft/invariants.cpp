#include "protocols/raft/invariants.h"

#include <algorithm>

namespace seedbed::raft {

namespace {

/// Replicas share the memory of what they replicate: mostly it is one entry.
bool same(const Entry& a, const Entry& b) { return &a == &b || a == b; }

}  // namespace

void ElectionSafety::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  seen_[n] = s.current_term();
  const auto [leader, is_new] = leaders_.try_emplace(s.current_term(), n);
  if (is_new || leader->second == n) return;
  report.fail("two leaders in one term", {leader->second, n},
              fmt::format("{} and {} were both elected in term {}", to_text(leader->second),
                          to_text(n), s.current_term()));
}

void LeaderAppendOnly::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  Reign& reign = reigns_[n];
  if (s.raft_role() != Role::kLeader) {
    reign = {};
    return;
  }
  if (reign.term == s.current_term() && !s.log().contains(reign.last)) {
    report.fail("a leader's log lost an entry", {n},
                fmt::format("{}, leader of term {}, no longer has entry {} of term {}", to_text(n),
                            s.current_term(), reign.last.index, reign.last.term));
  }
  reign = {s.current_term(), s.log().last()};
}

bool LogMatching::agrees_with_others(Index index, const Entry& mine, Term before) {
  const auto [other, is_new] = others_.try_emplace({index, mine.term}, Placed{mine, before});
  return is_new || (other->second.term_before == before && other->second.entry == mine);
}

inline Index TermRuns::cut_to(const Log& log) {
  const LogPosition base = log.base();
  if (base.index > last_ || base.index < runs_.front().index) {  // a snapshot came, or went again
    runs_ = {base};
    last_ = base.index;
  }
  last_ = std::min(last_, log.last_index());
  for (;; --last_) {
    while (runs_.back().index > last_) runs_.pop_back();
    if (last_ == base.index || runs_.back().term == log.term_at(last_)) return last_;
  }
}

inline bool LogMatching::agrees(Index index, const Log& log, const Entry& mine, Term before) {
  if (index > first_.last_index()) {
    first_.append(log.entries(), index);
    before_first_.append(before);
    return true;
  }
  const Entry& first = first_[index];
  if (first.term != mine.term) return agrees_with_others(index, mine, before);
  return before_first_[index] == before && same(first, mine);
}

void LogMatching::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  const Log& log = s.log();
  seen_[n] = {log.base(), log.last()};
  TermRuns& checked = checked_[n];
  const Index agreed = checked.cut_to(log);
  Term before = log.term_at(agreed);
  for (Index i = agreed + 1; i <= log.last_index(); ++i) {
    const Entry& mine = log[i];
    if (!agrees(i, log, mine, std::exchange(before, mine.term))) {
      report.fail("same index and term, different logs", {n},
                  fmt::format("entry {} of term {} on {} differs from another server's entry of "
                              "that index and term, or follows another entry",
                              i, mine.term, to_text(n)));
    }
    checked.append(mine.term);
  }
}

void LeaderCompleteness::after(const Servers<Server>& servers, NodeId n, const Server& s,
                               Report& report) {
  if (s.commit_index() > committed_.index) {
    committed_ = {s.commit_index(), s.log().term_at(s.commit_index())};
    committed_in_ = s.current_term();
    for (std::uint32_t id = 1; id <= servers.count(); ++id) {
      const Server* other = servers[NodeId{id}];
      if (other != nullptr && other->raft_role() == Role::kLeader) check({id}, *other, report);
    }
  }
  if (s.raft_role() == Role::kLeader && seen_[n] != s.current_term()) {
    seen_[n] = s.current_term();
    check(n, s, report);
  }
}

/// The last committed entry stands for all before it: that is log matching.
void LeaderCompleteness::check(NodeId n, const Server& leader, Report& report) const {
  if (leader.current_term() <= committed_in_ || leader.log().contains(committed_)) return;
  report.fail("a leader lacks a committed entry", {n},
              fmt::format("{} leads term {} without entry {} of term {}, which was committed in "
                          "term {}",
                          to_text(n), leader.current_term(), committed_.index, committed_.term,
                          committed_in_));
}

void StateMachineSafety::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  Index& seen = seen_[n];
  if (s.last_applied() < seen) seen = 0;        // restarted: it applies everything again
  seen = std::max(seen, s.log().base().index);  // which a snapshot stands for
  const SharedLog<Entry>& entries = s.log().entries();
  while (seen < s.last_applied()) {
    ++seen;
    if (seen > applied_.last_index()) {
      applied_.append(entries, seen);
    } else if (const Index shared = applied_.shared_up_to(entries, seen); shared >= seen) {
      seen = std::min(shared, s.last_applied());
    } else if (const Entry& mine = entries[seen]; applied_[seen] != mine) {
      report.fail("two servers applied different entries at one index", {n},
                  fmt::format("{} applied an entry of term {} at index {}, where another server "
                              "applied one of term {}",
                              to_text(n), mine.term, seen, applied_[seen].term));
    }
  }
}

}  // namespace seedbed::raft
