#include "protocols/synod/invariants.h"

#include <algorithm>

namespace seedbed::synod {

void Agreement::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  Slot& seen = seen_[n];
  seen = std::min(seen, r.chosen());  // a crash took back what it had learned
  while (seen < r.chosen()) {
    const Decree& mine = r.log()[++seen];
    if (seen > chosen_.last_index()) {
      chosen_.append(r.log(), seen);
    } else if (const Decree& first = chosen_[seen]; first != mine) {
      report.fail("two values were chosen for one slot", {n},
                  fmt::format("{} takes {} for chosen in slot {}, and another replica {}",
                              to_text(n), brief_text(mine), seen, brief_text(first)));
    }
  }
}

void Validity::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  const kv::Request& asked = r.last_asked();
  if (seen_[n] != asked.id) {
    seen_[n] = asked.id;
    asked_.try_emplace(asked.id, asked.command);
  }
  while (checked_ < r.chosen()) {
    const Decree& chosen = r.log()[++checked_];
    if (chosen.kind != DecreeKind::kCommand) continue;
    const auto found = asked_.find(chosen.request.id);
    if (found != asked_.end() && found->second == chosen.request.command) continue;
    report.fail("a value was chosen that nobody asked for", {n},
                fmt::format("{} takes {} for chosen in slot {}, which no client has asked for",
                            to_text(n), brief_text(chosen), checked_));
  }
}

void PromisesKept::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  if (seen_[n] != r.last_given()) {
    seen_[n] = r.last_given();
    const auto& [acceptor, slot, round] = r.last_given();
    Round& given = given_[{slot, acceptor}];
    given = std::max(given, round);
    while (given_.begin()->first.first + kRemembered < slot) given_.erase(given_.begin());
  }
  votes_.each(n, r, [&](const Ballot& vote) {
    const auto given = given_.find({vote.slot, n});
    if (given == given_.end() || vote.voted >= given->second) return;
    report.fail("an acceptor accepted below its promise", {n},
                fmt::format("{} accepted {} in slot {} and round {}, and had promised round {}",
                            to_text(n), brief_text(vote.decree), vote.slot, brief_text(vote.voted),
                            brief_text(given->second)));
  });
}

void OneValueARound::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  votes_.each(n, r, [&](const Ballot& vote) {
    if (vote.voted == kFast) return;
    const auto [first, is_new] = proposed_.try_emplace({vote.slot, vote.voted}, vote.decree);
    if (!is_new && first->second != vote.decree) {
      report.fail("two values in one round", {n},
                  fmt::format("{} accepted {} in slot {} and round {}, and another acceptor {}",
                              to_text(n), brief_text(vote.decree), vote.slot,
                              brief_text(vote.voted), brief_text(first->second)));
    }
    while (proposed_.begin()->first.first + kRemembered < vote.slot) {
      proposed_.erase(proposed_.begin());
    }
  });
}

ServerSet ChosenByAQuorum::members_of(Slot slot) const {
  auto last = configurations_.end() - 1;
  while (last->first > slot) --last;
  return last->members;
}

void ChosenByAQuorum::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  if (configurations_.empty()) configurations_ = {r.initial_configuration()};
  votes_.each(n, r, [&](const Ballot& vote) {
    if (vote.slot <= checked_) return;
    std::vector<Accepted>& of_slot = accepted_[vote.slot];
    auto found = std::find_if(of_slot.begin(), of_slot.end(), [&](const Accepted& a) {
      return a.round == vote.voted && a.decree == vote.decree;
    });
    if (found == of_slot.end()) found = of_slot.insert(found, {vote.voted, vote.decree, {}});
    found->by.insert(n);
  });
  while (checked_ < r.chosen()) {
    const Slot slot = ++checked_;
    bool chosen = false;
    std::size_t most = 0;
    for (const Accepted& a : accepted_[slot]) {
      const Quorums quorums = Quorums::of(members_of(slot));
      if (a.decree != r.log()[slot]) continue;
      const std::size_t votes = (a.by & members_of(slot)).size();
      chosen |= votes >= (a.round == kFast ? quorums.fast : quorums.classic);
      most = std::max(most, votes);
    }
    accepted_.erase(accepted_.begin(), accepted_.upper_bound(slot));
    const Decree& decree = r.log()[slot];
    if (decree.kind == DecreeKind::kMembers) {
      configurations_.push_back({slot + r.alpha(), ServerSet(decree.members)});
    }
    if (chosen) continue;
    report.fail("chosen without a quorum", {n},
                fmt::format("{} takes {} for chosen in slot {}, which {} "
                            "acceptors at the most have "
                            "accepted in one round: no quorum of that round",
                            to_text(n), brief_text(r.log()[slot]), slot, most));
  }
}

}  // namespace seedbed::synod
