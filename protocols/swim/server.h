// A member of a SWIM group. In each protocol period it pings one other; who does not answer is
// asked by way of helpers; who does not answer them either is suspected, and declared dead if it
// does not speak up. The rules that the papers argue about are virtual, one name each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "protocols/swim/gossip.h"
#include "protocols/swim/members.h"
#include "protocols/swim/messages.h"
#include "protocols/swim/parameters.h"
#include "protocols/swim/suspicion.h"
#include "sim/base/flat_map.h"
#include "sim/world/context.h"
#include "sim/world/membership.h"
#include "sim/world/process.h"

namespace seedbed::swim {

/// What a member newly believes of another one.
struct Change {
  NodeId member;
  Known before;
  Known after;
  bool heard_of = true;  // before
  bool own = false;      // found by itself, not heard
};

class Server : public Process<Server, Ping, Ack, PingReq, Nack, Sync, ProtocolPeriod, PingTimeout,
                              SuspicionTimeout, NackTimeout, SyncTimer, membership::ViewRequest> {
 public:
  void configure(const Parameters& p) { p_ = p; }

  void start(Context& ctx, const Recovered&);
  void leave(Context& ctx) override;
  void on(Context& ctx, const ProtocolPeriod&);
  void on(Context& ctx, const PingTimeout& m);
  void on(Context& ctx, const Envelope& from, const Ping& m);
  void on(Context& ctx, const Envelope& from, const Ack& m);
  void on(Context& ctx, const Envelope& from, const PingReq& m);
  void on(Context& ctx, const NackTimeout& m);
  void on(Context& ctx, const Envelope& from, const Nack& m);
  void on(Context& ctx, const SuspicionTimeout& m);
  void on(Context& ctx, const SyncTimer&);
  void on(Context& ctx, const Envelope& from, const Sync& m);
  void on(Context& ctx, const Envelope& from, const membership::ViewRequest& m);

  void describe(auto& d) const {
    d("incarnation", incarnation_)("members", members_.size())("suspected", suspicions_)(
        "health", health_)("probing", probe_.target);
  }

  // What the invariants and the measures look at.
  const Parameters& parameters() const { return p_; }
  const Members& members() const { return members_; }
  const Gossip& gossip() const { return gossip_; }
  const FlatMap<std::uint32_t, Suspicion>& suspicions() const { return suspicions_; }
  Incarnation incarnation() const { return incarnation_; }
  /// The highest incarnation in which it heard itself accused, and one more; 0: in none.
  Incarnation accused_below() const { return accused_below_; }
  std::uint32_t health() const { return health_; }
  std::uint64_t periods() const { return periods_; }
  /// What changed in the last event.
  const std::vector<Change>& changes() const { return changes_; }
  /// Whom it began to ping in the last event, or nobody.
  NodeId pinged() const { return pinged_; }
  /// Of its latest ping.
  std::uint32_t sequence() const { return sequence_; }
  /// No server will ever have a higher id.
  std::uint32_t most() const { return most_; }

 protected:
  // --- the rules
  /// Section 4.2: the order of news about one member. Who is dead comes back in a new incarnation.
  virtual bool overrides(const Update& news, const Known& known) const {
    if (news.incarnation != known.incarnation) return news.incarnation > known.incarnation;
    return news.state > known.state;
  }
  /// Section 4.2: only the accused increments its incarnation.
  virtual bool refutes() const { return true; }
  virtual Incarnation accused_in(Incarnation known) const { return known; }
  /// Section 4.2: a suspicion expires.
  virtual bool expires() const { return true; }
  /// Section 4.2: who does not answer is suspected first.
  virtual bool suspects_first() const { return p_.suspicion > 0; }
  /// Section 4.3: round robin over the members, in a random order.
  virtual bool goes_round() const { return p_.round_robin; }
  /// Sections 4.1 and 5: news is sent lambda log n times.
  virtual std::uint32_t times_sent() const { return retransmit_limit(p_, members_.size()); }

 private:
  struct Probe {
    NodeId target;
    std::uint32_t sequence = 0;
    bool answered = false;
    std::uint32_t nacks_missing = 0;
    TimerId timeout;
  };
  struct Relay {
    NodeId origin;
    std::uint32_t sequence = 0;
    TimerId timer;
  };

  void begin_event() {
    changes_.clear();
    pinged_ = kNobody;
  }
  // probing.cpp
  void end_period(Context& ctx);
  void ping(Context& ctx, NodeId target);
  NodeId next_target(Context& ctx);
  NodeId random_member(Context& ctx, NodeId but);
  void forget_relay(Context& ctx, NodeId origin, std::uint32_t sequence);
  void change_health(std::int32_t by);
  // dissemination.cpp
  News take_news() { return gossip_.empty() ? News() : take_rumours(); }
  News take_rumours();
  void hear(Context& ctx, NodeId from, Incarnation incarnation, const News& news);
  void apply(Context& ctx, const Update& news, bool own = false);
  void hear_of_self(Context& ctx, const Update& news);
  void suspect(Context& ctx, const Update& news);
  void share(Context& ctx, const Update& news);
  void stop_suspecting(Context& ctx, NodeId member);
  // joining.cpp
  News everything() const;
  void sync_with(Context& ctx, NodeId other);
  NodeId anybody(Context& ctx);

  Parameters p_;
  Members members_;
  Gossip gossip_;
  FlatMap<std::uint32_t, Suspicion> suspicions_;
  std::vector<Relay> relays_;  // Lifeguard: pings of others that were not answered yet
  Probe probe_;
  std::uint32_t sequence_ = 0;
  Incarnation incarnation_ = 0;
  Incarnation accused_below_ = 0;
  std::uint32_t health_ = 0;  // Lifeguard: 0 is the best
  std::uint32_t position_ = ~0U;
  std::uint64_t order_ = 0;
  std::uint64_t periods_ = 0;
  NodeId self_;
  NodeId pinged_;
  bool joined_ = false;  // somebody answered who was there before
  std::uint32_t most_ = 0;
  std::uint32_t first_ = 0;  // the members that the group began with
  std::vector<Change> changes_;
};

}  // namespace seedbed::swim
