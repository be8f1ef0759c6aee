#include <fmt/format.h>

#include "sim/base/text.h"
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

constexpr std::string_view kWhoever = "random | 2+ random(2) | 3+ minority | all";
constexpr FaultField kDiskFullFields[] = {
    {"disk_full", &Fault::who, true, "whose disks have no room left", kWhoever}, kFor};
constexpr FaultField kDiskErrorFields[] = {
    {"disk_error", &Fault::who, true, "whose disks fail now and then", kWhoever},
    {"chance", &Fault::chance, true, "how likely a sync fails, or a read, such as 5%",
     "1% | 10% | 50%"},
    kFor};
constexpr FaultField kTornWriteFields[] = {
    {"torn_write", &Fault::who, true, "who crashes in the midst of its writes", kWhoever},
    {"for", &Fault::lasts, false, "restarts after so long; left out: at the end of the run",
     "100ms..5s"},
};
constexpr FaultField kBitRotFields[] = {
    {"bit_rot", &Fault::who, true, "whose disks rot", "random"},
    {"bits", &Fault::entries, true, "how many bits flip on each", "1 | 10 | 1000", 1, 1'000'000},
};
constexpr FaultField kSyncLiesFields[] = {
    {"sync_lies", &Fault::who, true, "whose disks lie", "random"},
    kFor,
};
constexpr FaultField kMisdirectFields[] = {
    {"misdirect", &Fault::who, true, "whose disks write to wrong places", "random"},
    {"chance", &Fault::chance, true, "how likely one of the writes of a sync goes astray",
     "0.1% | 1% | 20%"},
    kFor};

/// A fault of the disks of whoever is meant now, up or down. One draw, and one for its stream.
void begin_on_disks(World& world, Firing& firing, DiskFault fault) {
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return;
  fault.stream = firing.rng.next();
  fault.nodes = firing.record.on;
  firing.under_way.id = world.add_disk_fault(std::move(fault));
}
void end_on_disks(World& world, const UnderWay& under_way) {
  world.remove_disk_fault(under_way.id);
}

void begin_disk_slow(World& world, Firing& firing) {
  begin_on_disks(world, firing, {.kind = DiskFault::Kind::kSlow, .by = firing.fault.by});
  if (!firing.record.on.empty()) firing.record.detail = text_of(firing.fault.by);
}

void begin_disk_full(World& world, Firing& firing) {
  begin_on_disks(world, firing, {.kind = DiskFault::Kind::kFull});
}

void begin_disk_error(World& world, Firing& firing) {
  const Probability chance = firing.fault.chance;
  begin_on_disks(world, firing, {.kind = DiskFault::Kind::kError, .chance = chance});
  if (!firing.record.on.empty()) firing.record.detail = to_text(chance);
}

void begin_sync_lies(World& world, Firing& firing) {
  begin_on_disks(world, firing, {.kind = DiskFault::Kind::kLies});
}

void begin_misdirect(World& world, Firing& firing) {
  const Probability chance = firing.fault.chance;
  begin_on_disks(world, firing, {.kind = DiskFault::Kind::kAstray, .chance = chance});
  if (!firing.record.on.empty()) firing.record.detail = to_text(chance);
}

void begin_torn_write(World& world, Firing& firing) {
  for (const NodeId n : hit_living(world, firing)) world.crash(n, Probability::percent(100));
}

/// Of whoever is meant and has anything on its disk.
void begin_bit_rot(World& world, Firing& firing) {
  const std::vector<NodeId> who = resolve(firing.fault.who, world, firing.rng);
  const std::uint64_t stream = firing.rng.next();
  for (const NodeId n : who) {
    const std::uint64_t flipped =
        world.rot_bits(n, firing.fault.entries, Rng(hash_of(stream, n.value)));
    if (flipped != 0) firing.record.on.push_back(n);
  }
  const std::uint64_t bits = firing.fault.entries;
  if (!firing.record.on.empty()) {
    firing.record.detail = fmt::format("{} {} each", bits, bits == 1 ? "bit" : "bits");
  }
}

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
                                               end_on_disks};

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

constinit const FaultInfo faults::kDiskFull = {
    "disk_full",
    "A node's disk has no room: whatever would need more fails. A service that does not handle a "
    "failed sync crashes, and is started again disk.restart later.",
    "Yuan et al., OSDI 2014, Simple Testing Can Prevent Most Critical Failures",
    kDiskFullFields,
    begin_disk_full,
    end_on_disks};

constinit const FaultInfo faults::kDiskError = {
    "disk_error",
    "Syncs and reads of a node's disk fail by chance. A failed sync keeps nothing of what it was "
    "to "
    "write; a service that does not handle it crashes, and is started again disk.restart later, as "
    "is one that cannot read its disk when it starts.",
    "Rebello et al., USENIX ATC 2020, Can Applications Recover from fsync Failures?",
    kDiskErrorFields,
    begin_disk_error,
    end_on_disks};

constinit const FaultInfo faults::kTornWrite = {
    "torn_write",
    "A node crashes, and of what was not synced a part is on its disk all the same: the first few "
    "writes to slots and logs, any sectors of files.",
    "Pillai et al., OSDI 2014, All File Systems Are Not Created Equal",
    kTornWriteFields,
    begin_torn_write,
    restart_all};

constinit const FaultInfo faults::kBitRot = {
    "bit_rot",
    "Bits flip on a node's disk, anywhere. A slot or an entry of a log is then known to be damaged "
    "when the node starts next; a file only reads otherwise.",
    "Bairavasundaram et al., FAST 2008, An Analysis of Data Corruption in the Storage Stack",
    kBitRotFields,
    begin_bit_rot,
    nullptr,
    nullptr,
    /*once=*/true};

constinit const FaultInfo faults::kSyncLies = {
    "sync_lies",
    "A node's disk says that it has synced, and has not: a crash takes what it pretended to have. "
    "Whoever lives until the end of the fault has it all written then.",
    "Zheng et al., FAST 2013, Understanding the Robustness of SSDs under Power Fault",
    kSyncLiesFields,
    begin_sync_lies,
    end_on_disks};

constinit const FaultInfo faults::kMisdirect = {
    "misdirect",
    "By chance one of the writes of a sync lands in another place of the same disk: what should "
    "have "
    "been written is not, and something else is overwritten.",
    "Bairavasundaram et al., FAST 2008, An Analysis of Data Corruption in the Storage Stack",
    kMisdirectFields,
    begin_misdirect,
    end_on_disks,
    nullptr,
    /*once=*/true};

}  // namespace seedbed
