// A client of the broadcast service (sim/world/broadcast.h): hands values to a server, takes some
// back, reads what the server has delivered, and at the end, if it is the first, what every server
// has. It asks one server about an operation, again and again until it gives up, and turns to the
// next one after that. What an operation is about is a function of (seed, client, operation).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/broadcast.h"
#include "sim/world/context.h"
#include "sim/world/history.h"

namespace seedbed {

class BroadcastClient
    : public Process<BroadcastClient, broadcast::Reply, NextOperation, AskAgain, GiveUp, ReadBack> {
 public:
  struct Asked {
    broadcast::Function function = broadcast::Function::kBroadcast;
    broadcast::Value value = 0;
    NodeId server;  // nobody: whom the client asks anyway
  };

  /// `number` counts the clients from 0.
  BroadcastClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number)
      : plan_(std::move(plan)), number_(number) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const broadcast::Reply& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);
  void on(Context& ctx, const ReadBack&);

 private:
  struct Open {
    OperationId operation = 0;
    Asked asked;
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  Asked next_operation();
  void begin(Context& ctx, Asked asked, Duration patience);
  void ask(Context& ctx, std::uint64_t sequence);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, std::string value);

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  NodeId server_;
  std::uint64_t next_sequence_ = 0;
  bool reading_back_ = false;
  std::vector<broadcast::Value> acknowledged_;  // its own values that it may take back
  FlatMap<std::uint64_t, Open> open_;           // by sequence number
};

}  // namespace seedbed
