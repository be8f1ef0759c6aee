#include "sim/world/network.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace seedbed {

Network::Network(const NetworkConfig& config, std::uint64_t seed, std::uint32_t servers)
    : config_(config),
      seed_(hash_of(seed, hash_text("network"))),
      servers_(servers),
      topology_(Topology::make(config.topology, servers, hash_of(seed, hash_text("topology")))),
      routed_(config.topology.routed()) {
  if (config.topology.kind == TopologyKind::kRegions) {
    const auto& places = config.topology.regions->places;
    for (std::size_t i = 0; i < places.size(); ++i) {
      place_of_.insert(place_of_.end(), places[i].nodes, static_cast<std::uint16_t>(i));
    }
    SEEDBED_ASSERT(place_of_.size() == servers, "{} servers, and places for {}", servers,
                   place_of_.size());
  }
  weather_changed();
}

void Network::weather_changed() {
  const bool steady =
      config_.loss || config_.corrupt || config_.reorder.chance || config_.duplicate;
  const bool alike = config_.links.empty() && place_of_.empty() && !routed_;
  const auto squeezes = [](const Overlay& o) { return o.kind == Overlay::Kind::kBandwidth; };
  even_ = !steady && alike && overlays_.empty() && config_.decisions == nullptr;
  whole_ = !routed_ && cuts_.empty();
  unlimited_ = config_.bandwidth == 0 && !config_.streams &&
               std::none_of(overlays_.begin(), overlays_.end(), squeezes);
  calm_ = even_ && whole_ && unlimited_;
}

bool Network::hits(const Overlay& overlay, const MessageKey& key, std::uint64_t name_hash) const {
  if (overlay.only != 0 && overlay.only != name_hash) return false;
  if (overlay.spares_clients && !(is_server(key.from) && is_server(key.to))) return false;
  const auto holds = [](const std::vector<bool>& nodes, NodeId n) {
    return n.value < nodes.size() && nodes[n.value];
  };
  if (!overlay.to.empty()) return holds(overlay.nodes, key.from) && holds(overlay.to, key.to);
  return holds(overlay.nodes, key.from) || holds(overlay.nodes, key.to);
}

template <class T>
const T& Network::setting(std::optional<T> LinkConfig::*own, const T& general, NodeId from,
                          NodeId to) const {
  for (auto link = config_.links.rbegin(); link != config_.links.rend(); ++link) {
    if (*link.*own && link->joins(from, to)) return *(*link.*own);
  }
  return general;
}

Fate Network::decide(const MessageKey& key, std::uint64_t name_hash) const {
  if (even_) return {.delay = latency(key)};
  const std::uint64_t message = draw(key);
  const auto of_link = [&](auto own, const auto& general) {
    return setting(own, general, key.from, key.to);
  };
  const auto happens = [&](Question question, Probability chance) {
    return chance && decide_chance(message, question, chance);
  };
  Fate fate;
  fate.delay = travel(answer(message, Question::kLatency), key.from, key.to);
  fate.lost = happens(Question::kLoss, loss_of(key));
  fate.corrupted = happens(Question::kCorrupt, of_link(&LinkConfig::corrupt, config_.corrupt));
  const Reorder reorder = of_link(&LinkConfig::reorder, config_.reorder);
  if (happens(Question::kReorder, reorder.chance)) fate.delay += reorder.by;
  fate.duplicated =
      happens(Question::kDuplicate, of_link(&LinkConfig::duplicate, config_.duplicate));
  for (const Overlay& overlay : overlays_) {
    if (hits(overlay, key, name_hash)) apply_overlay(overlay, fold(message, overlay.stream), fate);
  }
  if (fate.duplicated) {
    fate.duplicate_delay = travel(answer(message, Question::kSecondLatency), key.from, key.to);
  }
  if (config_.decisions != nullptr) apply_decisions(key, name_hash, fate);
  return fate;
}

void Network::apply_decisions(const MessageKey& key, std::uint64_t name_hash, Fate& fate) const {
  const std::vector<Decision>& all = *config_.decisions;
  const Duration usual = fate.delay;
  auto d = std::lower_bound(all.begin(), all.end(), key,
                            [](const Decision& a, const MessageKey& b) { return a.key < b; });
  for (; d != all.end() && d->key == key; ++d) {
    if (hash_text(d->message) != name_hash) continue;
    switch (d->kind) {
      case Decision::Kind::kLose: fate.lost = true; break;
      case Decision::Kind::kDelay: fate.delay = usual + d->by; break;
      case Decision::Kind::kDuplicate:
        fate.duplicated = true;
        fate.duplicate_delay = usual + d->by;
    }
  }
}

