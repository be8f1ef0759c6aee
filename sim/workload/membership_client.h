// A client of the `membership` service (sim/world/membership.h): asks one server after the other
// whom it believes to be up, and records what it heard. When all has settled the first client
// asks all of them, and some times again: what all its views have in common lasts. Which server is
// asked is a function of (seed, client, operation).
#pragma once

#include <cstdint>
#include <memory>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/context.h"
#include "sim/world/history.h"
#include "sim/world/membership.h"

namespace seedbed {

class MembershipClient : public Process<MembershipClient, membership::ViewReply, NextOperation,
                                        AskAgain, GiveUp, ReadBack> {
 public:
  /// `number` counts the clients from 0.
  MembershipClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number)
      : plan_(std::move(plan)), number_(number) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const Envelope& from, const membership::ViewReply& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);
  void on(Context& ctx, const ReadBack&);

 private:
  struct Open {
    OperationId operation = 0;
    NodeId server;
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  NodeId next_server(const Context& ctx) const;
  void begin(Context& ctx, NodeId server);
  void ask(Context& ctx, std::uint64_t sequence);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, std::string view);

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  std::uint64_t next_sequence_ = 0;
  std::uint32_t read_back_ = 0;        // rounds
  FlatMap<std::uint64_t, Open> open_;  // by sequence number
};

}  // namespace seedbed
