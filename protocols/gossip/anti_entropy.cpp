// Anti-entropy: Demers et al. 1987, section 1.3. Two sites first exchange what is recent; only if
// their checksums differ after that they compare all that they have. What comes to light is news,
// and spread as a rumour again (section 1.5).
#include "protocols/gossip/gossiper.h"

namespace seedbed::gossip {

void Gossiper::on(Context& ctx, const NextResolution&) {
  ctx.after(parameters_->anti_entropy, NextResolution{});
  expire(ctx);
  const NodeId other = partner(ctx);
  if (other) ctx.send(other, Recent{recent(ctx)});
}

/// By their stamps, of whatever clock: a wrong one costs a comparison, and no update.
std::vector<Update> Gossiper::recent(Context& ctx) const {
  std::vector<Update> updates;
  if (parameters_->recent.count() == 0) return updates;
  for (const auto& [value, item] : items_) {
    if (!item.dormant && ctx.wall() - item.stamp < parameters_->recent) {
      updates.push_back({value, item.stamp, item.dead});
    }
  }
  return updates;
}

void Gossiper::learn_all(Context& ctx, const std::vector<Update>& updates) {
  for (const Update& update : updates) {
    if (learn(ctx, update)) make_hot(ctx, update.value);
  }
}

void Gossiper::on(Context& ctx, const Envelope& from, const Recent& m) {
  meet(ctx, from.from.node);
  expire(ctx);
  std::vector<Update> mine = recent(ctx);
  learn_all(ctx, m.updates);
  ctx.reply(from, RecentToo{std::move(mine), checksum_});
}

void Gossiper::on(Context& ctx, const Envelope& from, const RecentToo& m) {
  learn_all(ctx, m.updates);
  if (checksum_ == m.checksum) return;
  ctx.count("full_comparisons");
  Everything all{{}, true};
  for (const auto& [value, item] : items_) {
    if (!item.dormant) all.updates.push_back({value, item.stamp, item.dead});
  }
  ctx.reply(from, std::move(all));
}

void Gossiper::on(Context& ctx, const Envelope& from, const Everything& m) {
  FlatMap<Value, Item> theirs;
  for (const Update& u : m.updates) theirs[u.value] = {.stamp = u.stamp, .dead = u.dead};
  learn_all(ctx, m.updates);
  if (!m.wants_difference) return;
  Everything difference;
  for (const auto& [value, item] : items_) {
    const Update mine{value, item.stamp, item.dead};
    const auto known = theirs.find(value);
    if (!item.dormant && (known == theirs.end() || is_news(known->second, mine))) {
      difference.updates.push_back(mine);
    }
  }
  if (!difference.updates.empty()) ctx.reply(from, std::move(difference));
}

}  // namespace seedbed::gossip
