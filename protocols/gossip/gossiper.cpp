#include "protocols/gossip/gossiper.h"

#include <algorithm>

#include "protocols/gossip/fault_points.h"

namespace seedbed::gossip {

void Gossiper::start(Context& ctx, const Recovered& durable) {
  const Parameters& p = *parameters_;
  if (!p.in_step) phase_ = ctx.rng().between({Duration{}, p.cycle - 1_ns});
  cycle_ = cycle_at(ctx.now());
  const SharedLog<Update> log = durable.log<Update>();
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    const Update& update = log[i];
    Item& item = items_[update.value];
    item.deliveries = update.dead ? item.deliveries : 1;
    item.stamp = update.stamp;
    item.dead = update.dead;
  }
  for (const auto& [value, item] : items_) checksum_ += checksum_of(value, item);
  if (p.pull) await_cycle(ctx);
  if (p.anti_entropy.count() > 0) {
    ctx.after(ctx.rng().between({Duration{}, p.anti_entropy}), NextResolution{});
  }
}

/// A server that the world began with, or one that has been heard of since.
NodeId Gossiper::partner(Context& ctx) {
  const PeerView peers = ctx.peers();
  const std::size_t all = peers.size() + newcomers_.size();
  if (all == 0) return kNobody;
  const std::uint64_t chosen = ctx.rng().below(all);
  return chosen < peers.size() ? peers[chosen] : newcomers_[chosen - peers.size()];
}

void Gossiper::meet(Context& ctx, NodeId node) {
  if (node.value <= ctx.initial_servers()) return;
  if (std::find(newcomers_.begin(), newcomers_.end(), node) == newcomers_.end()) {
    newcomers_.push_back(node);
  }
}

std::vector<Value> Gossiper::delivered() const {
  std::vector<Value> values;
  for (const auto& [value, item] : items_) {
    if (!item.dead) values.insert(values.end(), item.deliveries, value);
  }
  return values;
}

/// Its clients learn what became of an operation when it is on the disk.
void Gossiper::on(Context& ctx, const broadcast::Request& m) {
  broadcast::Reply reply{m.id, broadcast::Outcome::kDone, {}};
  switch (m.function) {
    case broadcast::Function::kBroadcast:
      if (!items_.contains(m.value)) accept(ctx, {m.value, ctx.wall(), false});
      break;
    case broadcast::Function::kRetract: reply.outcome = retract(ctx, m.value); break;
    case broadcast::Function::kRead: reply.values = delivered(); break;
  }
  ctx.send(m.id.client, std::move(reply));
}

/// Only what is known can be deleted: its death certificate takes its place.
broadcast::Outcome Gossiper::retract(Context& ctx, Value value) {
  const auto found = items_.find(value);
  if (found == items_.end()) return broadcast::Outcome::kRefused;
  if (!found->second.dead) accept(ctx, {value, ctx.wall(), true});
  return broadcast::Outcome::kDone;
}

void Gossiper::accept(Context& ctx, const Update& update) {
  learn(ctx, update);
  make_hot(ctx, update.value);
}

/// It has this update, or a later one of its value.
bool Gossiper::holds(const Update& update) const {
  const auto found = items_.find(update.value);
  return found != items_.end() && !found->second.dormant && !is_news(found->second, update);
}

/// Whether it was news.
bool Gossiper::learn(Context& ctx, const Update& update) {
  if (has_expired(ctx, update)) return false;
  const auto found = items_.find(update.value);
  if (found == items_.end()) {
    put(ctx, items_[update.value], update);
    return true;
  }
  Item& item = found->second;
  if (item.dormant && !update.dead) {
    if (awakens()) awaken(ctx, update.value, item);
    return false;
  }
  if (!is_news(item, update)) return false;
  if (!item.dormant) checksum_ -= checksum_of(update.value, item);
  put(ctx, item, update);
  return true;
}

void Gossiper::put(Context& ctx, Item& item, const Update& update) {
  if (!update.dead) {
    ++item.deliveries;
    ++deliveries_;
  }
  item.stamp = update.stamp;
  item.dead = update.dead;
  item.dormant = false;
  if (parameters_->durable) ctx.append(update);
  if (update.dead && !keeps_certificates()) {
    items_.erase(items_.find(update.value));
    return;
  }
  checksum_ += checksum_of(update.value, item);
}

// --- death certificates (section 2)

/// Section 2.2: with a new activation time, so that it lives as long as one that was just made.
void Gossiper::awaken(Context& ctx, Value value, Item& item) {
  ctx.count("certificates_awakened");
  put(ctx, item, {value, ctx.wall(), true});
  make_hot(ctx, value);
}

bool Gossiper::has_expired(Context& ctx, const Update& update) const {
  return update.dead && ctx.wall() - update.stamp > parameters_->certificate_life;
}

/// Its retention sites are those that its value's hash names.
bool Gossiper::retains(Context& ctx, Value value) const {
  for (std::uint64_t i = 0; i < parameters_->retention_sites; ++i) {
    if (scale(hash_of(value, i), ctx.initial_servers()) + 1 == ctx.self().value) return true;
  }
  return false;
}

void Gossiper::expire(Context& ctx) {
  items_.erase_if([&](auto& entry) {
    auto& [value, item] = entry;
    if (!item.dead) return false;
    const Duration age = ctx.wall() - item.stamp;
    if (age <= parameters_->certificate_life) return false;
    if (!item.dormant) checksum_ -= checksum_of(value, item);
    item.dormant = true;
    return !retains(ctx, value) || age - parameters_->certificate_life > parameters_->dormant_life;
  });
}

}  // namespace seedbed::gossip
