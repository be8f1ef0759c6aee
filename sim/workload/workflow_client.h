// A client of the `workflow` service (sim/world/workflow.h): starts sagas at their home, asks again
// under the same id when it hears nothing, and records how each ended. Which item a saga is about,
// and which step will be refused, is a function of (seed, client, operation).
#pragma once

#include <cstdint>
#include <memory>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/context.h"
#include "sim/world/history.h"
#include "sim/world/workflow.h"

namespace seedbed {

/// The steps that its clients ask for.
const workflow::Workflow& workflow_of(const WorkloadConfig& config);

class WorkflowClient
    : public Process<WorkflowClient, workflow::Ended, NextOperation, AskAgain, GiveUp> {
 public:
  /// `number` counts the clients from 0.
  WorkflowClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number)
      : plan_(std::move(plan)), number_(number) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const workflow::Ended& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);

 private:
  struct Open {
    OperationId operation = 0;
    workflow::Order order;
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  workflow::Order next_order() const;
  workflow::Order draw_order() const;
  void ask(Context& ctx, std::uint64_t sequence);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion);

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  std::uint64_t next_sequence_ = 0;
  FlatMap<std::uint64_t, Open> open_;  // by sequence number
};

}  // namespace seedbed
