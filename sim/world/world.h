// The world: nodes, their clocks and disks, the network between them, and the one queue of events
// that drives them all. A value: a copy continues exactly as the original would.
//
//   World world(config, /*servers=*/3);
//   for (...) world.add_node({prototype});
//   while (auto step = world.step()) ...          // one event; what it touched
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/base/ids.h"
#include "sim/kernel/payload.h"
#include "sim/kernel/scheduler.h"
#include "sim/world/config.h"
#include "sim/world/disk.h"
#include "sim/world/disk_fault.h"
#include "sim/world/history.h"
#include "sim/world/network.h"
#include "sim/world/node.h"
#include "sim/world/streams.h"

namespace seedbed {

using TimerId = EventId;

struct MessageCounts {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t cut = 0;  // by a partition, or because the receiver was down
  std::uint64_t bytes = 0;
};

struct RoleChange {
  Time at;
  NodeId node;
  std::string_view role;
  std::uint64_t epoch = 0;
};

/// Processors that got slow: whatever keeps them busy takes so many times longer.
struct SlowProcessors {
  std::uint32_t id = 0;
  std::uint64_t factor_permille = 1000;  // 1x to kMostFactor
  std::vector<NodeId> nodes;
  static constexpr std::uint64_t kMostFactor = 1'000'000;
  /// What a slow processor takes, before the factor, to turn to one thing; a whole one takes
  /// nothing.
  static constexpr Duration kTurn = 100_us;
};

/// Clocks that go wrong: they stand still, or each of them gains what it draws.
struct ClockFault {
  std::uint32_t id = 0;
  std::uint64_t stream = 0;  // its draws are its own
  bool freeze = false;
  Range<std::int64_t> gain_ppb;
  std::vector<NodeId> nodes;  // by rising id
};

/// Who sets the pace of a node's clocks besides faults.
struct Pace {
  std::int64_t oscillator_ppb = 0;
  std::int64_t frequency_ppb = 0;  // the time daemon's estimate of what the oscillator lacks
  std::int64_t slew_ppb = 0;       // its correction of the offset until the next poll
};

/// A place in a protocol's code where something rare may happen, and how often it did.
struct FaultPointCount {
  std::string_view name;
  bool active = false;
  std::uint64_t reached = 0;
  std::uint64_t taken = 0;
};

/// What one event did. `action` is the number of an action that is now due; `node` is the node
/// whose process ran, or nobody.
struct Step {
  Event::Kind kind = Event::Kind::kAction;
  NodeId node;
  ServiceId service;
  std::uint32_t action = 0;
  const Service* ran = nullptr;  // until the next event; null where no process may have changed
};

/// Sees what happens without being part of it: a copy of a world has no observer.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A message departed. `cut`: the link was cut, so that its fate does not matter.
  virtual void on_send(const MessageKey&, const PayloadHeader&, const Fate&, bool /*cut*/) {}
  /// An event is about to take effect. `payload` is null for boots, syncs, wakes and actions.
  virtual void on_event(std::uint64_t /*number*/, Time, const Event&, const PayloadHeader*,
                        std::uint64_t /*digest of the run so far*/) {}
  /// A node that was busy turns to what had arrived meanwhile.
  virtual void on_turn(const Event&, const PayloadHeader*) {}
};

class World {
 public:
  /// `spares` are servers that the world begins without, and that may join it.
  World(const WorldConfig& config, std::uint32_t servers, std::uint32_t spares = 0);

  /// Adds the next node, with one service for each prototype; it boots at the present time, but for
  /// the spares: those come right after the servers, before everybody else.
  NodeId add_node(std::vector<std::shared_ptr<const ProcessBase>> services);

  /// Takes the earliest event and lets it happen; false when there is none. What it did is written
  /// where it is wanted: handed on in 16 bytes at a time it would be read before it is written.
  bool step(Step& step);
  std::optional<Step> step() {
    std::optional<Step> made(std::in_place);
    if (!step(*made)) made.reset();
    return made;
  }

  Time now() const { return scheduler_.now(); }
  std::uint64_t events() const { return events_; }
  std::uint64_t digest() const { return digest_; }
  std::uint64_t digest(NodeId n) const { return node(n).digest; }
  /// n1 to n`servers` are servers: those that were there at the beginning, and spares.
  std::uint32_t servers() const { return servers_; }
  std::uint32_t initial_servers() const { return initial_servers_; }
  std::uint32_t nodes() const { return static_cast<std::uint32_t>(nodes_.size()); }
  const MessageCounts& messages() const { return messages_; }
  const SharedLog<RoleChange>& role_changes() const { return role_changes_; }
  const std::vector<std::pair<std::string_view, std::uint64_t>>& metrics() const {
    return metrics_;
  }
  /// Those that were reached so far.
  const std::vector<FaultPointCount>& fault_points() const { return fault_points_; }
  /// Whose event was the last one: for an assertion that failed in it.
  NodeId acting() const { return acting_; }
  std::size_t living_payloads() const { return pool_.living(); }
  const PayloadPool& payloads() const { return pool_; }
  std::size_t pending_events() const { return scheduler_.pending(); }
  /// No event comes before this time.
  Time next_event_at() const { return scheduler_.next_time(); }

