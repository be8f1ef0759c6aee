#include "protocols/sharded_store/invariants.h"

#include "sim/base/text.h"

namespace seedbed::sharded_store {

void OneConfiguration::after(const Servers<Server>& servers, NodeId n, const Server& s,
                             Report& report) {
  const Seen now{servers.incarnation(n), s.configuration().epoch};
  if (n == kCoordinator || std::exchange(seen_[n], now) == now || now.epoch == 0) return;
  const auto known = known_.try_emplace(now.epoch, s.configuration()).first;
  if (known->second == s.configuration()) return;
  report.fail("two configurations of an epoch", {n},
              fmt::format("{} has a configuration of epoch {} that is not the one of others",
                          to_text(n), now.epoch));
}

void OneOwner::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  if (!changes_.any(servers, n, s)) return;
  Held now{servers.incarnation(n), {}};
  for (const auto& [shard, holding] : s.holdings()) {
    if (!holding.is_giving()) now.stays[shard] = holding.since;
    if (!s.serves(shard)) continue;
    NodeId& owner = owner_[shard];
    const Server* other = owner && owner != n ? servers[owner] : nullptr;
    if (other != nullptr && other->serves(shard)) {
      report.fail("two owners of a shard", {owner, n},
                  fmt::format("{} answers for shard {} since epoch {}, and so does {}", to_text(n),
                              shard, holding.since, to_text(owner)));
    }
    owner = n;
  }
  given_twice(n, held_[n], now, report);
  held_[n] = std::move(now);
}

void OneOwner::given_twice(NodeId n, const Held& before, const Held& now, Report& report) const {
  if (before.incarnation != now.incarnation) return;
  for (const auto& [shard, since] : now.stays) {
    const auto known = before.stays.find(shard);
    if (known == before.stays.end() || known->second == since) continue;
    report.fail("a shard is given to its owner", {n},
                fmt::format("{} has shard {} since epoch {}, and was given it once more, in {}",
                            to_text(n), shard, known->second, since));
  }
}

void MovedWhole::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  if (!changes_.any(servers, n, s)) return;
  for (const auto& [shard, holding] : s.holdings()) {
    const auto given = moves_.find({shard, holding.since});
    if (given != moves_.end() && !given->second.taken) {
      compare(n, shard, holding, given->second.images, report);
      given->second = {true, {}};
    }
    if (!holding.is_giving()) continue;
    Given& move = moves_[{shard, holding.giving_since}];
    Image image = holding.store.image();
    const bool known =
        std::find(move.images.begin(), move.images.end(), image) != move.images.end();
    if (!move.taken && !known) move.images.push_back(std::move(image));
  }
}

void MovedWhole::compare(NodeId n, Shard shard, const Holding& taken,
                         const std::vector<Image>& given, Report& report) {
  const Image image = taken.store.image();
  if (std::find(given.begin(), given.end(), image) != given.end()) return;
  report.fail("a shard lost something on its way", {n},
              fmt::format("{} took shard {} in epoch {} with {} records; {} were given, or others",
                          to_text(n), shard, taken.since, image.size(), given.back().size()));
}

void ShardKept::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  if (!changes_.any(servers, n, s)) return;
  Held now{servers.incarnation(n), {}};
  for (const auto& [shard, holding] : s.holdings()) {
    now.since[shard] = holding.since;
    Epoch& taken = taken_[shard];
    taken = std::max(taken, holding.since);
  }
  Held& before = held_[n];
  if (before.incarnation == now.incarnation) {
    for (const auto& [shard, since] : before.since) {
      if (now.since.contains(shard) || taken_[shard] > since) continue;
      report.fail("a shard is gone", {n},
                  fmt::format("{} has forgotten shard {}, which nobody has taken since epoch {}",
                              to_text(n), shard, since));
    }
  }
  before = std::move(now);
}

void Settled::at_end(const Servers<Server>& servers, Report& report) {
  for (std::uint32_t id = 1; id <= servers.count(); ++id) {
    if (servers.incarnation({id}) > 0 && servers[{id}] == nullptr) return;
  }
  const std::vector<NodeId>& owners = servers[kCoordinator]->owners();
  for (Shard shard = 0; shard < owners.size(); ++shard) {
    const Server* owner = servers[owners[shard]];
    if (owner != nullptr && owner->serves(shard)) continue;
    report.fail("a shard never arrived", {owners[shard]},
                fmt::format("shard {} belongs to {}, which does not answer for it", shard,
                            to_text(owners[shard])));
    return;
  }
}

}  // namespace seedbed::sharded_store
