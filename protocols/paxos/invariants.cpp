#include "protocols/paxos/invariants.h"

#include <algorithm>

namespace seedbed::paxos {

void Agreement::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  Slot& seen = seen_[n];
  if (r.chosen() < seen) seen = 0;  // restarted: it learns again
  seen = std::max(seen, r.log().first_index() - 1);
  while (seen < r.chosen() && seen <= chosen_.last_index()) {
    const Proposal& mine = r.log()[++seen];
    if (seen > chosen_.last_index()) {
      chosen_.append(r.log(), seen);
    } else if (const Proposal& first = chosen_[seen]; first.decree != mine.decree) {
      report.fail("two decrees were chosen for one slot", {n},
                  fmt::format("{} takes {} for chosen, and another replica {}", to_text(n),
                              brief_text(mine), brief_text(first)));
    }
  }
  seen = std::max(seen, r.chosen());
}

void Validity::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  const kv::Request& asked = r.last_asked();
  if (seen_[n] != asked.id) {
    seen_[n] = asked.id;
    asked_.try_emplace(asked.id, asked.command);
  }
  checked_ = std::max(checked_, std::min(r.chosen(), r.log().first_index() - 1));
  while (checked_ < r.chosen()) {
    const Proposal& chosen = r.log()[++checked_];
    if (chosen.decree.kind != DecreeKind::kCommand) continue;
    const auto found = asked_.find(chosen.decree.request.id);
    if (found != asked_.end() && found->second == chosen.decree.request.command) continue;
    report.fail("a decree was chosen that nobody asked for", {n},
                fmt::format("{} takes {} for chosen, which no client has asked for", to_text(n),
                            brief_text(chosen)));
  }
}

void PromisesKept::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  const bool restarted = r.promised() < seen_[n].promised;
  seen_[n] = {r.promised(), r.ballot(), r.promises()};
  for (const NodeId acceptor : r.promises()) {
    given_[acceptor] = std::max(given_[acceptor], r.ballot());
  }
  const Ballot given = given_[n];
  if (restarted && r.has_vote() && r.promised() < given) {
    report.fail("an acceptor forgot its promise", {n},
                fmt::format("{} knows of a promise to {}, and {} has its promise to {}", to_text(n),
                            brief_text(r.promised()), to_text(given.node), brief_text(given)));
  }
  const Ballot promised = std::max(given, r.promised());
  accepted_.each(n, r, [&](const Proposal& accepted) {
    if (accepted.ballot >= promised) return;
    report.fail("an acceptor accepted below its promise", {n},
                fmt::format("{} accepted {} after it had promised {}", to_text(n),
                            brief_text(accepted), brief_text(promised)));
  });
}

void OneDecreeABallot::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  accepted_.each(n, r, [&](const Proposal& mine) {
    const auto [first, is_new] = proposed_.try_emplace({mine.slot, mine.ballot}, mine.decree);
    if (!is_new && first->second != mine.decree) {
      report.fail("two decrees in one ballot and slot", {n},
                  fmt::format("{} accepted {}, and another acceptor something else of that slot "
                              "and ballot",
                              to_text(n), brief_text(mine)));
    }
    while (proposed_.begin()->first.first + kRemembered < mine.slot) {
      proposed_.erase(proposed_.begin());
    }
  });
}

ServerSet ChosenByAQuorum::members_of(Slot slot) const {
  auto last = configurations_.end() - 1;
  while (last->first > slot) --last;
  return last->members;
}

/// Slots that only a snapshot tells of are not looked at: who made it has been.
void ChosenByAQuorum::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  if (configurations_.empty()) configurations_ = {r.configurations().front()};
  accepted_.each(n, r, [&](const Proposal& mine) {
    if (mine.slot > checked_) accepted_by_[{mine.slot, mine.ballot}].insert(n);
  });
  while (checked_ < r.chosen()) {
    ++checked_;
    std::size_t most = 0;
    const ServerSet members = members_of(checked_);
    const auto size = static_cast<std::uint32_t>(members.size());
    const Quorums quorums = Quorums::of(r.parameters(), size);
    if (checked_ >= r.log().first_index()) {
      const Decree& decree = r.log()[checked_].decree;
      if (decree.kind == DecreeKind::kMembers) {
        configurations_.push_back({checked_ + r.parameters().alpha, paxos::members_of(decree)});
      }
    }
    while (!accepted_by_.empty() && accepted_by_.begin()->first.first <= checked_) {
      most = std::max(most, (accepted_by_.begin()->second & members).size());
      accepted_by_.erase(accepted_by_.begin());
    }
    if (most + quorums.phase1 > members.size()) continue;
    report.fail("chosen without a quorum", {n},
                fmt::format("{} takes slot {} for decided, which {} of {} acceptors have accepted "
                            "in any one ballot: a phase 1 quorum of {} can miss them all",
                            to_text(n), checked_, most, members.size(), quorums.phase1));
  }
}

}  // namespace seedbed::paxos
