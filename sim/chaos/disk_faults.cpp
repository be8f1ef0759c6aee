#include <fmt/format.h>

#include "sim/chaos/common_fields.h"
#include "sim/chaos/selector.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr FaultField kDiskSlowFields[] = {
    {"disk_slow", &Fault::who, true, "whose disks are slow", "random | 3+ minority | all"},
    {"by", &Fault::by, true, "how much longer a sync takes, such as 1s..3s",
     "5ms..50ms | 100ms..2s"},
    kFor};
constexpr FaultField kLoseTailFields[] = {
    {"lose_tail", &Fault::who, true, "who crashes, and finds its logs shorter", "random"},
    {"entries", &Fault::entries, true, "how many entries at the end of each log are lost",
     "1 | 3 | 20", 1, 1'000'000'000},
    {"for", &Fault::lasts, false, "restarts after so long; left out: at the end of the run",
     "100ms..5s"},
};

void begin_disk_slow(World& world, Firing& firing) {
  const Range<Duration> by = firing.fault.by;
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return;
  firing.under_way.id =
      world.slow_disks({.stream = firing.rng.next(), .by = by, .nodes = firing.record.on});
  firing.record.detail = text_of(by);
}

void end_disk_slow(World& world, const UnderWay& under_way) { world.restore_disks(under_way.id); }

void begin_lose_tail(World& world, Firing& firing) {
  std::uint64_t lost = 0;
  for (const NodeId n : hit_living(world, firing)) {
    world.crash(n, world.disk_config().torn);
    lost += world.lose_tail(n, firing.fault.entries);
  }
  if (firing.record.on.empty()) return;
  firing.record.detail = fmt::format("{} {} lost", lost, lost == 1 ? "entry" : "entries");
}

}  // namespace

constinit const FaultInfo faults::kDiskSlow = {"disk_slow",
                                               "A node's disk takes longer for each sync.",
                                               "Gunawi et al., FAST 2018, Fail-Slow at Scale",
                                               kDiskSlowFields,
                                               begin_disk_slow,
                                               end_disk_slow};

constinit const FaultInfo faults::kLoseTail = {
    "lose_tail",
    "A node crashes, and the last entries of its logs, synced as they were, are unreadable when it "
    "restarts.",
    "Alagappan et al., FAST 2018, Protocol-Aware Recovery for Consensus-Based Storage",
    kLoseTailFields,
    begin_lose_tail,
    restart_all,
    nullptr,
    /*once=*/true};

}  // namespace seedbed
