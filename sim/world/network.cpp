#include "sim/world/network.h"

#include <algorithm>

namespace seedbed {

Network::Network(const NetworkConfig& config, std::uint64_t seed, std::uint32_t servers)
    : config_(config),
      seed_(hash_of(seed, hash_text("network"))),
      servers_(servers),
      topology_(Topology::make(config.topology, servers, hash_of(seed, hash_text("topology")))),
      routed_(config.topology.kind != TopologyKind::kComplete) {
  weather_changed();
}

void Network::weather_changed() {
  const bool steady =
      config_.loss || config_.corrupt || config_.reorder.chance || config_.duplicate;
  calm_ = !steady && !routed_ && overlays_.empty();
  whole_ = !routed_ && cuts_.empty();
}

bool Network::hits(const Overlay& overlay, const MessageKey& key, std::uint64_t name_hash) const {
  if (overlay.only != 0 && overlay.only != name_hash) return false;
  if (overlay.spares_clients && !(is_server(key.from) && is_server(key.to))) return false;
  const auto holds = [&](NodeId n) {
    return n.value < overlay.nodes.size() && overlay.nodes[n.value];
  };
  return holds(key.from) || holds(key.to);
}

Fate Network::decide(const MessageKey& key, std::uint64_t name_hash) const {
  const std::uint64_t message = draw(key);
  Fate fate{.delay = config_.latency.draw(answer(message, Question::kLatency))};
  if (calm_) return fate;
  fate.delay += other_hops(answer(message, Question::kLatency), key.from, key.to);
  if (config_.loss) fate.lost = decide_chance(message, Question::kLoss, config_.loss);
  if (config_.corrupt) fate.lost |= decide_chance(message, Question::kCorrupt, config_.corrupt);
  if (config_.reorder.chance &&
      decide_chance(message, Question::kReorder, config_.reorder.chance)) {
    fate.delay += config_.reorder.by;
  }
  if (config_.duplicate) {
    fate.duplicated = decide_chance(message, Question::kDuplicate, config_.duplicate);
  }
  for (const Overlay& overlay : overlays_) {
    if (hits(overlay, key, name_hash)) apply_overlay(overlay, fold(message, overlay.stream), fate);
  }
  if (fate.duplicated) {
    const std::uint64_t bits = answer(message, Question::kSecondLatency);
    fate.duplicate_delay = config_.latency.draw(bits) + other_hops(bits, key.from, key.to);
  }
  return fate;
}

bool Network::decide_chance(std::uint64_t message, Question question, Probability p) {
  return seedbed::decide(answer(message, question), p);
}

void Network::apply_overlay(const Overlay& overlay, std::uint64_t bits, Fate& fate) const {
  const bool happens = seedbed::decide(answer(bits, 0), overlay.chance);
  const std::uint64_t how_much = answer(bits, 1);
  switch (overlay.kind) {
    case Overlay::Kind::kLoss: fate.lost |= happens; break;
    case Overlay::Kind::kDuplicate: fate.duplicated |= happens; break;
    case Overlay::Kind::kReorder:
      if (happens) fate.delay += pick(how_much, overlay.by);
      break;
    case Overlay::Kind::kDelay: fate.delay += pick(how_much, overlay.by); break;
  }
}

Duration Network::other_hops(std::uint64_t bits, NodeId from, NodeId to) const {
  Duration total;
  if (!routed_ || !is_server(from) || !is_server(to)) return total;
  for (std::uint32_t hop = 1; hop < topology_.hops(from, to); ++hop) {
    total += config_.latency.draw(answer(bits, hop));
  }
  return total;
}

Duration Network::transmission(std::uint32_t bytes) const {
  if (config_.bandwidth == 0) return {};
  return Duration(
      static_cast<std::int64_t>(Uint128{bytes} * 8 * 1'000'000'000 / config_.bandwidth));
}

bool Network::is_cut_now(NodeId from, NodeId to) const {
  if (from == to) return false;
  // On a routed network a cut removes edges, and only a lost route cuts servers off.
  if (routed_ && is_server(from) && is_server(to)) return topology_.hops(from, to) == 0;
  return std::any_of(cuts_.begin(), cuts_.end(),
                     [&](const Cut& cut) { return cut.blocks(from, to); });
}

std::uint32_t Network::add_cut(Cut cut) {
  cut.id = ++last_id_;
  cuts_.push_back(std::move(cut));
  weather_changed();
  reroute();
  return last_id_;
}

std::uint32_t Network::add_overlay(Overlay overlay) {
  overlay.id = ++last_id_;
  overlays_.push_back(std::move(overlay));
  weather_changed();
  return last_id_;
}

void Network::remove(std::uint32_t id) {
  std::erase_if(overlays_, [&](const Overlay& overlay) { return overlay.id == id; });
  const auto healed = std::erase_if(cuts_, [&](const Cut& cut) { return cut.id == id; });
  weather_changed();
  if (healed != 0) reroute();
}

void Network::reroute() {
  if (!routed_) return;
  topology_.cut([this](NodeId from, NodeId to) {
    return std::any_of(cuts_.begin(), cuts_.end(),
                       [&](const Cut& cut) { return cut.blocks(from, to); });
  });
}

}  // namespace seedbed
