#include "sim/chaos/plan.h"

#include <array>

namespace seedbed {

namespace {

using Kind = FaultField::Kind;

constexpr FaultField kFor = {"for", Kind::kLasts, false, "how long it lasts; left out: to the end"};
constexpr FaultField kOn = {"on", Kind::kSelector, false,
                            "only messages from or to these; left out: everybody"};
constexpr FaultField kOnly = {"only", Kind::kMessage, false, "only messages of this name"};

constexpr FaultField kCrash[] = {
    {"crash", Kind::kSelector, true, "who crashes"},
    {"for", Kind::kLasts, false, "restarts after so long; left out: at the end of the run"},
};
constexpr FaultField kKill[] = {{"kill", Kind::kSelector, true, "who never returns"}};
constexpr FaultField kPause[] = {
    {"pause", Kind::kSelector, true, "who stops"},
    {"for", Kind::kLasts, true, "how long the stop is, such as 3s"},
};
constexpr FaultField kIsolate[] = {{"isolate", Kind::kSelector, true, "who is cut off"}, kFor};
constexpr FaultField kPartition[] = {
    {"partition", Kind::kPartition, true, "halves, ring, majority_ring, bridge, or lists of nodes"},
    kFor};
constexpr FaultField kOneWay[] = {
    {"one_way", Kind::kLink, true, "whose messages to whom: { from: leader, to: followers }"},
    kFor};
constexpr FaultField kCut[] = {{"cut", Kind::kEnds, true, "who lose each other: [n1, n4]"}, kFor};
constexpr FaultField kLoss[] = {
    {"loss", Kind::kChance, true, "how likely a message is lost"}, kOn, kOnly, kFor};
constexpr FaultField kDelay[] = {
    {"delay", Kind::kDelay, true, "how much later a message arrives"}, kOn, kOnly, kFor};
constexpr FaultField kDuplicate[] = {
    {"duplicate", Kind::kChance, true, "how likely a message arrives twice"}, kOn, kOnly, kFor};
constexpr FaultField kReorder[] = {
    {"reorder", Kind::kReorder, true, "how likely a message is held back, and by how much"},
    kOn,
    kOnly,
    kFor};
constexpr FaultField kClockJump[] = {
    {"clock_jump", Kind::kSelector, true, "whose clock jumps"},
    {"by", Kind::kJump, true, "how far, such as -500ms..500ms"},
};
constexpr FaultField kDiskSlow[] = {
    {"disk_slow", Kind::kSelector, true, "whose disks are slow"},
    {"by", Kind::kDelay, true, "how much longer a sync takes, such as 1s..3s"},
    kFor};
constexpr FaultField kLoseTail[] = {
    {"lose_tail", Kind::kSelector, true, "who crashes, and finds its logs shorter"},
    {"entries", Kind::kCount, true, "how many entries at the end of each log are lost"},
    {"for", Kind::kLasts, false, "restarts after so long; left out: at the end of the run"},
};
constexpr FaultField kHeal[] = {{"heal", Kind::kEverything, true, "all"}};

// Where a fault comes from: papers and tools in which it broke real systems.
constexpr std::string_view kCrashRecovery =
    "Cachin, Guerraoui, Rodrigues 2011, Reliable and Secure Distributed Programming, ch. 2.2";
constexpr std::string_view kPartitions =
    "Alquraan et al., OSDI 2018, An Analysis of Network-Partitioning Failures in Cloud Systems";
constexpr std::string_view kNetem = "Linux tc-netem(8)";

constexpr std::array kFaults = {
    FaultInfo{FaultKind::kCrash, "crash",
              "A node stops at once, loses what was not synced, and restarts.", kCrashRecovery,
              kCrash},
    FaultInfo{FaultKind::kKill, "kill", "A node stops at once and never returns.",
              "Schlichting, Schneider 1983, Fail-Stop Processors", kKill},
    FaultInfo{FaultKind::kPause, "pause",
              "A node stands still, as in a long garbage collection, then goes on as if nothing "
              "had happened.",
              "Jepsen, nemesis hammer-time (SIGSTOP, SIGCONT)", kPause},
    FaultInfo{FaultKind::kIsolate, "isolate", "A node is cut off from all other servers.",
              kPartitions, kIsolate},
    FaultInfo{FaultKind::kPartition, "partition",
              "The servers fall apart into groups that cannot reach each other.",
              "Jepsen, nemesis partitioner (halves, majorities-ring, bridge)", kPartition},
    FaultInfo{FaultKind::kOneWay, "one_way",
              "Messages of some nodes to others are cut, not those the other way.", kPartitions,
              kOneWay},
    FaultInfo{FaultKind::kCut, "cut", "Nodes lose their links to each other, both ways.",
              kPartitions, kCut},
    FaultInfo{FaultKind::kLoss, "loss", "Messages are lost.", kNetem, kLoss},
    FaultInfo{FaultKind::kDelay, "delay", "Messages take longer.", kNetem, kDelay},
    FaultInfo{FaultKind::kDuplicate, "duplicate", "Messages arrive twice.", kNetem, kDuplicate},
    FaultInfo{FaultKind::kReorder, "reorder",
              "Some messages are held back, and others overtake them.", kNetem, kReorder},
    FaultInfo{FaultKind::kClockJump, "clock_jump",
              "A node's wall clock steps; its monotonic clock and its timers do not.",
              "Jepsen, nemesis time (bump-time)", kClockJump},
    FaultInfo{FaultKind::kDiskSlow, "disk_slow", "A node's disk takes longer for each sync.",
              "Gunawi et al., FAST 2018, Fail-Slow at Scale", kDiskSlow},
    FaultInfo{
        FaultKind::kLoseTail, "lose_tail",
        "A node crashes, and the last entries of its logs, synced as they were, are unreadable "
        "when it restarts.",
        "Alagappan et al., FAST 2018, Protocol-Aware Recovery for Consensus-Based Storage",
        kLoseTail},
    FaultInfo{FaultKind::kHeal, "heal", "Every fault under way ends now.",
              "Jepsen, the generators' final heal", kHeal},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (static_cast<std::size_t>(kFaults[i].kind) != i) return false;
    if (kFaults[i].fields.front().name != kFaults[i].name) return false;
  }
  return kFaults.size() == static_cast<std::size_t>(FaultKind::kAction);
}
static_assert(in_order(), "one row for each FaultKind of our own, in order, its own key first");

}  // namespace

std::span<const FaultInfo> all_faults() { return kFaults; }
const FaultInfo& info_of(FaultKind kind) { return kFaults[static_cast<std::size_t>(kind)]; }
std::string_view name_of(const Fault& fault) {
  return fault.kind == FaultKind::kAction ? fault.action->name : info_of(fault.kind).name;
}

}  // namespace seedbed
