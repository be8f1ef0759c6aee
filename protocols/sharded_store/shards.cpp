// A shard changes hands.
#include "protocols/sharded_store/fault_points.h"
#include "protocols/sharded_store/placement.h"
#include "protocols/sharded_store/server.h"

namespace seedbed::sharded_store {

/// On the disk before anything else that follows from it.
void Server::adopt(Context& ctx, const Configuration& configuration) {
  if (saves_configuration()) ctx.save(configuration);
  know(configuration);
  give_what_is_anothers(ctx);
}

/// Whoever hears of a configuration for the first time has what it owned in the first of them, in
/// which the members were the servers that the run began with, and nothing had been written.
void Server::know(const Configuration& configuration) {
  if (configuration_.epoch == 0) {
    Configuration first{1, configuration.salt, {}};
    for (std::uint32_t id = 1; id <= initial_servers_; ++id) first.members.push_back(id);
    const std::vector<NodeId> owners = place(parameters_, first);
    for (Shard s = 0; s < parameters_.shards; ++s) {
      if (owners[s] == self_) holdings_[s].since = 1;
    }
    ++changes_;
  }
  configuration_ = configuration;
  owners_ = place(parameters_, configuration_);
}

/// The last move of the shard to here or away from here.
Epoch Server::last_epoch_of(Shard shard) const {
  const auto held = holdings_.find(shard);
  if (held != holdings_.end()) return std::max(held->second.since, held->second.giving_since);
  const auto given = given_.find(shard);
  return given == given_.end() ? 0 : given->second;
}

void Server::give_what_is_anothers(Context& ctx) {
  std::vector<Shard> gone;
  for (auto& [shard, holding] : holdings_) {
    const bool stays = owners_[shard] == self_ || configuration_.epoch <= holding.since;
    if (!stays && !holding.is_giving()) give(ctx, shard, holding);
    if (holding.is_giving() && forgets_before_answer()) gone.push_back(shard);
  }
  for (const Shard shard : gone) {
    given_[shard] = configuration_.epoch;
    holdings_.erase(holdings_.find(shard));
  }
}

/// Nobody is answered for it from now on. The Move waits for the disk.
void Server::give(Context& ctx, Shard shard, Holding& holding) {
  holding.giving_since = configuration_.epoch;
  holding.to = owners_[shard];
  holding.beats = 0;
  ++changes_;
  ctx.count("moves");
  write(ctx, Entry{.kind = EntryKind::kGiving,
                   .shard = shard,
                   .epoch = holding.giving_since,
                   .to = holding.to});
  if (ctx.maybe(fault_points::kNoFirstMove)) return;
  send_move(ctx, shard, holding);
  if (ctx.maybe(fault_points::kMoveTwice)) send_move(ctx, shard, holding);
}

void Server::send_move(Context& ctx, Shard shard, const Holding& holding) {
  ctx.send(holding.to, Move{shard, holding.giving_since, image_of(holding.store)});
}

void Server::on(Context& ctx, const Envelope&, const Configure& m) {
  if (m.configuration.epoch > configuration_.epoch) adopt(ctx, m.configuration);
}

/// Who does not know what it held at first waits until it does. A shard that comes back before the
/// answer to its going away is that answer.
void Server::on(Context& ctx, const Envelope& from, const Move& m) {
  if (configuration_.epoch == 0) return;
  if (!is_late(m.epoch, last_epoch_of(m.shard))) {
    holdings_[m.shard] = Holding{.since = m.epoch, .store = kv::Store(m.image)};
    ++changes_;
    write(ctx,
          Entry{.kind = EntryKind::kTaken, .shard = m.shard, .epoch = m.epoch, .image = m.image});
  }
  ctx.reply(from, Moved{m.shard, m.epoch});
  give_what_is_anothers(ctx);
}

void Server::on(Context& ctx, const Envelope&, const Moved& m) {
  const auto held = holdings_.find(m.shard);
  if (held == holdings_.end() || held->second.giving_since != m.epoch) return;
  given_[m.shard] = m.epoch;
  holdings_.erase(held);
  ++changes_;
  write(ctx, Entry{.kind = EntryKind::kGiven, .shard = m.shard, .epoch = m.epoch});
}

}  // namespace seedbed::sharded_store
