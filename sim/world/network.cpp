#include "sim/world/network.h"

#include <algorithm>

namespace seedbed {

namespace {

/// The questions that are decided about a message; each has a draw of its own.
enum Question : std::uint64_t {
  kLatency,
  kLoss,
  kDuplicate,
  kReorder,
  kSecondLatency,
  kCorrupt,
  kTie,
};

std::uint64_t answer(std::uint64_t message, std::uint64_t question) {
  return scramble(message + (question + 1) * kGolden);
}

}  // namespace

Network::Network(const NetworkConfig& config, std::uint64_t seed, std::uint32_t servers)
    : config_(config),
      seed_(hash_of(seed, hash_text("network"))),
      servers_(servers),
      topology_(Topology::make(config.topology, servers, hash_of(seed, hash_text("topology")))),
      routed_(config.topology.kind != TopologyKind::kComplete) {}

bool Network::hits(const Overlay& overlay, const MessageKey& key, std::uint64_t name_hash) const {
  if (overlay.only != 0 && overlay.only != name_hash) return false;
  if (overlay.spares_clients && !(is_server(key.from) && is_server(key.to))) return false;
  const auto holds = [&](NodeId n) {
    return n.value < overlay.nodes.size() && overlay.nodes[n.value];
  };
  return holds(key.from) || holds(key.to);
}

Fate Network::decide(const MessageKey& key, std::uint64_t name_hash) const {
  const std::uint64_t link = std::uint64_t{key.from.value} << 32 | key.to.value;
  const std::uint64_t message = scramble(
      fold(fold(seed_ + link, static_cast<std::uint64_t>(key.sent.count())), key.nth + kGolden));
  Fate fate;
  fate.tie = static_cast<std::uint32_t>(answer(message, kTie));
  fate.delay = travel(answer(message, kLatency), key.from, key.to);
  if (config_.loss) fate.lost = decide_chance(message, kLoss, config_.loss);
  if (config_.corrupt) fate.lost |= decide_chance(message, kCorrupt, config_.corrupt);
  if (config_.reorder.chance && decide_chance(message, kReorder, config_.reorder.chance)) {
    fate.delay += config_.reorder.by;
  }
  if (config_.duplicate) fate.duplicated = decide_chance(message, kDuplicate, config_.duplicate);
  for (const Overlay& overlay : overlays_) {
    if (hits(overlay, key, name_hash)) apply_overlay(overlay, fold(message, overlay.stream), fate);
  }
  if (fate.duplicated) {
    fate.duplicate_delay = travel(answer(message, kSecondLatency), key.from, key.to);
  }
  return fate;
}

bool Network::decide_chance(std::uint64_t message, std::uint64_t question, Probability p) {
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

Duration Network::travel(std::uint64_t bits, NodeId from, NodeId to) const {
  Duration total = config_.latency.draw(bits);
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
  // On a routed network a cut removes edges, and only a lost route cuts servers off.
  if (routed_ && is_server(from) && is_server(to)) return false;
  return std::any_of(cuts_.begin(), cuts_.end(),
                     [&](const Cut& cut) { return cut.blocks(from, to); });
}

bool Network::is_unreachable(NodeId from, NodeId to) const {
  return is_server(from) && is_server(to) && topology_.hops(from, to) == 0;
}

std::uint32_t Network::add_cut(Cut cut) {
  cut.id = ++last_id_;
  cuts_.push_back(std::move(cut));
  reroute();
  return last_id_;
}

std::uint32_t Network::add_overlay(Overlay overlay) {
  overlay.id = ++last_id_;
  overlays_.push_back(std::move(overlay));
  return last_id_;
}

void Network::remove(std::uint32_t id) {
  std::erase_if(overlays_, [&](const Overlay& overlay) { return overlay.id == id; });
  if (std::erase_if(cuts_, [&](const Cut& cut) { return cut.id == id; }) != 0) reroute();
}

void Network::reroute() {
  if (!routed_) return;
  topology_.cut([this](NodeId from, NodeId to) {
    return std::any_of(cuts_.begin(), cuts_.end(),
                       [&](const Cut& cut) { return cut.blocks(from, to); });
  });
}

}  // namespace seedbed
