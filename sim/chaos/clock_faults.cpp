#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/chaos/common_fields.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::int64_t kFarthest = (3'600_s * (24 * 365 * 10)).count();

constexpr FaultField kClockJumpFields[] = {
    {"clock_jump", &Fault::who, true, "whose clock jumps", "random | 3+ minority | all"},
    {"by", &Fault::by, true, "how far, such as -500ms..500ms",
     "-500ms..500ms | 1s..60s | -60s..-1s", -kFarthest, kFarthest},
};

constexpr FaultField kClockDriftFields[] = {
    {"clock_drift", &Fault::who, true, "whose clocks run at another rate",
     "random | minority | all"},
    {"by", &Fault::drift_ppb, true, "how much faster, such as 500ppm or -200ppm..200ppm",
     "-500ppm..500ppm | 200ppm"},
    kFor};
constexpr FaultField kClockFreezeFields[] = {
    {"clock_freeze", &Fault::who, true, "whose clocks stand still", "random | minority | all"},
    kFor};

/// Of whoever is up: a clock is its machine's, and stays wrong when the node restarts.
void begin_clock_fault(World& world, Firing& firing, ClockFault fault) {
  fault.nodes = hit_living(world, firing);
  if (fault.nodes.empty()) return;
  fault.stream = firing.rng.next();
  firing.under_way.id = world.add_clock_fault(std::move(fault));
}

void begin_clock_drift(World& world, Firing& firing) {
  const Range<std::int64_t> by = firing.fault.drift_ppb;
  begin_clock_fault(world, firing, {.gain_ppb = by});
  const auto ppm = [](std::int64_t ppb) {
    return ppb % 1000 == 0 ? fmt::format("{}ppm", ppb / 1000) : fmt::format("{}ppb", ppb);
  };
  firing.record.detail =
      by.min == by.max ? ppm(by.min) : fmt::format("{}..{}", ppm(by.min), ppm(by.max));
}

void begin_clock_freeze(World& world, Firing& firing) {
  begin_clock_fault(world, firing, {.freeze = true});
}

void end_clock_fault(World& world, const UnderWay& under_way) {
  if (under_way.id != 0) world.remove_clock_fault(under_way.id);
}

void begin_clock_jump(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) {
    const Duration by = pick(hash_of(firing.rng.next(), n.value), firing.fault.by);
    world.jump_wall_clock(n, by);
    firing.record.detail += (firing.record.detail.empty() ? "" : " ") + to_text(by);
    if (firing.record.on.size() == 1) firing.exact.by = {by, by};
  }
}

}  // namespace

constinit const FaultInfo faults::kClockJump = {
    "clock_jump", "A node's wall clock steps; its monotonic clock and its timers do not.",
    "Jepsen, nemesis time (bump-time)", kClockJumpFields, begin_clock_jump};

constinit const FaultInfo faults::kClockDrift = {
    "clock_drift",
    "A node's clocks, monotonic and wall, gain or lose so much more while it lasts; timers that "
    "wait "
    "come earlier or later.",
    "Jepsen, nemesis time (strobe-time); Marzullo, Owicki 1983, Maintaining the Time in a "
    "Distributed System",
    kClockDriftFields,
    begin_clock_drift,
    end_clock_fault,
    nullptr,
    /*once=*/true};

constinit const FaultInfo faults::kClockFreeze = {
    "clock_freeze",
    "A node's clocks, monotonic and wall, stand still, as those of a suspended virtual machine, "
    "and "
    "its timers with them; messages and disks go on. Afterwards both clocks are behind.",
    "VMware 2011, Timekeeping in VMware Virtual Machines",
    kClockFreezeFields,
    begin_clock_freeze,
    end_clock_fault};

}  // namespace seedbed
