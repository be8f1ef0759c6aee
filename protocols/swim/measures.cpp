#include "protocols/swim/measures.h"

#include <algorithm>

#include "protocols/swim/server.h"

namespace seedbed::swim {

namespace {

constexpr std::int64_t kOne = 1'000'000'000;  // numbers are in billionths

/// Null for clients, and who is down.
const Server* server_at(const World& world, NodeId n) {
  if (!n || n.value > world.servers()) return nullptr;
  return static_cast<const Server*>(world.process(n));
}

std::uint64_t metric(const World& world, std::string_view name) {
  for (const auto& [known, count] : world.metrics()) {
    if (known == name) return count;
  }
  return 0;
}

}  // namespace

template <State kState>
void FirstDetection<kState>::look(const World& world, NodeId touched) {
  see_crashes(world);
  const Server* server = server_at(world, touched);
  if (server == nullptr || crashes_.empty()) return;
  for (const Change& change : server->changes()) {
    if (change.after.state < kState) continue;
    for (Crash& crash : crashes_) {
      if (crash.node != change.member || crash.detected) continue;
      crash.detected = true;
      sum_ += world.now() - crash.at;
    }
  }
  const bool all = std::all_of(crashes_.begin(), crashes_.end(),
                               [](const Crash& crash) { return crash.detected; });
  if (all) value_ = sum_.count() / static_cast<std::int64_t>(crashes_.size());
}

template <State kState>
void FirstDetection<kState>::see_crashes(const World& world) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) {
    const RoleChange& change = changes[++seen_];
    if (change.role == "down") crashes_.push_back({change.node, change.at});
  }
}

template class FirstDetection<State::kSuspect>;
template class FirstDetection<State::kDead>;

void Load::end(const World& world) {
  const Server* any = server_at(world, {1});
  if (any == nullptr) return;
  const Duration period = any->parameters().period;
  const std::int64_t periods = (world.now() - Time{}).count() / period.count();
  if (periods == 0) return;
  const auto sent = static_cast<Int128>(world.messages().sent) * kOne;
  value_ = static_cast<std::int64_t>(sent / (Int128{world.servers()} * periods));
}

void FailedProbes::end(const World& world) {
  const std::uint64_t probes = metric(world, "probes");
  if (probes == 0) return;
  const auto failed = static_cast<Int128>(metric(world, "failed_probes")) * kOne;
  value_ = static_cast<std::int64_t>(failed / probes);
}

void FalsePositives::look(const World& world, NodeId touched) {
  sick_.resize(world.servers() + 1);
  const Server* server = server_at(world, touched);
  if (server == nullptr) return note_the_sick(world);
  for (const Change& change : server->changes()) {
    if (change.after.state == State::kDead) declared_.emplace_back(touched, change.member);
  }
}

/// After what chaos does. Cut off is whom no other server but those with it can hear.
void FalsePositives::note_the_sick(const World& world) {
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    std::uint32_t deaf = 0;
    for (std::uint32_t other = 1; other <= world.servers(); ++other) {
      deaf += world.network().is_cut({id}, {other}) ? 1U : 0U;
    }
    if (!world.is_up({id}) || world.is_paused({id}) || 2 * deaf > world.servers()) sick_[id] = true;
  }
}

/// Who turned out to be sick later was no healthy one either.
void FalsePositives::end(const World&) {
  value_ = kOne * std::count_if(declared_.begin(), declared_.end(), [this](const auto& pair) {
             return !sick_[pair.first.value] && !sick_[pair.second.value];
           });
}

}  // namespace seedbed::swim
