#include "protocols/gossip/measures.h"

#include <string_view>

namespace seedbed::gossip {

namespace {

constexpr std::int64_t kOne = 1'000'000'000;

}  // namespace

void Epidemic::look(const World& world, NodeId touched) {
  if (!touched || touched.value > world.servers()) return;
  const ProcessBase* process = world.process(touched);
  if (process == nullptr) return;
  const auto& site = static_cast<const Gossiper&>(*process);
  State& state = states_[touched];
  const bool infective = !site.hot().empty();
  if (infective != state.infective) {
    state.infective = infective;
    infective_ += infective ? 1U : ~0U;
  }
  if (state.knows || site.items().empty()) return;
  state.knows = true;
  last_ = (world.now() - Time{}).count() / site.parameters().cycle.count();
  if (++known_ == 1) first_ = last_;
  sum_ += last_ - first_;
}

std::int64_t Residue::value_of(const Epidemic& epidemic, const World& world) {
  return kOne * (std::int64_t{world.servers()} - epidemic.known()) / world.servers();
}

std::int64_t Traffic::value_of(const Epidemic&, const World& world) {
  for (const auto& [name, count] : world.metrics()) {
    if (name != std::string_view("updates_sent")) continue;
    return static_cast<std::int64_t>(count) * kOne / world.servers();
  }
  return 0;
}

std::int64_t LastDelay::value_of(const Epidemic& epidemic, const World&) {
  return epidemic.last_delay() * kOne;
}

std::int64_t MeanDelay::value_of(const Epidemic& epidemic, const World&) {
  return epidemic.sum_of_delays() * kOne / epidemic.known();
}

void Rounds::look(const World& world, NodeId touched) {
  epidemic_.look(world, touched);
  if (epidemic_.known() == world.servers()) value_ = epidemic_.last_delay() * kOne;
}

}  // namespace seedbed::gossip