  bool is_up(NodeId n) const { return node(n).state == Node::State::kUp; }
  bool is_paused(NodeId n) const { return node(n).is_paused(); }
  /// A server that has not joined yet.
  bool is_spare(NodeId n) const { return node(n).state == Node::State::kSpare; }
  /// Counts the boots of a node.
  std::uint32_t incarnation(NodeId n) const { return node(n).incarnation; }
  /// Null while the node is down.
  const ProcessBase* process(NodeId n, ServiceId s = {}) const {
    return service(node(n), s).process;
  }
  /// Of which type its process is, up or down.
  const ProcessType& type(const Service& s) const { return *types_[s.prototype]; }
  const NodeClock& clock(NodeId n) const {
    SEEDBED_ASSERT(n.value - 1 < clocks_.size(), "there is no node {}", n.value);
    return clocks_[n.value - 1];
  }
  Recovered durable(NodeId n, ServiceId s = {}) const {
    return Recovered(service(node(n), s).storage.get());
  }

  History& history() { return history_; }
  const History& history() const { return history_; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }
  void observe(Observer* observer) { observer_.pointer = observer; }

  /// For chaos and the run itself. A step with kind kAction and this number comes at `at`.
  void schedule_action(Time at, std::uint32_t action);
  /// Loses the process, what was not synced and what waited to be sent. Only if up.
  void crash(NodeId n, Probability torn);
  /// Boots again, with what its disk still has. Only if down.
  void restart(NodeId n);
  /// Crashes, never to return.
  void kill(NodeId n);
  /// The disk is an empty one. Only while it is down.
  void wipe(NodeId n);
  /// A spare boots for the first time.
  void join(NodeId n);
  /// Stops for good, after its processes have said goodbye. Only if up.
  void leave(NodeId n);
  /// Stops the processor; pauses nest. What arrives meanwhile is handled after the last resume.
  void pause(NodeId n);
  void resume(NodeId n);
  void jump_wall_clock(NodeId n, Duration by);
  /// Both clocks, as a machine's own clock may come back from a restart. Only while it is down.
  void skew_clock(NodeId n, Duration by);
  /// Until the id that these return is passed to `remove_clock_fault` or `restore_processors`.
  std::uint32_t add_clock_fault(ClockFault fault);
  void remove_clock_fault(std::uint32_t id);
  std::uint32_t slow_processors(SlowProcessors slow);
  void restore_processors(std::uint32_t id);
  /// Until the id that this returns is passed to `remove_disk_fault`.
  std::uint32_t add_disk_fault(DiskFault fault);
  void remove_disk_fault(std::uint32_t id);
  /// The last `count` durable entries of each log are gone when the node boots again: a bad sector.
  /// Only while it is down. Returns how many there were.
  std::uint64_t lose_tail(NodeId n, std::uint64_t count);
  /// So many bits flip on the disk, anywhere. Returns how many: 0 where nothing is durable.
  std::uint64_t rot_bits(NodeId n, std::uint64_t count, Rng draws);
  /// As if a timer with this tag had just fired: scripts and tests drive protocols with it.
  template <Described T>
  void inject(NodeId n, ServiceId service, T tag) {
    arm(site(n, node(n), service), {}, pool_.make(std::move(tag)));
  }
  const DiskConfig& disk_config() const { return config_.disk; }

 private:
  friend class Context;
  struct ObserverPointer {
    ObserverPointer() = default;
    ObserverPointer(const ObserverPointer&) {}
    ObserverPointer& operator=(const ObserverPointer&) { return pointer = nullptr, *this; }
    Observer* pointer = nullptr;
  };

  Node& node(NodeId n) {
    SEEDBED_ASSERT(n.value - 1 < nodes_.size(), "there is no node {}", n.value);
    return nodes_[n.value - 1];
  }
  const Node& node(NodeId n) const { return const_cast<World*>(this)->node(n); }
  Service& service(const Node& n, ServiceId s) {
    SEEDBED_ASSERT(s.value < n.services, "a node with {} services has none with number {}",
                   n.services, s.value);
    return services_[n.first_service + s.value];
  }
  const Service& service(const Node& n, ServiceId s) const {
    return const_cast<World*>(this)->service(n, s);
  }
  Site site(NodeId id, Node& n, ServiceId s) { return {id, s, n, service(n, s)}; }

