#include "sim/chaos/common_fields.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::string_view kWhoever = "random | 2+ random(2) | 3+ minority | majority | all";

constexpr FaultField kCrashFields[] = {
    {"crash", &Fault::who, true, "who crashes", kWhoever},
    {"for", &Fault::lasts, false, "restarts after so long; left out: at the end of the run",
     "100ms..5s"},
};
constexpr FaultField kKillFields[] = {{"kill", &Fault::who, true, "who never returns", "random"}};
constexpr FaultField kPauseFields[] = {
    {"pause", &Fault::who, true, "who stops", kWhoever},
    {"for", &Fault::lasts, true, "how long the stop is, such as 3s", "100ms..5s"},
};

void begin_crash(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) world.crash(n, world.disk_config().torn);
}

void begin_kill(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) world.kill(n);
}

void begin_pause(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) world.pause(n);
}

void end_pause(World& world, const UnderWay& under_way) {
  for (const UnderWay::Hit& hit : under_way.hits) {
    if (world.incarnation(hit.node) == hit.incarnation) world.resume(hit.node);
  }
}

}  // namespace

void restart_all(World& world, const UnderWay& under_way) {
  for (const UnderWay::Hit& hit : under_way.hits) {
    if (world.incarnation(hit.node) == hit.incarnation) world.restart(hit.node);
  }
}

constinit const FaultInfo faults::kCrash = {
    "crash",        "A node stops at once, loses what was not synced, and restarts.",
    kCrashRecovery, kCrashFields,
    begin_crash,    restart_all};

constinit const FaultInfo faults::kKill = {"kill",
                                           "A node stops at once and never returns.",
                                           "Schlichting, Schneider 1983, Fail-Stop Processors",
                                           kKillFields,
                                           begin_kill,
                                           nullptr,
                                           nullptr,
                                           /*once=*/true};

constinit const FaultInfo faults::kPause = {
    "pause",
    "A node stands still, as in a long garbage collection, then goes on as if nothing had "
    "happened.",
    "Jepsen, nemesis hammer-time (SIGSTOP, SIGCONT)",
    kPauseFields,
    begin_pause,
    end_pause};

}  // namespace seedbed
