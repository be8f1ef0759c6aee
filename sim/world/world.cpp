#include "sim/world/world.h"

#include <algorithm>

#include "sim/world/context.h"

// What every event goes through is one function to the compiler: with calls it had a fifth more
// instructions.
#define SEEDBED_HOT [[gnu::always_inline]] inline

namespace seedbed {

std::string_view name_of(Event::Kind kind) {
  constexpr std::string_view kNames[] = {"boot", "message", "timer", "sync",
                                         "wake", "action",  "poll"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

World::World(const WorldConfig& config, std::uint32_t servers, std::uint32_t spares)
    : config_(config),
      initial_servers_(servers),
      servers_(servers + spares),
      network_(config.network, config.seed, servers_),
      digest_(hash_of(config.seed, hash_text("digest"))) {
  if (config_.clocks.ntp.every.count() > 0) start_polls();
}

NodeId World::add_node(std::vector<std::shared_ptr<const ProcessBase>> services) {
  const NodeId id{nodes() + 1};
  const auto stream = [&](std::string_view name, std::uint64_t which) {
    return Rng(hash_of(config_.seed, hash_text(name), id.value, which));
  };
  NodeClock& clock = clocks_.emplace_back();
  if (id.value <= servers_) {  // clients keep true time: a workload's rate is what it says
    Rng draws = stream("clock", 0);
    clock.offset = draws.between({-config_.clocks.skew, config_.clocks.skew});
    const Duration most(config_.clocks.drift_ppb);
    clock.drift_ppb = draws.between({-most, most}).count();
  }
  Node& n = nodes_.emplace_back();
  n.digest = hash_of(config_.seed, hash_text("node"), id.value);
  n.first_service = static_cast<std::uint32_t>(services_.size());
  for (auto& prototype : services) {
    Service& service = services_.add();
    service.rng = stream("service", n.services++);
    service.prototype = number_of(std::move(prototype));
  }
  if (id.value > initial_servers_ && id.value <= servers_) {
    n.state = Node::State::kSpare;
  } else {
    scheduler_.at(now(), 0, {.head = Event::Kind::kBoot, .node = id});
  }
  return id;
}

std::uint32_t World::number_of(std::shared_ptr<const ProcessBase> prototype) {
  constexpr std::ptrdiff_t kRecent = 8;  // a million like nodes share theirs
  const auto known = std::find(prototypes_.end() - std::min(kRecent, std::ssize(prototypes_)),
                               prototypes_.end(), prototype);
  const auto number = static_cast<std::uint32_t>(known - prototypes_.begin());
  if (known == prototypes_.end()) {
    types_.push_back(&prototype->type());
    prototypes_.push_back(std::move(prototype));
  }
  return number;
}

// --- events

bool World::step(Step& step) {
  Scheduler<Event>::Due due;
  if (!scheduler_.next(due)) return false;
  constexpr std::size_t kBeyondTheCaches = 1024;
  if (scheduler_.queued() >= kBeyondTheCaches) fetch_ahead();
  const Event& event = due.event;
  PayloadHeader* const payload = event.payload ? &pool_.header(event.payload) : nullptr;
  const std::uint64_t word = account(event, payload);
  if (event.kind() >= Event::Kind::kAction) {
    if (event.kind() == Event::Kind::kPoll) poll_clocks(event.incarnation);
    step = {event.kind(), {}, {}, event.incarnation};
    return true;
  }
  Node& n = node(event.node);
  n.digest = fold(n.digest + kGolden, word);
  happen(due, n, payload, step);
  return true;
}

void World::fetch_ahead() {
  constexpr std::size_t kNear = 4;  // so few events before the window ends
  const auto fetch_objects = [this](const Event& event) {
    if (event.payload) pool_.fetch(event.payload);
    const std::size_t at = event.node.value - std::size_t{1};
    if (at >= nodes_.size()) return;  // an action's
    fetch(&nodes_[at]);
    if (services_.size() == nodes_.size()) fetch(&services_[at]);
    if (event.kind() != Event::Kind::kTimer) return;
    fetch(&clocks_[at]);
    scheduler_.fetch_record(event);
  };
  const auto window = scheduler_.window();
  objects_ahead_.popped();
  objects_ahead_.advance(window, [&](const auto& entry) { fetch_objects(entry.item); });
  processes_ahead_.popped();
  processes_ahead_.advance(window, [this](const auto& entry) {
    const std::size_t at = entry.item.node.value - std::size_t{1};
    if (at >= nodes_.size() || nodes_[at].services == 0) return;
    constexpr std::size_t kMostStates = 128;  // more is the process's own business
    const auto process = services_[nodes_[at].first_service].process;
    if (process != nullptr) fetch(process, kMostStates);  // a node that is down has none
  });
  if (window.size() == kNear) scheduler_.look_beyond_window(fetch_objects);
}

/// Every event enters the digests, the run's and its node's: its time, node, kind and described
/// payload. Returns all of that in a word.
SEEDBED_HOT std::uint64_t World::account(const Event& event, const PayloadHeader* payload) {
  const std::uint64_t what = std::uint64_t{event.node.value} << 32 | event.head.word;
  const std::uint64_t content =
      payload != nullptr ? payload->digest + event.from.value : event.incarnation;
  const std::uint64_t word =
      fold(fold(static_cast<std::uint64_t>(now().count()), what), content + kGolden);
  digest_ = fold(digest_ + kGolden, word);
  acting_ = event.node;
  ++events_;
  if (observer_.pointer != nullptr) show(event, payload);
  return word;
}

void World::show(Event event, const PayloadHeader* payload) {
  observer_.pointer->on_event(events_, now(), event, payload, digest_);
}

SEEDBED_HOT void World::happen(const Scheduler<Event>::Due& due, Node& n, PayloadHeader* payload,
                               Step& step) {
  const Event& event = due.event;
  step = {event.kind(), event.node, event.service(), 0};
  if (event.kind() == Event::Kind::kMessage) {
    if (event.incarnation != 0 && !arrive_in_stream(event, n)) return void(step.node = kNobody);
  } else if (event.kind() == Event::Kind::kBoot) {
    boot(event.node, event.incarnation);
    if (n.services > 0) step.ran = &service(n, {});
    return;
  } else if (event.kind() == Event::Kind::kWake) {
    return wake(event.node, n, event.incarnation, step);
  }
  if (!is_stale(event, n)) {
    if (!must_queue(n)) return void(step.ran = handle(event, n, payload));
    queue(n, due);
  } else if (payload != nullptr) {
    pool_.release(event.payload);
  }
  step.node = kNobody;
}

/// The processor turns to what arrived first.
void World::wake(NodeId id, Node& n, std::uint32_t incarnation, Step& step) {
  step = {Event::Kind::kWake, {}, {}, 0};
  if (n.state != Node::State::kUp || n.incarnation != incarnation) return;
  n.wake_scheduled = false;
  if (n.is_paused() || !n.has_mail()) return;
  const Event next = n.inbox->pop().event;
  PayloadHeader* const payload = next.payload ? &pool_.header(next.payload) : nullptr;
  if (observer_.pointer != nullptr) observer_.pointer->on_turn(next, payload);
  step = {next.kind(), id, next.service(), 0, handle(next, n, payload)};
  if (n.has_mail()) schedule_wake(n, id);
}

/// An event whose receiver is gone: down, or another incarnation. A message minds only the first,
/// and whether its link was cut while it travelled.
SEEDBED_HOT bool World::is_stale(const Event& event, const Node& n) {
  const bool up = n.state == Node::State::kUp;
  if (event.kind() != Event::Kind::kMessage) return !up || n.incarnation != event.incarnation;
  if (up && !network_.is_cut(event.from, event.node)) return false;
  ++messages_.cut;
  return true;
}

void World::queue(Node& n, Scheduler<Event>::Due due) {
  const Event& event = due.event;
  if (event.kind() == Event::Kind::kSync) {  // the disk is done; only the news of it waits
    reach_disk(site(event.node, n, event.service()));
  }
  n.inbox.made().push(due);
  schedule_wake(n, event.node);
}

void World::schedule_wake(Node& n, NodeId id) {
  if (n.wake_scheduled || n.is_paused()) return;
  n.wake_scheduled = true;
  const Duration turn = n.is_slow() ? slowed(id, SlowProcessors::kTurn) : Duration{};
  scheduler_.at(std::max(now(), n.busy_until) + turn, 0,
                {.head = Event::Kind::kWake, .node = id, .incarnation = n.incarnation});
}

/// `after`: only if that life was the last one; 0: whichever it was.
void World::boot(NodeId id, std::uint32_t after) {
  Node& n = node(id);
  if (n.state != Node::State::kDown || (after != 0 && after != n.incarnation)) return;
  n.state = Node::State::kUp;
  ++n.incarnation;
  n.busy_until = now();
  for (std::size_t s = 0; s < n.services; ++s) {
    const Site at = site(id, n, ServiceId{static_cast<std::uint8_t>(s)});
    if (is_unreadable(at)) return crash_for_a_while(at);
    services_.start(at.service, *prototypes_[at.service.prototype]);
    Context ctx(*this, at);
    at.service.process->boot(ctx, Recovered(at.service.storage.get()));
    settle(at, ctx.work_);
    if (n.state != Node::State::kUp) return;
  }
}

/// Returns whose process ran, if one did.
SEEDBED_HOT const Service* World::handle(const Event& event, Node& n, PayloadHeader* payload) {
  const Site at = site(event.node, n, event.service());
  if (event.kind() == Event::Kind::kSync) return finish_sync(at), nullptr;
  Context ctx(*this, at);
  at.service.process->handle(ctx, Envelope{{event.from, event.from_service()}}, *payload);
  pool_.release(event.payload, *payload);
  if (event.kind() == Event::Kind::kMessage) {
    ++messages_.delivered;
    ctx.work_ += config_.cpu.per_message;
  }
  settle(at, ctx.work_);
  return &at.service;
}

SEEDBED_HOT void World::settle(const Site& at, Duration busy) {
  if (busy.count() > 0) {
    if (busy >= Context::kHalts) return crash(at.id, {});
    const Duration takes = at.node.is_slow() ? slowed(at.id, busy) : busy;
    at.node.busy_until = std::max(now(), at.node.busy_until) + takes;
  }
  if (at.service.storage && at.service.storage->wants_sync()) begin_sync(at);
  const std::string_view role = at.service.process->role();
  const std::string_view before = roles_[at.service.role];
  if (role.data() != before.data() || role.size() != before.size()) note_role(at, role);
}

/// Of a role that may be the same text at another place.
void World::note_role(const Site& at, std::string_view role) {
  const bool same = role == roles_[at.service.role];
  const auto known = std::find_if(roles_.begin(), roles_.end(), [&](std::string_view r) {
    return r.data() == role.data() && r.size() == role.size();
  });
  at.service.role = static_cast<std::uint32_t>(known - roles_.begin());
  if (known == roles_.end()) roles_.push_back(role);
  if (!same) role_changes_.append({now(), at.id, role, at.service.process->epoch()});
}

// --- messages

void World::hold(const Site& from, Address to, Payload payload) {
  from.service.storage->hold({to, payload});
}

static Event arrival_of(const Site& from, Address to, Payload payload) {
  return {.head = {Event::Kind::kMessage, to.service, from.service_id},
          .node = to.node,
          .from = from.id,
          .payload = payload};
}

void World::send_now(const Site& from, Address to, Payload payload, const PayloadHeader& header) {
  const MessageKey key{from.id, to.node, now(), from.node.counts.next_send(now())};
  ++messages_.sent;
  messages_.bytes += header.bytes;
  if (!is_calm() || key.from == key.to) {
    return send_in_weather(from, key, arrival_of(from, to, payload));
  }
  scheduler_.at(now() + network_.latency(key), 0, arrival_of(from, to, payload));
}

/// The same where more may become of it than that it arrives after a latency.
void World::send_in_weather(const Site& from, MessageKey key, Event arrival) {
  const bool loopback = key.from == key.to;
  if (network_.streams() && !loopback) return send_in_stream(from, key, arrival);
  const PayloadHeader& header = pool_.header(arrival.payload);
  const bool cut = !loopback && network_.is_cut(key.from, key.to);
  Fate fate = loopback ? Fate{} : network_.decide(key, header.type->id);
  Duration queued;
  if (!network_.unlimited()) queued = enqueue(from, header.bytes, fate);
  if (fate.corrupted) arrival.payload = corrupt(key, arrival.payload, fate);
  if (observer_.pointer != nullptr) {
    observer_.pointer->on_send(key, pool_.header(arrival.payload), fate, cut);
  }
  if (cut) ++messages_.cut;
  if (fate.lost && !cut) ++messages_.lost;
  if (cut || fate.lost) return pool_.release(arrival.payload);

  const std::uint32_t tie = loopback ? 0 : tie_of(key);
  if (fate.duplicated) {
    ++messages_.duplicated;
    pool_.retain(arrival.payload);
    scheduler_.at(now() + queued + fate.duplicate_delay, tie, arrival);
  }
  scheduler_.at(now() + queued + fate.delay, tie, arrival);
}

/// A bit of it flips. What its checksum catches is lost; else the receiver gets a payload of its
/// own, for a broadcast is one payload for all.
Payload World::corrupt(const MessageKey& key, Payload payload, Fate& fate) {
  const PayloadType& type = *pool_.header(payload).type;
  fate.lost |= type.flip == nullptr;
  if (fate.lost) return payload;
  const Payload own = pool_.separate(payload);
  fate.lost = !type.flip(pool_.header(own), network_.flip_of(key));
  return own;
}

/// Returns when the last of these bytes has left the node.
Duration World::transmit(const Site& from, std::uint32_t bytes) {
  Time& free = from.node.uplink_free;
  free = std::max(now(), free) + network_.transmission(from.id, bytes);
  return free - now();
}

/// The same, unless the queue of the uplink is full: then the message is lost (drop-tail).
Duration World::enqueue(const Site& from, std::uint32_t bytes, Fate& fate) {
  const bool full = network_.overflows(from.id, from.node.uplink_free - now(), bytes);
  fate.lost |= full;
  return full ? Duration{} : transmit(from, bytes);
}

// --- timers

TimerId World::arm(const Site& at, Duration local, Payload tag, bool may_be_put_off) {
  SEEDBED_ASSERT(local.count() >= 0, "a timer {} ns in the past", -local.count());
  std::uint32_t tie = 0;
  if (config_.tie_break == TieBreak::kRandom) {
    tie = static_cast<std::uint32_t>(hash_of(config_.seed, at.id.value,
                                             static_cast<std::uint64_t>(now().count()),
                                             at.node.counts.next_timer(now())));
  }
  const Time due = clock(at.id).due(now(), local);
  const TimerId timer = scheduler_.arm(due, tie,
                                       {.head = {Event::Kind::kTimer, at.service_id},
                                        .node = at.id,
                                        .payload = tag,
                                        .incarnation = at.node.incarnation});
  if (may_be_put_off) scheduler_.may_be_put_off(timer, due);
  return timer;
}

/// False where it does not wait, or would come earlier than it does.
bool World::put_off(const Site& at, TimerId timer, Duration local) {
  if (config_.tie_break == TieBreak::kRandom) return false;
  SEEDBED_ASSERT(local.count() >= 0, "a timer {} ns in the past", -local.count());
  return scheduler_.put_off(timer, clock(at.id).due(now(), local));
}

bool World::disarm(Node& n, TimerId timer) {
  if (const std::optional<Payload> tag = scheduler_.cancel(timer)) {
    pool_.release(*tag);
    return true;
  }
  // It may have fired into the inbox of a busy node.
  return timer && n.has_mail() && n.inbox->remove([&](const Scheduler<Event>::Due& due) {
    if (due.id != timer) return false;
    pool_.release(due.event.payload);
    return true;
  });
}

// --- disks

/// What the disk does is a function of when, not of how often it was asked before.
std::uint64_t World::disk_draw(const Site& at, std::uint64_t question) const {
  return hash_of(config_.seed ^ question, at.id.value, at.service_id.value,
                 static_cast<std::uint64_t>(now().count()));
}

void World::begin_sync(const Site& at) {
  Storage& storage = *at.service.storage;
  storage.begin_sync();
  const auto when = static_cast<std::uint64_t>(now().count());
  Duration takes = pick(hash_on(storage.sync_key(), when), config_.disk.sync);
  if (config_.disk.bandwidth != 0) takes += writing(storage.syncing_bytes());
  if (!disk_faults_.empty()) takes += slowness(at);
  scheduler_.at(now() + takes, 0,
                {.head = {Event::Kind::kSync, at.service_id},
                 .node = at.id,
                 .incarnation = at.node.incarnation});
}

void World::reach_disk(const Site& at) {
  if (!disk_faults_.empty()) return sync_in_bad_weather(at);
  Storage& storage = *at.service.storage;
  storage.apply(storage.syncing_writes());
}

void World::finish_sync(const Site& at) {
  reach_disk(at);
  Storage& storage = *at.service.storage;
  WriteBatch& done = storage.end_sync();
  if (done.outcome != SyncOutcome::kDone) [[unlikely]]
    return fail_sync(at);
  for (const HeldSend& held : done.sends) send_now(at, held.to, held.payload);
  for (const Payload tag : done.tags) arm(at, {}, tag);
  done.clear();
  if (storage.wants_sync()) begin_sync(at);
}

void World::when_synced(const Site& at, Payload tag) {
  if (at.service.dirty()) {
    at.service.storage->hold_tag(tag);
  } else {
    arm(at, {}, tag);
  }
}

// --- for who drives it

void World::schedule_action(Time at, std::uint32_t action) {
  scheduler_.at(at, 0, {.head = Event::Kind::kAction, .incarnation = action});
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
