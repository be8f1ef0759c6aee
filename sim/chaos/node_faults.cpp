#include "sim/base/text.h"
#include "sim/chaos/common_fields.h"
#include "sim/chaos/selector.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::string_view kWhoever = "random | 2+ random(2) | 3+ minority | majority | all";

constexpr FaultField kSkew = {
    "skew", &Fault::skew, false,
    "its clocks are off by up to plus or minus this more when it restarts", " | 100ms"};
constexpr FaultField kCrashFields[] = {
    {"crash", &Fault::who, true, "who crashes", kWhoever},
    {"for", &Fault::lasts, false, "restarts after so long; left out: at the end of the run",
     "100ms..5s"},
    kSkew,
};
constexpr FaultField kKillFields[] = {{"kill", &Fault::who, true, "who never returns", "random"}};
// Not in swarms: a protocol that trusts its disk, as most do, need not survive this.
constexpr FaultField kWipeFields[] = {
    {"wipe", &Fault::who, true, "who crashes, and restarts with an empty disk"},
    {"for", &Fault::lasts, false, "restarts after so long; left out: at the end of the run"},
    kSkew,
};
constexpr FaultField kSlowFields[] = {
    {"slow", &Fault::who, true, "whose processor is slow", kWhoever},
    {"by", &Fault::factor, true, "how many times longer everything takes it, such as 10x",
     "10x | 100x", 1'000, SlowProcessors::kMostFactor},
    kFor};
constexpr FaultField kJoinFields[] = {
    {"join", &Fault::who, true, "which of the scenario's spares: n6, random, all", "random | all"}};
constexpr FaultField kLeaveFields[] = {{"leave", &Fault::who, true, "who leaves", "random"}};
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

void begin_wipe(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) {
    world.crash(n, {});
    world.wipe(n);
  }
}

/// Boots again whoever is still down from this fault, with clocks that are off a bit more.
void restart_skewed(World& world, const UnderWay& under_way) {
  const Duration skew = under_way.fault->skew;
  const std::uint64_t draw = Rng(under_way.rng).next();
  for (const UnderWay::Hit& hit : under_way.hits) {
    if (world.incarnation(hit.node) != hit.incarnation) continue;
    world.skew_clock(hit.node, pick(hash_of(draw, hit.node.value), {-skew, skew}));
  }
  restart_all(world, under_way);
}

void begin_slow(World& world, Firing& firing) {
  const Factor by = firing.fault.factor;
  const std::vector<NodeId>& on = hit_living(world, firing);
  if (on.empty()) return;
  firing.under_way.id = world.slow_processors({.factor_permille = by.permille, .nodes = on});
  firing.record.detail = by.permille % 1000 == 0
                             ? fmt::format("{}x", by.permille / 1000)
                             : fmt::format("{}.{:03}x", by.permille / 1000, by.permille % 1000);
}

void end_slow(World& world, const UnderWay& under_way) { world.restore_processors(under_way.id); }

void begin_join(World& world, Firing& firing) {
  for (const NodeId n : resolve(firing.fault.who, world, firing.rng, Pool::kSpares)) {
    if (!world.is_spare(n)) continue;
    world.join(n);
    firing.record.on.push_back(n);
  }
}

void begin_leave(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) world.leave(n);
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
    begin_crash,    restart_skewed};

constinit const FaultInfo faults::kKill = {"kill",
                                           "A node stops at once and never returns.",
                                           "Schlichting, Schneider 1983, Fail-Stop Processors",
                                           kKillFields,
                                           begin_kill,
                                           nullptr,
                                           nullptr,
                                           /*once=*/true};

constinit const FaultInfo faults::kWipe = {
    "wipe",
    "A node crashes, and its disk is a new one: it restarts with nothing. A protocol that trusts "
    "its disk may break.",
    "Jepsen, nemeses that delete a node's data directory; TigerBeetle, VOPR",
    kWipeFields,
    begin_wipe,
    restart_skewed};

constinit const FaultInfo faults::kSlow = {
    "slow",
    "A node's processor takes so many times longer for each message and for its handlers' work, "
    "and so many times 100us to turn to each thing that it handles.",
    "Gunawi et al., FAST 2018, Fail-Slow at Scale",
    kSlowFields,
    begin_slow,
    end_slow};

constinit const FaultInfo faults::kJoin = {
    "join",
    "A spare server boots for the first time, in the middle of the run, with an empty disk. It "
    "knows the servers that the run began with, and they do not know it yet.",
    "Jepsen, nemesis membership", kJoinFields, begin_join};

constinit const FaultInfo faults::kLeave = {
    "leave",
    "A node stops for good and in good order: its process may still say goodbye.",
    "Jepsen, nemesis membership",
    kLeaveFields,
    begin_leave,
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