Probability Network::loss_of(const MessageKey& key) const {
  const Loss& loss = setting(&LinkConfig::loss, config_.loss, key.from, key.to);
  if (!loss.bursts) return loss.chance;
  const std::uint64_t link = std::uint64_t{key.from.value} << 32 | key.to.value;
  const bool bad = loss.bursts.bad_at(key.sent, hash_of(seed_, hash_text("bursts"), link));
  return bad ? loss.burst_chance : loss.chance;
}

bool Network::decide_chance(std::uint64_t message, Question question, Probability p) {
  return seedbed::decide(answer(message, question), p);
}

void Network::apply_overlay(const Overlay& overlay, std::uint64_t bits, Fate& fate) const {
  const bool happens = seedbed::decide(answer(bits, 0), overlay.chance);
  const std::uint64_t how_much = answer(bits, 1);
  switch (overlay.kind) {
    case Overlay::Kind::kLoss: fate.lost |= happens; break;
    case Overlay::Kind::kCorrupt: fate.corrupted |= happens; break;
    case Overlay::Kind::kBandwidth: break;  // no matter of one message: see rate_of
    case Overlay::Kind::kDuplicate: fate.duplicated |= happens; break;
    case Overlay::Kind::kReorder:
      if (happens) fate.delay += pick(how_much, overlay.by);
      break;
    case Overlay::Kind::kDelay: fate.delay += pick(how_much, overlay.by); break;
  }
}

Duration Network::travel(std::uint64_t bits, NodeId from, NodeId to) const {
  if (routed_ && is_server(from) && is_server(to)) return travel_far(bits, from, to);
  const Latency& own = setting(&LinkConfig::latency, config_.latency, from, to);
  if (place_of_.empty() || &own != &config_.latency) return own.draw(bits);
  const auto here = place_of(from), there = place_of(to);
  if (!here || !there) return own.draw(bits);
  const Regions& regions = *config_.topology.regions;
  const auto& between = regions.latency[*here * regions.places.size() + *there];
  if (!between) return own.draw(bits);
  return *between + (regions.jitter ? regions.jitter->draw(bits) : Duration{});
}

Duration Network::travel_far(std::uint64_t bits, NodeId from, NodeId to) const {
  Duration total = {};
  const std::uint32_t hops = std::max(1U, topology_.hops(from, to));  // none: it is cut
  NodeId at = from;
  for (std::uint32_t hop = 0; hop < hops; ++hop) {
    const std::uint64_t draw = hop == 0 ? bits : answer(bits, hop);
    if (config_.links.empty()) {
      total += config_.latency.draw(draw);
      continue;
    }
    const NodeId next = hop + 1 < hops ? topology_.next(at, to) : to;
    total += setting(&LinkConfig::latency, config_.latency, at, next).draw(draw);
    at = next;
  }
  return total;
}

std::optional<std::uint32_t> Network::place_of(NodeId n) const {
  if (n.value <= place_of_.size()) return place_of_[n.value - 1];
  if (is_server(n)) return std::nullopt;  // joined later: nobody said where
  return config_.topology.regions->clients;
}

std::uint64_t Network::rate_of(NodeId from) const {
  std::uint64_t rate = config_.bandwidth;
  for (const Overlay& o : overlays_) {
    const bool meant = from.value < o.nodes.size() && o.nodes[from.value];
    if (o.kind != Overlay::Kind::kBandwidth || !meant) continue;
    rate = rate == 0 ? o.rate : std::min(rate, o.rate);
  }
  return rate;
}

Duration Network::transmission(NodeId from, std::uint32_t bytes) const {
  const std::uint64_t rate = rate_of(from);
  if (rate == 0) return {};
  return Duration(static_cast<std::int64_t>(Uint128{bytes} * 8 * 1'000'000'000 / rate));
}

bool Network::overflows(NodeId from, Duration backlog, std::uint32_t bytes) const {
  const std::uint64_t rate = rate_of(from);
  if (config_.queue == 0 || rate == 0 || backlog <= Duration{} || config_.streams) return false;
  const Uint128 waiting =
      static_cast<Uint128>(backlog.count()) * rate / (Uint128{8} * 1'000'000'000);
  return waiting + bytes > config_.queue;
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
