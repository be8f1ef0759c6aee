// A node of Push-Sum: Kempe, Dobra and Gehrke, "Gossip-based computation of aggregate information"
// (FOCS 2003), section 2. Each cycle it keeps half of its sum and weight, and gives the other half
// to a random node; sum by weight is its estimate of the average. Nothing is ever made or lost
// (mass conservation, proposition 2.2), from which it follows that what all agree on is right.
// Each rule that correctness rests on is a virtual of its own, so that a mutant is a name and one
// broken rule.
#pragma once

#include <optional>

#include "protocols/push_sum/messages.h"
#include "protocols/push_sum/parameters.h"
#include "sim/base/shared.h"
#include "sim/world/context.h"

namespace seedbed::push_sum {

class Summer : public Process<Summer, Share, Taken, NextCycle> {
 public:
  void configure(const Parameters& parameters) {
    parameters_ = Shared<const Parameters>::make(parameters);
  }
  void start(Context& ctx, const Recovered& durable);
  void on(Context& ctx, const Envelope& from, const Share& m);
  void on(Context& ctx, const Envelope& from, const Taken& m);
  void on(Context& ctx, const NextCycle&);

  const Parameters& parameters() const { return *parameters_; }
  const State& state() const { return state_; }
  /// What it began with, which follows from its id.
  static Mass initial(const Parameters& parameters, NodeId node);
  /// The average or the total, in thousandths; none as long as no weight has reached it.
  std::optional<std::int64_t> estimate() const;
  const Account* account_with(NodeId node) const;

  void describe(auto& d) const {
    d("sum", state_.held.sum)("weight", state_.held.weight)("estimate_permille",
                                                            estimate().value_or(0));
  }

 protected:
  // The rules that correctness rests on.

  /// What it keeps is the rest of what it gives.
  virtual Mass kept(Mass held, Mass given) const { return held - given; }
  /// A share that comes again is no other one.
  virtual bool is_new(const Account& account, const Share& share) const {
    return share.number > account.taken;
  }
  /// It gives half of what it has.
  virtual Mass share_of(Mass held) const { return held.half(); }

 private:
  Account& account(NodeId node);
  NodeId partner(Context& ctx);
  void give(Context& ctx, Account& account);

  Shared<const Parameters> parameters_;
  State state_;
};

}  // namespace seedbed::push_sum
