// All that a process can see or do. One lives for the length of a handler call; never keep it.
//
//   void on(Context& ctx, const Envelope& from, const RequestVote& m) {
//     ctx.save(HardState{current_term_, voted_for_});           // durable before anything ...
//     ctx.reply(from, RequestVoteReply{current_term_, true});   // ... that is sent after it
//     ctx.cancel(election_timer_);
//     election_timer_ = ctx.after(ctx.rng().between({150_ms, 300_ms}), ElectionTimeout{});
//   }
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sim/world/disk.h"
#include "sim/world/world.h"

namespace seedbed {

/// The other servers, by rising id, without a list of them.
class PeerView {
 public:
  class Iterator {
   public:
    constexpr Iterator(std::uint32_t at, std::uint32_t self) : at_(at), self_(self) { skip(); }
    constexpr NodeId operator*() const { return {at_}; }
    constexpr Iterator& operator++() { return ++at_, skip(), *this; }
    constexpr bool operator==(const Iterator& o) const { return at_ == o.at_; }

   private:
    constexpr void skip() { at_ += at_ == self_; }
    std::uint32_t at_;
    std::uint32_t self_;
  };

  constexpr PeerView(std::uint32_t servers, NodeId self) : servers_(servers), self_(self) {}
  constexpr Iterator begin() const { return {1, self_.value}; }
  constexpr Iterator end() const { return {servers_ + 1, self_.value}; }
  constexpr std::uint32_t size() const { return servers_ - (self_.value <= servers_ ? 1 : 0); }
  /// The k-th, from 0: for a random peer, `peers[rng.below(peers.size())]`.
  constexpr NodeId operator[](std::uint64_t k) const {
    const auto id = static_cast<std::uint32_t>(k) + 1;
    return {id + (id >= self_.value ? 1 : 0)};
  }

 private:
  std::uint32_t servers_;
  NodeId self_;
};

class Context {
 public:
  Context(World& world, const Site& site) : world_(world), site_(site) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  NodeId self() const { return site_.id; }
  ServiceId service() const { return site_.service_id; }
  /// This node's monotonic clock: skewed, drifting, slewed, sometimes frozen, never stepping.
  /// Timers run on it.
  Time now() const { return world_.clock(self()).monotonic(world_.now()); }
  /// This node's wall clock: steps, too.
  Time wall() const { return world_.clock(self()).wall(world_.now()); }
  /// This service's own stream.
  Rng& rng() { return site_.service.rng; }
  /// The servers that the world began with, whoever has joined or left since: all that a process
  /// knows of the others when it boots. Without self.
  PeerView peers() const { return {world_.initial_servers(), self()}; }
  std::uint32_t initial_servers() const { return world_.initial_servers(); }
  /// No server will ever have a higher id than this.
  std::uint32_t most_servers() const { return world_.servers(); }

  // --- messages. What is sent after a save or append departs once that is durable. (Inlined, so
  // that a message goes from registers to its payload: its fields have just been computed.)

  template <Described M>
  [[gnu::always_inline]] void send(Address to, M message) {
    world_.send(site_, to, world_.pool_.make(std::move(message)));
  }
  /// To the same service on another node.
  template <Described M>
  [[gnu::always_inline]] void send(NodeId to, M message) {
    send(Address{to, service()}, std::move(message));
  }
  /// To the same service of every peer: one payload, n deliveries.
  template <Described M>
  void broadcast(M message) {
    const std::uint32_t receivers = peers().size();
    if (receivers == 0) return;
    const Payload payload = world_.pool_.make(std::move(message));
    world_.pool_.retain(payload, receivers - 1);
    for (const NodeId peer : peers()) world_.send(site_, {peer, service()}, payload);
  }
  template <Described M>
  [[gnu::always_inline]] void reply(const Envelope& to, M message) {
    send(to.from, std::move(message));
  }
  /// Departs at once, durable or not. For where a paper allows it, and says why it is safe.
  template <Described M>
  [[gnu::always_inline]] void send_unsynced(Address to, M message) {
    world_.send_now(site_, to, world_.pool_.make(std::move(message)));
  }
  template <Described M>
  [[gnu::always_inline]] void send_unsynced(NodeId to, M message) {
    send_unsynced(Address{to, service()}, std::move(message));
  }