  // What a process does, on its behalf.
  [[gnu::always_inline]] void send(const Site& from, Address to, Payload payload) {
    if (from.service.dirty()) return hold(from, to, payload);
    send_now(from, to, payload);
  }
  static void hold(const Site& from, Address to, Payload payload);
  void send_now(const Site& from, Address to, Payload payload) {
    send_now(from, to, payload, pool_.header(payload));
  }
  void send_now(const Site& from, Address to, Payload payload, const PayloadHeader& header);
  void send_in_weather(const Site& from, MessageKey key, Event arrival);
  Payload corrupt(const MessageKey& key, Payload payload, Fate& fate);
  Fate persist(MessageKey& key, const PayloadType& type) const;
  void send_in_stream(const Site& from, const MessageKey& key, Event arrival);
  void move_up(Stream& stream);
  void reset(Stream& stream);
  bool arrive_in_stream(Event event, const Node& to);
  bool try_again(Stream& stream, const Event& event);
  TimerId arm(const Site& at, Duration local, Payload tag, bool may_be_put_off = false);
  bool put_off(const Site& at, TimerId timer, Duration local);
  bool disarm(Node& n, TimerId timer);
  void when_synced(const Site& at, Payload tag);
  void count(std::string_view metric, std::uint64_t by);
  bool takes_fault_point(const Site& at, std::string_view name);

  // Clocks, processors.
  void start_polls();
  void poll_clocks(std::uint32_t phase);
  void ask_for_time(NodeId n, Pace& pace);
  template <class Change>
  void change_paces(const std::vector<NodeId>& nodes, Change change);
  std::int64_t rate_of(NodeId n, const Pace& pace) const;
  Duration slowed(NodeId n, Duration busy) const;
  void mark_slow(const std::vector<NodeId>& nodes);
  void stop(NodeId n, Node& node, Probability torn);

  void fetch_ahead();
  /// A message that leaves has nothing to expect but a latency, and nobody looks.
  bool is_calm() const {
    return network_.is_calm() && observer_.pointer == nullptr &&
           config_.tie_break == TieBreak::kFifo;
  }
  std::uint32_t tie_of(const MessageKey& key) const {
    return config_.tie_break == TieBreak::kRandom ? network_.tie(key) : 0;
  }
  Duration transmit(const Site& from, std::uint32_t bytes);
  Duration enqueue(const Site& from, std::uint32_t bytes, Fate& fate);
  // By value, where an event leaves the common path: one whose address nobody takes stays in
  // registers there.
  std::uint64_t account(const Event& event, const PayloadHeader* payload);
  void show(Event event, const PayloadHeader* payload);
  bool is_stale(const Event& event, const Node& n);
  bool must_queue(const Node& n) const {
    return n.holds != 0 || n.busy_until > now() || n.has_mail();
  }
  void queue(Node& n, Scheduler<Event>::Due due);
  void schedule_wake(Node& n, NodeId id);
  void happen(const Scheduler<Event>::Due& due, Node& n, PayloadHeader* payload, Step& step);
  void wake(NodeId id, Node& n, std::uint32_t incarnation, Step& step);
  // world_disks.cpp
  void open_storage(const Site& at) const;
  DiskCondition disk_condition(const Site& at) const;
  Duration writing(std::uint64_t bytes) const;
  Duration slowness(const Site& at) const;
  void sync_in_bad_weather(const Site& at);
  void fail_sync(const Site& at);
  void crash_for_a_while(const Site& at);
  bool is_unreadable(const Site& at) const;
  template <class Visit>
  void each_disk_fault(NodeId n, DiskFault::Kind kind, Visit visit) const;
  bool disk_strikes(const Site& at, DiskFault::Kind kind) const;
  std::uint64_t disk_draw(const Site& at, std::uint64_t question) const;
  std::uint32_t number_of(std::shared_ptr<const ProcessBase> prototype);
  void boot(NodeId n, std::uint32_t after);
  const Service* handle(const Event& event, Node& n, PayloadHeader* payload);
  void reach_disk(const Site& at);
  void finish_sync(const Site& at);
  /// After a process ran: starts a sync if it wrote, keeps the processor busy, notes its role.
  void settle(const Site& at, Duration busy);
  void begin_sync(const Site& at);
  void note_role(const Site& at, std::string_view role);

  WorldConfig config_;
  std::uint32_t initial_servers_;
  std::uint32_t servers_;
  PayloadPool pool_;
  Scheduler<Event> scheduler_;
  Network network_;
  Streams streams_;
  PagedVector<Node> nodes_;
  PagedVector<NodeClock> clocks_;
  Services services_;
  std::vector<std::shared_ptr<const ProcessBase>> prototypes_;
  std::vector<const ProcessType*> types_;  // beside them
  std::vector<std::string_view> roles_{""};
  Lookahead objects_ahead_{6};
  Lookahead processes_ahead_{3};
  std::vector<DiskFault> disk_faults_;
  std::uint32_t last_disk_fault_ = 0;
  std::vector<SlowProcessors> slow_processors_;
  std::vector<ClockFault> clock_faults_;
  std::uint32_t last_fault_ = 0;        // of the two
  FlatMap<std::uint32_t, Pace> paces_;  // by node id; of those that run at their drift: none
  std::vector<FaultPointCount> fault_points_;
  History history_;
  MessageCounts messages_;
  SharedLog<RoleChange> role_changes_;
  std::vector<std::pair<std::string_view, std::uint64_t>> metrics_;
  NodeId acting_;
  std::uint64_t events_ = 0;
  std::uint64_t digest_;
  ObserverPointer observer_;
};

}  // namespace seedbed
