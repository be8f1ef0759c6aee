// What disks do wrong, and what becomes of their nodes.
#include <algorithm>

#include "sim/world/context.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kSlow = hash_text("slow");
constexpr std::uint64_t kRead = hash_text("read error");
constexpr std::uint64_t kTornSync = hash_text("torn sync");
// By DiskFault::Kind.
constexpr std::uint64_t kStrikes[] = {kSlow, hash_text("full"), hash_text("sync error"),
                                      hash_text("lies"), hash_text("astray")};
constexpr std::uint64_t kWhere = hash_text("where it goes astray");

}  // namespace

void World::open_storage(const Site& at) const {
  at.service.storage.made().configure(
      config_.disk.bandwidth != 0, config_.disk.sector,
      hash_of(config_.seed ^ hash_text("sync"), at.id.value, at.service_id.value));
}

Duration World::writing(std::uint64_t bytes) const {
  constexpr Uint128 kBitNanoseconds = Uint128{8} * 1'000'000'000;
  const Uint128 ns = kBitNanoseconds * bytes / config_.disk.bandwidth;
  constexpr Uint128 kLongest = Uint128{1} << 60;
  return Duration(static_cast<std::int64_t>(std::min(ns, kLongest)));
}

// --- what is wrong

template <class Visit>
void World::each_disk_fault(NodeId n, DiskFault::Kind kind, Visit visit) const {
  for (const DiskFault& fault : disk_faults_) {
    const bool hit = std::find(fault.nodes.begin(), fault.nodes.end(), n) != fault.nodes.end();
    if (hit && fault.kind == kind) visit(fault);
  }
}

/// One of the faults of this kind takes effect now.
bool World::disk_strikes(const Site& at, DiskFault::Kind kind) const {
  const std::uint64_t question = kStrikes[static_cast<std::size_t>(kind)];
  bool strikes = false;
  each_disk_fault(at.id, kind, [&](const DiskFault& fault) {
    strikes |= decide(hash_of(disk_draw(at, question), fault.stream), fault.chance);
  });
  return strikes;
}

Duration World::slowness(const Site& at) const {
  Duration longer;
  each_disk_fault(at.id, DiskFault::Kind::kSlow, [&](const DiskFault& slow) {
    longer += pick(hash_of(disk_draw(at, kSlow), slow.stream), slow.by);
  });
  return longer;
}

DiskCondition World::disk_condition(const Site& at) const {
  DiskCondition condition;
  if (disk_faults_.empty()) return condition;
  condition.full = disk_strikes(at, DiskFault::Kind::kFull);
  condition.bits = disk_draw(at, kRead);
  each_disk_fault(at.id, DiskFault::Kind::kError, [&](const DiskFault& fault) {
    condition.read_error = std::max(condition.read_error, fault.chance);
  });
  return condition;
}

/// The slots and logs cannot be read at boot.
bool World::is_unreadable(const Site& at) const {
  if (disk_faults_.empty() || !at.service.storage) return false;
  const DiskCondition condition = disk_condition(at);
  return decide(condition.bits, condition.read_error);
}

// --- what becomes of a sync

void World::sync_in_bad_weather(const Site& at) {
  Storage& storage = *at.service.storage;
  if (storage.syncing_writes() == 0) return;  // it was done before the news came
  if (disk_strikes(at, DiskFault::Kind::kError)) return storage.fail(SyncOutcome::kFailed);
  if (storage.syncs_records() && disk_strikes(at, DiskFault::Kind::kFull)) {
    return storage.fail(SyncOutcome::kFull);
  }
  if (disk_strikes(at, DiskFault::Kind::kLies)) return storage.pretend();
  storage.flush();  // whoever is honest at last writes it all
  if (disk_strikes(at, DiskFault::Kind::kAstray)) {
    return storage.apply_astray(disk_draw(at, kWhere));
  }
  storage.apply(storage.syncing_writes());
}

void World::fail_sync(const Site& at) {
  Storage& storage = *at.service.storage;
  const bool full = storage.outcome() == SyncOutcome::kFull;
  count("failed_syncs", 1);
  storage.flush();  // what was said to be durable is: the power did not fail
  storage.tear_files(disk_draw(at, kTornSync));
  storage.forget([this](Payload p) { pool_.release(p); });
  if (!at.service.process->handles(kPayloadType<SyncFailed>)) return crash_for_a_while(at);
  arm(at, {}, pool_.make(SyncFailed{full}));
}

/// As a supervisor has it that starts a service again.
void World::crash_for_a_while(const Site& at) {
  crash(at.id, {});
  scheduler_.at(now() + config_.disk.restart, 0,
                {.head = Event::Kind::kBoot, .node = at.id, .incarnation = at.node.incarnation});
}

// --- what chaos does

std::uint32_t World::add_disk_fault(DiskFault fault) {
  fault.id = ++last_disk_fault_;
  disk_faults_.push_back(std::move(fault));
  return last_disk_fault_;
}

void World::remove_disk_fault(std::uint32_t id) {
  const auto found = std::find_if(disk_faults_.begin(), disk_faults_.end(),
                                  [&](const DiskFault& fault) { return fault.id == id; });
  if (found == disk_faults_.end()) return;
  const DiskFault ended = std::move(*found);
  disk_faults_.erase(found);
  if (ended.kind != DiskFault::Kind::kLies) return;
  for (const NodeId id_of_liar : ended.nodes) {
    const Node& n = node(id_of_liar);
    for (std::size_t s = 0; s < n.services; ++s) {
      Service& service = services_[n.first_service + s];
      if (service.storage) service.storage->flush();
    }
  }
}

std::uint64_t World::lose_tail(NodeId id, std::uint64_t count) {
  Node& n = node(id);
  if (n.state != Node::State::kDown) return 0;
  std::uint64_t lost = 0;
  for (std::size_t s = 0; s < n.services; ++s) {
    Service& service = services_[n.first_service + s];
    if (service.storage) lost += service.storage->lose_tail(count);
  }
  return lost;
}

std::uint64_t World::rot_bits(NodeId id, std::uint64_t count, Rng draws) {
  const Node& n = node(id);
  const auto places_of = [&](std::size_t s) {
    const Service& service = services_[n.first_service + s];
    return service.storage ? service.storage->places() : 0;
  };
  std::uint64_t places = 0;
  for (std::size_t s = 0; s < n.services; ++s) places += places_of(s);
  if (places == 0) return 0;
  for (std::uint64_t k = 0; k < count; ++k) {
    std::uint64_t place = draws.below(places);
    std::size_t s = 0;
    for (; place >= places_of(s); ++s) place -= places_of(s);
    services_[n.first_service + s].storage->rot(place, draws.next());
  }
  return count;
}

}  // namespace seedbed