  /// To the same service of each of these: one payload, n deliveries.
  template <class Nodes, Described M>
  void multicast_unsynced(const Nodes& to, M message) {
    const Payload payload = world_.pool_.make(std::move(message));
    world_.pool_.retain(payload, static_cast<std::uint32_t>(to.size()));
    for (const NodeId n : to) world_.send_now(site_, {n, service()}, payload);
    world_.pool_.release(payload);
  }

  // --- timers, on the local monotonic clock

  /// `on(ctx, tag)` is called once, after `delay` (>= 0) on this node's clock, unless it is
  /// cancelled or the node crashes first.
  template <Described T>
  TimerId after(Duration delay, T tag) {
    return world_.arm(site_, delay, world_.pool_.make(std::move(tag)));
  }
  /// False if it has fired or was cancelled already. O(1).
  bool cancel(TimerId timer) { return world_.disarm(site_.node, timer); }
  /// Cancels `timer`, which is none or one that this made of a tag of this type, and makes another.
  /// Cheaper than to say so: one that is put off at every message, as election timeouts are, waits
  /// where it is until its first delay is over. (So it comes behind what was due at the same
  /// instant when that was.)
  template <Described T>
  void restart(TimerId& timer, Duration delay, T tag) requires std::is_empty_v<T> {
    if (world_.put_off(site_, timer, delay)) return;
    cancel(timer);
    timer = world_.arm(site_, delay, world_.pool_.make(std::move(tag)), true);
  }

  // --- the disk

  /// Replaces the durable slot of this type, atomically.
  template <Described S>
  void save(S state) {
    storage().save(std::move(state));
  }
  /// Appends to the durable log of this type, whose first entry ever has index 1.
  template <Described E>
  void append(E entry) {
    storage().append(std::move(entry));
  }
  /// The same of an entry of the process's own log, without a copy.
  template <Described E>
  void append(const SharedLog<E>& log, std::uint64_t index) {
    storage().append(log, index);
  }
  /// Drops `index` and everything after it from the durable log of this type.
  template <Described E>
  void truncate(std::uint64_t index) {
    storage().template cut_log<E>(DurableBase::Step::kTruncate, index);
  }
  /// Drops everything up to and including `index`; later entries keep their indices.
  template <Described E>
  void compact(std::uint64_t index) {
    storage().template cut_log<E>(DurableBase::Step::kCompact, index);
  }
  /// `on(ctx, tag)` is called when all that was written so far is durable; at once if it is.
  template <Described T>
  void when_synced(T tag) {
    world_.when_synced(site_, world_.pool_.make(std::move(tag)));
  }
  /// The lower-level door: files.
  Disk disk() { return Disk(storage(), world_.disk_condition(site_)); }
  /// What a crash would leave now: for who handles SyncFailed.
  Recovered durable() const { return Recovered(site_.service.storage.get()); }

  // --- the processor, and figures

  /// This handler keeps the node's processor busy for so long; what arrives meanwhile queues.
  void work(Duration cpu) { work_ += cpu; }
  /// This node stops after the handler, as in a crash, and does not start by itself again: for who
  /// finds that its disk has lost what it promised to keep.
  void halt() { work_ = kHalts; }
  /// Adds to a figure that the results report. `metric` must outlive the run: a literal.
  void count(std::string_view metric, std::uint64_t by = 1) { world_.count(metric, by); }
  /// A cooperative fault point: true rarely, and only in runs that ask for it. Let something rare
  /// happen here that the protocol must live with. `name` stands in the protocol's list of them.
  bool maybe(std::string_view name) {
    if (!world_.config_.fault_points.chance) [[likely]]
      return false;
    return world_.takes_fault_point(site_, name);
  }

  /// What the clients saw: for workloads only; no protocol has a use for it.
  History& history() { return world_.history(); }
  Time true_now() const { return world_.now(); }

 private:
  friend class World;
  static constexpr Duration kHalts{std::int64_t{1} << 62};
  Storage& storage() {
    if (!site_.service.storage) world_.open_storage(site_);
    return *site_.service.storage;
  }

  World& world_;
  const Site& site_;
  Duration work_;
};

}  // namespace seedbed
