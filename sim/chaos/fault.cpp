#include "sim/chaos/fault.h"

#include <algorithm>

#include "sim/base/text.h"
#include "sim/chaos/common_fields.h"
#include "sim/chaos/selector.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr const FaultInfo* kFaults[] = {
    // Nodes.
    &faults::kCrash,
    &faults::kKill,
    &faults::kWipe,
    &faults::kPause,
    &faults::kSlow,
    &faults::kJoin,
    &faults::kLeave,
    // Links.
    &faults::kIsolate,
    &faults::kPartition,
    &faults::kOneWay,
    &faults::kCut,
    &faults::kFlap,
    &faults::kSwizzle,
    // Weather.
    &faults::kLoss,
    &faults::kDelay,
    &faults::kDuplicate,
    &faults::kReorder,
    &faults::kCorrupt,
    &faults::kBandwidth,
    // Clocks.
    &faults::kClockJump,
    &faults::kClockDrift,
    &faults::kClockFreeze,
    // Disks.
    &faults::kDiskSlow,
    &faults::kDiskFull,
    &faults::kDiskError,
    &faults::kTornWrite,
    &faults::kLoseTail,
    &faults::kBitRot,
    &faults::kSyncLies,
    &faults::kMisdirect,
    // The end of them.
    &faults::kHeal,
};

constexpr FaultField kHealFields[] = {{"heal", &Fault::everything, true, "all", "all"}};

/// The injector does it: it alone knows what is under way.
void begin_heal(World&, Firing&) {}

/// A request of the protocol has no end. `on` is who took it up; the detail is who was named.
void ask(World& world, Firing& firing) {
  const std::vector<NodeId> who = resolve(firing.fault.who, world, firing.rng);
  if (who.empty()) return;
  firing.exact.who = Selector::of(who);
  firing.record.on = firing.fault.action->act(world, who);
  if (firing.record.on != who) firing.record.detail = text_of(who);
}

}  // namespace

constinit const FaultInfo faults::kHeal = {"heal", "Every fault under way ends now.",
                                           "Jepsen, the generators' final heal", kHealFields,
                                           begin_heal};
constinit const FaultInfo faults::kAction = {"action", "What a protocol adds.", "", {}, ask};

std::span<const FaultInfo* const> all_faults() { return kFaults; }

std::string_view name_of(const Fault& fault) {
  return fault.action != nullptr ? fault.action->name : fault.info->name;
}

void remove_weather(World& world, const UnderWay& under_way) {
  world.network().remove(under_way.id);
}

std::string text_of(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const NodeId n : nodes) text += (text.empty() ? "" : " ") + to_text(n);
  return text;
}

std::string text_of(Range<Duration> by) { return to_text(by.min) + ".." + to_text(by.max); }

/// Of the servers that the run began with: those that are up, and know what they knew.
static bool serves(const World& world, NodeId n) {
  const ProcessBase* process = world.process(n);
  return n.value <= world.initial_servers() && process != nullptr && process->role() != kRecovering;
}

/// How many may stop, and a majority serves all the same.
static std::uint32_t spare_servers(const World& world) {
  const std::uint32_t servers = world.initial_servers();
  std::uint32_t serving = 0;
  for (std::uint32_t id = 1; id <= servers; ++id) serving += serves(world, {id});
  return std::max(serving, servers / 2 + 1) - (servers / 2 + 1);
}

const std::vector<NodeId>& hit_living(World& world, Firing& firing) {
  std::uint32_t spare = firing.keeps_majority ? spare_servers(world) : world.servers();
  for (const NodeId n : resolve(firing.fault.who, world, firing.rng)) {
    if (!world.is_up(n) || (spare == 0 && serves(world, n))) continue;
    if (serves(world, n)) --spare;
    firing.record.on.push_back(n);
    firing.under_way.hits.push_back({n, world.incarnation(n)});
  }
  return firing.record.on;
}

}  // namespace seedbed
