#include "sim/world/world.h"

#include <algorithm>

#include "sim/world/context.h"

namespace seedbed {

std::string_view name_of(Event::Kind kind) {
  constexpr std::string_view kNames[] = {"boot", "message", "timer", "sync", "wake", "action"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

World::World(const WorldConfig& config, std::uint32_t servers)
    : config_(config),
      servers_(servers),
      network_(config.network, config.seed, servers),
      digest_(hash_of(config.seed, hash_text("digest"))) {}

NodeId World::add_node(std::vector<std::shared_ptr<const ProcessBase>> services) {
  const NodeId id{nodes() + 1};
  Node& n = nodes_.emplace_back();
  const auto stream = [&](std::string_view name, std::uint64_t which) {
    return Rng(hash_of(config_.seed, hash_text(name), id.value, which));
  };
  if (id.value <= servers_) {  // clients keep true time: a workload's rate is what it says
    Rng clock = stream("clock", 0);
    n.clock.offset = clock.between({-config_.clocks.skew, config_.clocks.skew});
    const Duration most(config_.clocks.drift_ppb);
    n.clock.drift_ppb = clock.between({-most, most}).count();
  }
  n.digest = hash_of(config_.seed, hash_text("node"), id.value);
  for (auto& prototype : services) {
    n.services.emplace_back(std::move(prototype), stream("service", n.services.size()));
  }
  scheduler_.at(now(), 0, {.kind = Event::Kind::kBoot, .node = id});
  return id;
}

// --- events

std::optional<Step> World::step() {
  const auto due = scheduler_.next();
  if (!due) return std::nullopt;
  account(due->event);
  return happen(*due);
}

/// Every event enters the digests: its time, node, kind and described payload.
void World::account(const Event& event) {
  const PayloadHeader* header = event.payload ? &pool_.header(event.payload) : nullptr;
  const std::uint64_t what =
      std::uint64_t{event.node.value} << 32 | std::uint64_t{event.service.value} << 16 |
      std::uint64_t{event.from_service.value} << 8 | static_cast<std::uint64_t>(event.kind);
  const std::uint64_t content =
      header != nullptr ? header->digest + event.from.value : event.incarnation;
  const std::uint64_t word =
      fold(fold(static_cast<std::uint64_t>(now().count()), what), content + kGolden);
  digest_ = fold(digest_ + kGolden, word);
  acting_ = event.node;
  if (event.node) {
    Node& n = node(event.node);
    n.digest = fold(n.digest + kGolden, word);
  }
  ++events_;
  if (observer_.pointer != nullptr) {
    observer_.pointer->on_event(events_, now(), event, header, digest_);
  }
}

Step World::happen(const Scheduler<Event>::Due& due) {
  const Event& event = due.event;
  Step step{event.kind, {}, event.service, event.incarnation};
  if (event.kind == Event::Kind::kAction) return step;
  if (event.kind == Event::Kind::kBoot) {
    boot(event.node);
  } else if (is_stale(event)) {
    release(event);
    return step;
  } else if (event.kind == Event::Kind::kWake) {
    return wake(event.node);
  } else if (must_queue(node(event.node))) {
    queue(node(event.node), due);
    return step;
  } else {
    handle(event);
  }
  step.node = event.node;
  return step;
}

/// The processor turns to what arrived first.
Step World::wake(NodeId id) {
  node(id).wake_scheduled = false;
  Step step{Event::Kind::kWake, {}, {}, 0};
  if (node(id).pauses != 0 || node(id).inbox.empty()) return step;
  const Event next = node(id).inbox.pop().event;
  handle(next);
  if (!node(id).inbox.empty()) schedule_wake(node(id), id);
  return {next.kind, id, next.service, 0};
}

/// An event whose receiver is gone: down, or another incarnation. A message minds only the first,
/// and whether its link was cut while it travelled.
bool World::is_stale(const Event& event) {
  const Node& n = node(event.node);
  const bool up = n.state == Node::State::kUp;
  if (event.kind != Event::Kind::kMessage) return !up || n.incarnation != event.incarnation;
  if (up && !network_.is_cut(event.from, event.node)) return false;
  ++messages_.cut;
  return true;
}

void World::queue(Node& n, const Scheduler<Event>::Due& due) {
  const Event& event = due.event;
  if (event.kind == Event::Kind::kSync) {  // the disk is done; only the news of it waits
    Storage& storage = n.services[event.service.value].storage;
    storage.apply(storage.syncing_writes());
  }
  n.inbox.push(due);
  schedule_wake(n, event.node);
}

void World::schedule_wake(Node& n, NodeId id) {
  if (n.wake_scheduled || n.pauses != 0) return;
  n.wake_scheduled = true;
  scheduler_.at(std::max(now(), n.busy_until), 0,
                {.kind = Event::Kind::kWake, .node = id, .incarnation = n.incarnation});
}

void World::boot(NodeId id) {
  Node& n = node(id);
  if (n.state != Node::State::kDown) return;
  n.state = Node::State::kUp;
  ++n.incarnation;
  n.busy_until = now();
  for (std::size_t s = 0; s < n.services.size(); ++s) {
    const ServiceId service{static_cast<std::uint8_t>(s)};
    n.services[s].process = n.services[s].pristine->clone();
    Context ctx(*this, id, service);
    n.services[s].process->boot(ctx, Recovered(n.services[s].storage));
    settle(id, service, ctx.work_);
  }
}

void World::handle(const Event& event) {
  if (event.kind == Event::Kind::kSync) return finish_sync(event.node, event.service);
  const bool message = event.kind == Event::Kind::kMessage;
  if (message) ++messages_.delivered;
  Context ctx(*this, event.node, event.service);
  node(event.node)
      .services[event.service.value]
      .process->handle(ctx, Envelope{{event.from, event.from_service}},
                       pool_.header(event.payload));
  pool_.release(event.payload);
  settle(event.node, event.service, ctx.work_ + (message ? config_.cpu.per_message : Duration{}));
}

void World::settle(NodeId id, ServiceId service, Duration busy) {
  Node& n = node(id);
  if (busy.count() > 0) n.busy_until = std::max(now(), n.busy_until) + busy;
  if (n.services[service.value].storage.wants_sync()) begin_sync(id, service);
  note_role(id, n.services[service.value]);
}

void World::note_role(NodeId id, Service& service) {
  const std::string_view role = service.process->role();
  if (role == service.role) return;
  service.role = role;
  role_changes_.append({now(), id, role, service.process->epoch()});
}

// --- messages

void World::send(NodeId from, ServiceId service, Address to, Payload payload) {
  Storage& storage = node(from).services[service.value].storage;
  if (storage.dirty()) {
    storage.hold({to, payload});
  } else {
    send_now(from, service, to, payload);
  }
}

void World::send_now(NodeId from, ServiceId service, Address to, Payload payload) {
  Node& sender = node(from);
  const PayloadHeader& header = pool_.header(payload);
  const MessageKey key{from, to.node, now(), sender.sends.next(now())};
  const bool loopback = from == to.node;
  const bool cut = !loopback && network_.is_cut(from, to.node);
  const Fate fate = loopback ? Fate{} : network_.decide(key, header.type->id);
  ++messages_.sent;
  messages_.bytes += header.bytes;
  if (observer_.pointer != nullptr) observer_.pointer->on_send(key, header, fate, cut);
  sender.uplink_free = std::max(now(), sender.uplink_free) + network_.transmission(header.bytes);
  if (cut) ++messages_.cut;
  if (fate.lost && !cut) ++messages_.lost;
  if (cut || fate.lost) return pool_.release(payload);

  const Duration queued = sender.uplink_free - now();
  const Event arrival{.kind = Event::Kind::kMessage,
                      .service = to.service,
                      .from_service = service,
                      .node = to.node,
                      .from = from,
                      .payload = payload};
  if (fate.duplicated) {
    ++messages_.duplicated;
    pool_.retain(payload);
    deliver_after(queued + fate.duplicate_delay, fate, arrival);
  }
  deliver_after(queued + fate.delay, fate, arrival);
}

void World::deliver_after(Duration delay, const Fate& fate, const Event& event) {
  const std::uint32_t tie = config_.tie_break == TieBreak::kRandom ? fate.tie : 0;
  scheduler_.at(now() + delay, tie, event);
}

// --- timers

TimerId World::arm(NodeId id, ServiceId service, Duration local, Payload tag) {
  SEEDBED_ASSERT(local.count() >= 0, "a timer {} ns in the past", -local.count());
  Node& n = node(id);
  std::uint32_t tie = 0;
  if (config_.tie_break == TieBreak::kRandom) {
    tie = static_cast<std::uint32_t>(hash_of(
        config_.seed, id.value, static_cast<std::uint64_t>(now().count()), n.timers.next(now())));
  }
  return scheduler_.at(now() + n.clock.true_span(local), tie,
                       {.kind = Event::Kind::kTimer,
                        .service = service,
                        .node = id,
                        .payload = tag,
                        .incarnation = n.incarnation});
}

bool World::disarm(NodeId id, TimerId timer) {
  if (const Event* event = scheduler_.find(timer)) {
    pool_.release(event->payload);
    return scheduler_.cancel(timer);
  }
  // It may have fired into the inbox of a busy node.
  return timer && node(id).inbox.remove([&](const Scheduler<Event>::Due& due) {
    if (due.id != timer) return false;
    pool_.release(due.event.payload);
    return true;
  });
}

// --- disks

/// What the disk does is a function of when, not of how often it was asked before.
std::uint64_t World::disk_draw(NodeId id, ServiceId service, std::string_view what) const {
  return hash_of(config_.seed ^ hash_text(what), id.value, service.value,
                 static_cast<std::uint64_t>(now().count()));
}

Duration World::slowness(NodeId id, ServiceId service) const {
  Duration longer;
  for (const SlowDisks& slow : slow_disks_) {
    if (std::find(slow.nodes.begin(), slow.nodes.end(), id) == slow.nodes.end()) continue;
    longer += pick(hash_of(disk_draw(id, service, "slow"), slow.stream), slow.by);
  }
  return longer;
}

void World::begin_sync(NodeId id, ServiceId service) {
  Node& n = node(id);
  n.services[service.value].storage.begin_sync();
  const Duration takes =
      pick(disk_draw(id, service, "sync"), config_.disk.sync) + slowness(id, service);
  scheduler_.at(
      now() + takes, 0,
      {.kind = Event::Kind::kSync, .service = service, .node = id, .incarnation = n.incarnation});
}

void World::finish_sync(NodeId id, ServiceId service) {
  Storage& storage = node(id).services[service.value].storage;
  storage.apply(storage.syncing_writes());
  WriteBatch& done = storage.end_sync();
  for (const HeldSend& held : done.sends) send_now(id, service, held.to, held.payload);
  for (const Payload tag : done.tags) arm(id, service, {}, tag);
  done.clear();
  settle(id, service, {});
}

void World::when_synced(NodeId id, ServiceId service, Payload tag) {
  Storage& storage = node(id).services[service.value].storage;
  if (storage.dirty()) {
    storage.hold_tag(tag);
  } else {
    arm(id, service, {}, tag);
  }
}

// --- what chaos does

void World::schedule_action(Time at, std::uint32_t action) {
  scheduler_.at(at, 0, {.kind = Event::Kind::kAction, .incarnation = action});
}

void World::crash(NodeId id, Probability torn) {
  Node& n = node(id);
  if (n.state != Node::State::kUp) return;
  n.state = Node::State::kDown;
  n.pauses = 0;
  n.wake_scheduled = false;
  while (!n.inbox.empty()) release(n.inbox.pop().event);
  for (std::size_t s = 0; s < n.services.size(); ++s) {
    Service& service = n.services[s];
    const std::uint64_t bits = disk_draw(id, ServiceId{static_cast<std::uint8_t>(s)}, "torn");
    if (decide(bits, torn)) {
      service.storage.apply(scale(scramble(bits), service.storage.syncing_writes() + 1));
    }
    service.storage.forget([this](Payload p) { pool_.release(p); });
    service.process.reset();
    service.role = {};
  }
  role_changes_.append({now(), id, "down", 0});
}

void World::restart(NodeId id) {
  if (node(id).state != Node::State::kDown) return;
  scheduler_.at(now(), 0, {.kind = Event::Kind::kBoot, .node = id});
}

void World::kill(NodeId id) {
  crash(id, config_.disk.torn);
  node(id).state = Node::State::kGone;
}

void World::pause(NodeId id) { ++node(id).pauses; }

void World::resume(NodeId id) {
  Node& n = node(id);
  if (n.pauses == 0 || --n.pauses != 0) return;
  if (!n.inbox.empty()) schedule_wake(n, id);
}

void World::jump_wall_clock(NodeId id, Duration by) { node(id).clock.wall_offset += by; }

std::uint32_t World::slow_disks(SlowDisks slow) {
  slow.id = ++last_slow_disks_;
  slow_disks_.push_back(std::move(slow));
  return last_slow_disks_;
}

void World::restore_disks(std::uint32_t id) {
  std::erase_if(slow_disks_, [&](const SlowDisks& slow) { return slow.id == id; });
}

std::uint64_t World::lose_tail(NodeId id, std::uint64_t count) {
  Node& n = node(id);
  if (n.state != Node::State::kDown) return 0;
  std::uint64_t lost = 0;
  for (Service& service : n.services) lost += service.storage.lose_tail(count);
  return lost;
}

void World::count(std::string_view metric, std::uint64_t by) {
  const auto found = std::find_if(metrics_.begin(), metrics_.end(),
                                  [&](const auto& m) { return m.first == metric; });
  if (found == metrics_.end()) {
    metrics_.emplace_back(metric, by);
  } else {
    found->second += by;
  }
}

}  // namespace seedbed
