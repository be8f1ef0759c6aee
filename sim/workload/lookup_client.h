// A client of a distributed hash table (sim/world/lookup.h): it looks up keys, puts blocks of its
// own and gets them back. At the end every client looks up a few keys once more, and gets the last
// blocks that it knows to have been put: what comes of that is judged.
//
//   LookupClient client(plan, /*number=*/0);
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/context.h"
#include "sim/world/lookup.h"
#include "sim/world/process.h"

namespace seedbed {

class LookupClient
    : public Process<LookupClient, lookup::Reply, NextOperation, AskAgain, GiveUp, ReadBack> {
 public:
  /// `number` counts the clients from 0.
  LookupClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number)
      : plan_(std::move(plan)), number_(number) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const Envelope& from, const lookup::Reply& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);
  void on(Context& ctx, const ReadBack&);

 private:
  struct Asked {
    lookup::Function function = lookup::Function::kLookup;
    lookup::Key key = 0;
  };
  struct Open {
    OperationId operation = 0;
    Asked asked;
    NodeId server;
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  Asked next_operation() const;
  void begin(Context& ctx, Asked asked);
  void ask(Context& ctx, std::uint64_t sequence);
  void turn_from(Context& ctx, NodeId server);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, std::string value);

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  NodeId server_;  // who is asked next
  std::uint64_t next_sequence_ = 0;
  bool reading_back_ = false;
  std::vector<lookup::Key> stored_;    // those whose put was acknowledged, in that order
  FlatMap<std::uint64_t, Open> open_;  // by sequence number
};

}  // namespace seedbed
