// What neither a value nor an announcement brought: both were lost, or the overlay has parted and
// does not know it. The papers leave this to the application; it is anti-entropy as in Demers et
// al. 1987, section 1.3, between any two nodes that know of each other.
#include "protocols/plumtree/peer.h"

namespace seedbed::plumtree {

void Peer::on(Context& ctx, const NextRecovery&) {
  ctx.after(parameters_->recovery, NextRecovery{});
  const bool beyond = ctx.rng().below(2) == 0 || views_.passive().empty();
  const NodeId other = beyond ? contact(ctx) : views_.random_passive(ctx.rng());
  if (other) ctx.send(other, Summary{checksum_});
}

void Peer::on(Context& ctx, const Envelope& from, const Summary& m) {
  if (m.checksum == checksum_) return;
  ctx.count("comparisons");
  Inventory mine{{}, true};
  for (const auto& [value, received] : received_) mine.values.push_back(value);
  ctx.reply(from, std::move(mine));
}

void Peer::on(Context& ctx, const Envelope& from, const Inventory& m) {
  Wanted wanted;
  for (const Value value : m.values) {
    if (!received_.contains(value)) wanted.values.push_back(value);
  }
  if (!wanted.values.empty()) ctx.reply(from, std::move(wanted));
  if (!m.asks_back) return;
  Inventory mine;
  for (const auto& [value, received] : received_) mine.values.push_back(value);
  ctx.reply(from, std::move(mine));
}

void Peer::on(Context& ctx, const Envelope& from, const Wanted& m) {
  for (const Value value : m.values) {
    const auto found = received_.find(value);
    if (found == received_.end()) continue;
    ctx.count("values_sent");
    ctx.reply(from, Gossip{value, found->second.round + 1});
  }
}

}  // namespace seedbed::plumtree
