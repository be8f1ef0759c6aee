#include "protocols/chord/measures.h"

#include <algorithm>

namespace seedbed::chord {

namespace {

constexpr std::int64_t kOne = 1'000'000'000;
constexpr std::uint64_t kKeys = 1'000'000;

std::uint64_t count_of(const World& world, std::string_view metric) {
  for (const auto& [name, count] : world.metrics()) {
    if (name == metric) return count;
  }
  return 0;
}

std::int64_t share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<std::int64_t>(Uint128{part} * static_cast<std::uint64_t>(kOne) / whole);
}

const Node* node_of(const World& world, NodeId n) {
  if (!n || n.value > world.servers()) return nullptr;
  const ProcessBase* process = world.process(n);
  if (process == nullptr || &process->type() != &Node::kType) return nullptr;
  return static_cast<const Node*>(process);
}

}  // namespace

std::optional<std::int64_t> each_lookup(const World& world, std::string_view metric) {
  const std::uint64_t lookups = count_of(world, "lookups");
  if (lookups == 0) return std::nullopt;
  return share(count_of(world, metric), lookups);
}

void WrongLookups::look(const World& world, NodeId touched) {
  const Node* node = node_of(world, touched);
  if (node == nullptr || seen_[touched] == node->lookups_ended()) return;
  seen_[touched] = node->lookups_ended();
  const FoundedRing& ring = node->ring();
  std::uint32_t owner = ring.successor_of(node->last_ended().key);
  while (!world.is_up(ring.at(owner))) ++owner;
  ++lookups_;
  wrong_ += ring.at(owner) == node->last_ended().owner ? 0U : 1U;
}

void WrongLookups::end(const World& world) {
  const std::uint64_t lost = count_of(world, "lost_lookups");
  if (lookups_ + lost > 0) value_ = share(wrong_ + lost, lookups_ + lost);
}

template <std::uint32_t kPermille>
void Load<kPermille>::end(const World& world) {
  const Node* any = nullptr;
  for (std::uint32_t n = 1; n <= world.servers() && any == nullptr; ++n) {
    any = node_of(world, NodeId{n});
  }
  if (any == nullptr || any->ring().size() == 0) return;
  const FoundedRing& ring = any->ring();
  const std::uint32_t each = any->parameters().virtual_nodes;
  std::vector<std::uint64_t> load((ring.size() + each - 1) / each);
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const NodeId owner = ring.at(ring.successor_of(any->circle().hash(key)));
    ++load[(owner.value - 1) / each];
  }
  std::sort(load.begin(), load.end());
  const std::size_t rank = (load.size() * kPermille + 999) / 1000;  // nearest
  value_ = share(load[std::max<std::size_t>(rank, 1) - 1] * load.size(), kKeys);
}
template class Load<10>;
template class Load<990>;

}  // namespace seedbed::chord
