#include "sim/chaos/injector.h"

#include <algorithm>

#include "sim/base/text.h"
#include "sim/chaos/partition.h"
#include "sim/chaos/selector.h"

namespace seedbed {

struct Injector::Firing {
  const Fault& fault;
  Rng rng;
  FaultRecord record;
  Active active;
  std::uint64_t lost = 0;  // entries of logs
};

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
  if ((action & kEndOfFault) == 0) return fire(world, action - kFirstAction);
  const std::size_t record = action & ~kEndOfFault;
  const auto found = std::find_if(active_.begin(), active_.end(),
                                  [&](const Active& a) { return a.record == record; });
  if (found == active_.end()) return;  // healed before its time
  const Active ended = std::move(*found);
  active_.erase(found);
  end(world, ended);
}

void Injector::fire(World& world, std::size_t index) {
  const ChaosEntry& entry = (*plan_)[index];
  Rng rng = stream_of(seed_, entry, firings_[index]);
  rng.next();  // when
  const Fault& fault = entry.one_of[rng.below(entry.one_of.size())];
  const std::uint64_t length = rng.next();
  ++firings_[index];

  Firing firing{fault, rng, {}, {}};
  firing.record.at = world.now();
  firing.record.kind = fault.kind;
  firing.record.name = name_of(fault);
  firing.record.entry = index;
  firing.active.kind = fault.kind;
  firing.active.record = records_.size();
  const bool lasting = begin(world, firing);
  if (!firing.record.on.empty()) effective_[index] = true;
  if (lasting && fault.lasts) {
    firing.record.until = world.now() + pick(length, *fault.lasts);
    world.schedule_action(*firing.record.until,
                          kEndOfFault | static_cast<std::uint32_t>(records_.size()));
  }
  if (lasting) active_.push_back(std::move(firing.active));
  records_.push_back(std::move(firing.record));
  schedule_next(world, index);
}

/// True if the fault is now under way and has an end.
bool Injector::begin(World& world, Firing& firing) {
  switch (firing.fault.kind) {
    case FaultKind::kIsolate:
    case FaultKind::kPartition:
    case FaultKind::kOneWay:
    case FaultKind::kCut: return begin_cut(world, firing);
    case FaultKind::kDiskSlow: return begin_slow_disks(world, firing);
    case FaultKind::kLoss:
    case FaultKind::kDelay:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder: return begin_weather(world, firing);
    case FaultKind::kHeal: {
      for (const Active& active : active_) {
        const auto& on = records_[active.record].on;
        firing.record.on.insert(firing.record.on.end(), on.begin(), on.end());
      }
      std::sort(firing.record.on.begin(), firing.record.on.end());
      firing.record.on.erase(std::unique(firing.record.on.begin(), firing.record.on.end()),
                             firing.record.on.end());
      for (const Active& active : std::exchange(active_, {})) end(world, active);
      return false;
    }
    case FaultKind::kAction: return ask(world, firing), false;
    default: return begin_on_nodes(world, firing);
  }
}

bool Injector::begin_on_nodes(World& world, Firing& firing) {
  const Fault& fault = firing.fault;
  for (const NodeId n : resolve(fault.who, world, firing.rng)) {
    if (!world.is_up(n)) continue;
    firing.record.on.push_back(n);
    firing.active.hits.push_back({n, world.incarnation(n)});
    switch (fault.kind) {
      case FaultKind::kCrash: world.crash(n, world.disk_config().torn); break;
      case FaultKind::kKill: world.kill(n); break;
      case FaultKind::kPause: world.pause(n); break;
      case FaultKind::kLoseTail:
        world.crash(n, world.disk_config().torn);
        firing.lost += world.lose_tail(n, fault.entries);
        break;
      case FaultKind::kClockJump: {
        const Duration by = pick(hash_of(firing.rng.next(), n.value), fault.by);
        world.jump_wall_clock(n, by);
        firing.record.detail += (firing.record.detail.empty() ? "" : " ") + to_text(by);
        break;
      }
      default: SEEDBED_ASSERT(false, "{} is not a fault of nodes", info_of(fault.kind).name);
    }
  }
  if (fault.kind == FaultKind::kLoseTail && !firing.record.on.empty()) {
    firing.record.detail =
        fmt::format("{} {} lost", firing.lost, firing.lost == 1 ? "entry" : "entries");
  }
  const bool ends = fault.kind != FaultKind::kKill && fault.kind != FaultKind::kClockJump;
  return ends && !firing.record.on.empty();
}

namespace {

/// "n1 n2".
std::string describe_nodes(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const NodeId n : nodes) text += (text.empty() ? "" : " ") + to_text(n);
  return text;
}

