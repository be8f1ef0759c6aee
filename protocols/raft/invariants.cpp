#include "protocols/raft/invariants.h"

#include <algorithm>

namespace seedbed::raft {

namespace {

/// A request's id names it for ever; what it asks for is compared all the same.
EntryIdentity identity_of(const Entry& entry) {
  const auto& [id, session, lowest_open, command] = entry.request;
  const Configuration& c = entry.configuration;
  const auto word = [](auto value) { return static_cast<std::uint64_t>(value); };
  std::uint64_t hash = fold(id.sequence ^ word(id.client.value) << 40, session + kGolden);
  hash = fold(hash ^ word(command.value), word(command.expected) + kGolden);
  hash = fold(hash ^ word(command.key), word(command.function) << 8 | word(entry.kind));
  if (entry.kind == EntryKind::kConfiguration) {
    hash = fold(hash ^ c.voters.bits, c.old_voters.bits + kGolden);
    hash = fold(hash ^ c.learners.bits, c.learners_next.bits + kGolden);
  }
  return {entry.term, fold(hash ^ lowest_open, word(entry.stamp.count()) + kGolden)};
}

}  // namespace

void ElectionSafety::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  if (s.raft_role() != Role::kLeader || seen_[n] == s.current_term()) return;
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
    reign.term = 0;
    return;
  }
  if (reign.term == s.current_term() && !s.log().contains(reign.last)) {
    report.fail("a leader's log lost an entry", {n},
                fmt::format("{}, leader of term {}, no longer has entry {} of term {}", to_text(n),
                            s.current_term(), reign.last.index, reign.last.term));
  }
  reign = {s.current_term(), s.log().last()};
}

const LogMatching::Known& LogMatching::remember(Index index, const Known& known) {
  if (index > first_.last_index()) {
    first_.append(known);
    return first_.back();
  }
  const Known& first = first_[index];
  if (first.entry.term == known.entry.term) return first;
  return others_.try_emplace({index, known.entry.term}, known).first->second;
}

void LogMatching::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  const Log& log = s.log();
  Seen& seen = seen_[n];
  if (seen.last == log.last() && seen.base == log.base()) return;
  seen = {log.base(), log.last()};
  SharedLog<Term>& checked = checked_[n];
  const Index base = log.base().index;
  if (checked.first_index() != base + 1) {  // compacted since, or a compaction that a crash undid
    if (checked.first_index() > base + 1) checked = {};
    checked.compact(base);
    bases_[n] = log.base().term;
  }
  const auto checked_term = [&](Index i) { return i == base ? bases_[n] : checked[i]; };
  Index agreed = std::min(checked.last_index(), log.last_index());
  while (agreed > base && checked_term(agreed) != log.term_at(agreed)) --agreed;
  checked.truncate(agreed + 1);
  for (Index i = agreed + 1; i <= log.last_index(); ++i) {
    const Known mine{identity_of(log[i]), log.term_at(i - 1)};
    if (remember(i, mine) != mine) {
      report.fail("same index and term, different logs", {n},
                  fmt::format("entry {} of term {} on {} differs from another server's entry of "
                              "that index and term, or follows another entry",
                              i, mine.entry.term, to_text(n)));
    }
    checked.append(mine.entry.term);
  }
}

void LeaderCompleteness::after(const Servers<Server>& servers, NodeId n, const Server& s,
                               Report& report) {
  if (s.commit_index() > committed_.last_index()) {
    while (committed_.last_index() < s.commit_index()) {
      committed_.append(identity_of(s.log()[committed_.last_index() + 1]));
    }
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
  const Index last = committed_.last_index();
  if (last == 0 || leader.current_term() <= committed_in_) return;
  const Term term = committed_[last].term;
  if (leader.log().contains({last, term})) return;
  report.fail("a leader lacks a committed entry", {n},
              fmt::format("{} leads term {} without entry {} of term {}, which was committed in "
                          "term {}",
                          to_text(n), leader.current_term(), last, term, committed_in_));
}

void StateMachineSafety::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  Index& seen = seen_[n];
  if (s.last_applied() == seen) return;
  if (s.last_applied() < seen) seen = 0;        // restarted: it applies everything again
  seen = std::max(seen, s.log().base().index);  // which a snapshot stands for
  while (seen < s.last_applied()) {
    ++seen;
    const EntryIdentity mine = identity_of(s.log()[seen]);
    if (seen > applied_.last_index()) {
      applied_.append(mine);
    } else if (applied_[seen] != mine) {
      report.fail("two servers applied different entries at one index", {n},
                  fmt::format("{} applied an entry of term {} at index {}, where another server "
                              "applied one of term {}",
                              to_text(n), mine.term, seen, applied_[seen].term));
    }
  }
}

}  // namespace seedbed::raft
