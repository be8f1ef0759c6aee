#include "protocols/swim/invariants.h"

#include <algorithm>

namespace seedbed::swim {

void OwnIncarnations::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  announced_[n] = std::max(announced_[n], s.incarnation());
  for (const Change& change : s.changes()) {
    if (change.after.incarnation <= announced_[change.member]) continue;
    report.fail("a member is known in an incarnation that it never had", {n, change.member},
                fmt::format("{} holds {} for {} in incarnation {}, which had no higher one than {}",
                            to_text(n), to_text(change.member), name_of(change.after.state),
                            change.after.incarnation, announced_[change.member]));
  }
}

void NoResurrection::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  for (const Change& change : s.changes()) {
    const auto& [member, before, after, heard_of, own] = change;
    const bool revived = before.state == State::kDead && after.state != State::kDead;
    if (!revived || after.incarnation > before.incarnation) continue;
    report.fail("who was dead is a member again", {n, member},
                fmt::format("{} takes {} for {} in incarnation {}, which it had declared dead in "
                            "incarnation {}",
                            to_text(n), to_text(member), name_of(after.state), after.incarnation,
                            before.incarnation));
  }
}

void Refutation::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  report.fail("a member does not refute what it is accused of", {n},
              fmt::format("{} was accused in incarnation {}, and goes on in {}", to_text(n),
                          s.accused_below() - 1, s.incarnation()));
}

void SuspectedFirst::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  for (const Change& change : s.changes()) {
    const bool at_once =
        change.own && change.before.state == State::kAlive && change.after.state == State::kDead;
    if (!at_once) continue;
    report.fail("declared dead without a suspicion", {n, change.member},
                fmt::format("{} declares {} dead, which it did not suspect", to_text(n),
                            to_text(change.member)));
  }
}

void SuspicionsExpire::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  // The longest one by how large the group may be; and a period that was under way at each end.
  const Duration longest = longest_suspicion(s.parameters(), s.most());
  const std::int64_t periods = longest.count() / s.parameters().period.count() + 2;
  for (const auto& [member, suspicion] : s.suspicions()) {
    const std::uint64_t age = s.periods() - suspicion.since_period;
    if (age <= static_cast<std::uint64_t>(periods)) continue;
    report.fail("a suspicion does not end", {n, NodeId{member}},
                fmt::format("{} has suspected {} for {} periods, and {} is the longest", to_text(n),
                            to_text(NodeId{member}), age, periods));
  }
}

void RoundRobin::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  Probes& probes = probes_[n];
  if (probes.life != servers.incarnation(n)) probes = {.life = servers.incarnation(n)};
  for (const Change& change : s.changes()) probes.last[change.member.value] = 0;
  if (!s.pinged()) return;
  ++probes.count;
  std::uint64_t& last = probes.last[s.pinged().value];
  // First in one round and last in the next, and all others were members.
  const std::uint64_t most = 2 * (std::uint64_t{s.most()} - 1) - 1;
  if (last != 0 && probes.count - last > most) {
    report.fail("a member was not probed for two rounds", {n, s.pinged()},
                fmt::format("{} probed {} after {} probes of others, and {} servers are all",
                            to_text(n), to_text(s.pinged()), probes.count - last - 1, s.most()));
  }
  last = probes.count;
}

void RetransmissionBound::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  const std::uint32_t limit = retransmit_limit(s.parameters(), s.most());
  if (s.gossip().most_sent() <= limit) return;
  report.fail("news is told without end", {n},
              fmt::format("{} has sent a piece of news {} times, and {} is the most", to_text(n),
                          s.gossip().most_sent(), limit));
}

}  // namespace seedbed::swim
