// A site of an epidemic: Demers, Greene, Hauser, Irish, Larson, Shenker, Sturgis, Swinehart and
// Terry, "Epidemic algorithms for replicated database maintenance" (PODC 1987). It is susceptible
// to a rumour that it does not know, infective while it spreads it, and removed when it has lost
// interest. Serves the workload `broadcast`. Each rule that correctness rests on is a virtual of
// its own, so that a mutant is a name and one broken rule.
//
//   gossiper.cpp       the database, what survives a crash, the clients, death certificates
//   rumours.cpp        rumour mongering (sections 1.4 and 1.5)
//   anti_entropy.cpp   anti-entropy with checksums and recent updates (section 1.3)
#pragma once

#include <vector>

#include "protocols/gossip/messages.h"
#include "protocols/gossip/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/shared.h"
#include "sim/world/context.h"

namespace seedbed::gossip {

/// What a site has of a value.
struct Item {
  Time stamp;
  bool dead = false;            // a death certificate
  bool dormant = false;         // which sleeps until it meets what it is about
  std::uint8_t deliveries = 0;  // how often the value was given to the application
};

/// What a site is infective with.
struct Rumour {
  Value value = 0;
  std::int64_t learned = 0;  // in this cycle
  std::uint32_t counter = 0;
  // In the cycle that passes:
  bool told = false;
  bool needed = false;
  bool unnecessary = false;
};

class Gossiper : public Process<Gossiper, broadcast::Request, Contact, Answer, Recent, RecentToo,
                                Everything, NextCycle, NextResolution> {
 public:
  void configure(const Parameters& parameters) {
    parameters_ = Shared<const Parameters>::make(parameters);
  }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const broadcast::Request& m);
  void on(Context& ctx, const Envelope& from, const Contact& m);
  void on(Context& ctx, const Envelope& from, const Answer& m);
  void on(Context& ctx, const Envelope& from, const Recent& m);
  void on(Context& ctx, const Envelope& from, const RecentToo& m);
  void on(Context& ctx, const Envelope& from, const Everything& m);
  void on(Context& ctx, const NextCycle&);
  void on(Context& ctx, const NextResolution&);

  const Parameters& parameters() const { return *parameters_; }
  const FlatMap<Value, Item>& items() const { return items_; }
  const std::vector<Rumour>& hot() const { return hot_; }
  std::uint64_t checksum() const { return checksum_; }
  /// The last cycle that it began.
  std::int64_t cycle() const { return cycle_; }
  /// How often it gave a value to the application.
  std::uint32_t deliveries() const { return deliveries_; }
  /// What the application was given and has not taken back.
  std::vector<Value> delivered() const;

  void describe(auto& d) const {
    d("items", items_.size())("hot", hot_.size())("checksum", checksum_);
  }

 protected:
  // The rules that correctness rests on.

  /// Of two versions of an item the later one stands; a death certificate stands for ever.
  virtual bool is_news(const Item& held, const Update& update) const {
    return held.dead != update.dead ? update.dead : update.stamp > held.stamp;
  }
  /// The counter of unnecessary contacts begins again with one that was needed.
  virtual std::uint32_t counted(std::uint32_t counter, bool needed) const {
    return needed ? 0 : counter + 1;
  }
  /// A checksum is of all that may differ.
  virtual std::uint64_t checksum_of(Value value, const Item& item) const {
    return hash_of(value, static_cast<std::uint64_t>(item.stamp.count()), item.dead);
  }
  /// What was deleted is remembered as such.
  virtual bool keeps_certificates() const { return true; }
  /// A dormant certificate that meets an obsolete copy of its item is spread again.
  virtual bool awakens() const { return true; }

 private:
  // gossiper.cpp
  bool holds(const Update& update) const;
  void accept(Context& ctx, const Update& update);
  bool learn(Context& ctx, const Update& update);
  void put(Context& ctx, Item& item, const Update& update);
  void awaken(Context& ctx, Value value, Item& item);
  void expire(Context& ctx);
  bool has_expired(Context& ctx, const Update& update) const;
  bool retains(Context& ctx, Value value) const;
  NodeId partner(Context& ctx);
  void meet(Context& ctx, NodeId node);
  broadcast::Outcome retract(Context& ctx, Value value);

  // rumours.cpp
  std::int64_t cycle_at(Time now) const;
  void await_cycle(Context& ctx);
  void make_hot(Context& ctx, Value value);
  void pass_cycle(Context& ctx);
  bool loses_interest(Context& ctx, Rumour& rumour);
  std::vector<Update> rumours(std::int64_t before, const std::vector<Update>& known);
  Answer hear(Context& ctx, const std::vector<Update>& updates);
  Rumour* find_hot(Value value);

  // anti_entropy.cpp
  std::vector<Update> recent(Context& ctx) const;
  void learn_all(Context& ctx, const std::vector<Update>& updates);

  Shared<const Parameters> parameters_;
  FlatMap<Value, Item> items_;
  std::vector<Rumour> hot_;
  std::uint64_t checksum_ = 0;  // the sum of checksum_of() over all items that are not dormant
  std::int64_t cycle_ = 0;
  Duration phase_;  // of its cycles
  std::uint32_t deliveries_ = 0;
  bool awaits_cycle_ = false;
  std::vector<NodeId> newcomers_;  // servers that the world did not begin with, as they are met
};

}  // namespace seedbed::gossip