std::string describe_range(Range<Duration> by) { return to_text(by.min) + ".." + to_text(by.max); }

/// "n1 n2 | n3" for the classes of a partition.
std::string describe_cut(const Cut& cut) {
  std::string text;
  for (std::uint32_t c = 1; c < cut.classes; ++c) {
    if (c > 1) text += " |";
    for (std::uint32_t id = 1; id < cut.class_of.size(); ++id) {
      if (cut.class_of[id] == c) text += (text.empty() ? "" : " ") + to_text(NodeId{id});
    }
  }
  return text;
}

}  // namespace

bool Injector::begin_cut(World& world, Firing& firing) {
  const Fault& fault = firing.fault;
  std::vector<NodeId>& on = firing.record.on;
  Cut cut;
  if (fault.kind == FaultKind::kPartition) {
    cut = cut_by_shape(fault.partition, world, firing.rng);
    for (std::uint32_t id = 1; id < cut.class_of.size(); ++id) {
      if (cut.class_of[id] != 0) on.push_back({id});
    }
    firing.record.detail = describe_cut(cut);
  } else {
    on = resolve(fault.who, world, firing.rng);
    if (fault.kind == FaultKind::kIsolate) {
      cut = cut_off(on, world);
    } else if (fault.kind == FaultKind::kCut) {
      if (on.size() < 2) on.clear();  // a link has two ends
      cut = cut_apart(on);
    } else {
      const std::vector<NodeId> to = resolve(fault.to, world, firing.rng);
      cut = cut_one_way(on, to);
      if (!to.empty()) firing.record.detail = "to " + describe_nodes(to);
      if (to.empty()) on.clear();
    }
  }
  if (on.empty()) return false;
  firing.active.weather = world.network().add_cut(std::move(cut));
  return true;
}

bool Injector::begin_weather(World& world, Firing& firing) {
  const Fault& fault = firing.fault;
  const std::vector<NodeId> on = resolve(fault.who, world, firing.rng);
  if (on.empty()) return false;
  Overlay overlay{.stream = firing.rng.next(), .chance = fault.chance, .by = fault.by};
  switch (fault.kind) {
    case FaultKind::kLoss: overlay.kind = Overlay::Kind::kLoss; break;
    case FaultKind::kDelay: overlay.kind = Overlay::Kind::kDelay; break;
    case FaultKind::kDuplicate: overlay.kind = Overlay::Kind::kDuplicate; break;
    default: overlay.kind = Overlay::Kind::kReorder; break;
  }
  if (!fault.only.empty()) overlay.only = hash_text(fault.only);
  for (const NodeId n : on) {
    if (overlay.nodes.size() <= n.value) overlay.nodes.resize(n.value + 1, false);
    overlay.nodes[n.value] = true;
    if (n.value > world.servers()) overlay.spares_clients = false;
  }
  firing.active.weather = world.network().add_overlay(std::move(overlay));
  firing.record.on = on;
  const bool by_chance = fault.kind != FaultKind::kDelay;
  firing.record.detail = by_chance ? to_text(fault.chance) : describe_range(fault.by);
  return true;
}

bool Injector::begin_slow_disks(World& world, Firing& firing) {
  const Range<Duration> by = firing.fault.by;
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return false;
  firing.active.disks =
      world.add_disk_fault({.stream = firing.rng.next(), .by = by, .nodes = firing.record.on});
  firing.record.detail = describe_range(by);
  return true;
}

/// A request of the protocol has no end. `on` is who took it up; the detail is who was named.
void Injector::ask(World& world, Firing& firing) {
  const ProtocolAction& action = *firing.fault.action;
  const std::vector<NodeId> who = resolve(firing.fault.who, world, firing.rng);
  if (who.empty()) return;
  firing.record.on = action.act(world, who);
  if (firing.record.on != who) firing.record.detail = describe_nodes(who);
}

void Injector::end(World& world, const Active& active) {
  records_[active.record].until = world.now();
  if (active.weather != 0) world.network().remove(active.weather);
  if (active.disks != 0) world.remove_disk_fault(active.disks);
  for (const Hit& hit : active.hits) {
    if (world.incarnation(hit.node) != hit.incarnation) continue;  // another life, not ours
    if (active.kind == FaultKind::kPause) {
      world.resume(hit.node);
    } else {
      world.restart(hit.node);
    }
  }
}

void Injector::heal(World& world) {
  for (const Active& active : std::exchange(active_, {})) end(world, active);
  healed_ = true;
}

}  // namespace seedbed
