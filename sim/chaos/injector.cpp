#include "sim/chaos/injector.h"

#include <algorithm>

namespace seedbed {

Injector::Injector(std::shared_ptr<const ChaosPlan> plan, std::uint64_t seed)
    : plan_(std::move(plan)),
      seed_(hash_of(seed, hash_text("chaos"))),
      firings_(plan_->size(), 0),
      effective_(plan_->size(), false) {}

void Injector::start(World& world) {
  for (std::size_t i = 0; i < plan_->size(); ++i) schedule_next(world, i);
}

/// The stream of an entry's k-th firing.
static Rng stream_of(std::uint64_t seed, const ChaosEntry& entry, std::uint32_t firing) {
  return Rng(hash_of(seed, entry.stream, firing));
}

void Injector::schedule_next(World& world, std::size_t index) {
  const ChaosEntry& entry = (*plan_)[index];
  const auto action = kFirstAction + static_cast<std::uint32_t>(index);
  if (entry.at) {
    if (firings_[index] != 0) return;
    Rng rng = stream_of(seed_, entry, 0);
    return world.schedule_action(*entry.at + rng.between({{}, entry.spread}), action);
  }
  Rng rng = stream_of(seed_, entry, firings_[index]);
  const Time next = std::max(world.now(), entry.from) + rng.between(entry.every);
  if (next < entry.until) world.schedule_action(next, action);
}

void Injector::act(World& world, std::uint32_t action) {
  if (healed_) return;
  if ((action & (kEndOfFault | kMoveOfFault)) == 0) return fire(world, action - kFirstAction);
  const std::size_t record = action & ~(kEndOfFault | kMoveOfFault);
  const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](const UnderWay& u) { return u.record == record; });
  if (found == under_way_.end()) return;  // healed before its time
  if ((action & kMoveOfFault) != 0) return move(world, *found);
  const UnderWay ended = std::move(*found);
  under_way_.erase(found);
  end(world, ended);
}

void Injector::fire(World& world, std::size_t index) {
  const ChaosEntry& entry = (*plan_)[index];
  Rng rng = stream_of(seed_, entry, firings_[index]);
  rng.next();  // when
  const Fault& fault = entry.one_of[rng.below(entry.one_of.size())];
  const std::uint64_t length = rng.next();
  ++firings_[index];

  Firing firing{.fault = fault, .rng = rng, .record = {}, .under_way = {}};
  firing.record.at = world.now();
  firing.record.info = fault.info;
  firing.record.name = name_of(fault);
  firing.record.entry = index;
  firing.under_way.fault = &fault;
  firing.under_way.record = records_.size();
  firing.keeps_majority = entry.keeps_majority;
  if (fault.info == &faults::kHeal) heal_now(world, firing);
  fault.info->begin(world, firing);
  if (!firing.record.on.empty()) effective_[index] = true;
  if (fault.action == nullptr) firing.exact.who = Selector::of(firing.record.on);
  firing.record.exact = std::make_shared<const Fault>(std::move(firing.exact));
  const bool lasting = fault.info->end != nullptr && !firing.record.on.empty();
  if (lasting && fault.lasts) {
    firing.record.until = world.now() + pick(length, *fault.lasts);
    world.schedule_action(*firing.record.until,
                          kEndOfFault | static_cast<std::uint32_t>(records_.size()));
  }
  firing.under_way.rng = firing.rng;
  if (lasting && fault.info->move != nullptr) move(world, firing.under_way);
  if (lasting) under_way_.push_back(std::move(firing.under_way));
  records_.push_back(std::move(firing.record));
  schedule_next(world, index);
}

void Injector::heal_now(World& world, Firing& firing) {
  std::vector<NodeId>& on = firing.record.on;
  for (const UnderWay& under_way : std::exchange(under_way_, {})) {
    const std::vector<NodeId>& healed = records_[under_way.record].on;
    on.insert(on.end(), healed.begin(), healed.end());
    end(world, under_way);
  }
  std::sort(on.begin(), on.end());
  on.erase(std::unique(on.begin(), on.end()), on.end());
}

void Injector::move(World& world, UnderWay& under_way) {
  const std::optional<Duration> next = under_way.fault->info->move(world, under_way);
  if (!next) return;
  world.schedule_action(world.now() + *next,
                        kMoveOfFault | static_cast<std::uint32_t>(under_way.record));
}

void Injector::end(World& world, const UnderWay& under_way) {
  records_[under_way.record].until = world.now();
  under_way.fault->info->end(world, under_way);
}

void Injector::heal(World& world) {
  for (const UnderWay& under_way : std::exchange(under_way_, {})) end(world, under_way);
  healed_ = true;
}

}  // namespace seedbed
