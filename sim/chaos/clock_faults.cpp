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

void begin_clock_jump(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) {
    const Duration by = pick(hash_of(firing.rng.next(), n.value), firing.fault.by);
    world.jump_wall_clock(n, by);
    firing.record.detail += (firing.record.detail.empty() ? "" : " ") + to_text(by);
  }
}

}  // namespace

constinit const FaultInfo faults::kClockJump = {
    "clock_jump", "A node's wall clock steps; its monotonic clock and its timers do not.",
    "Jepsen, nemesis time (bump-time)", kClockJumpFields, begin_clock_jump};

}  // namespace seedbed
