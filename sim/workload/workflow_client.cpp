#include "sim/workload/workflow_client.h"

#include <fmt/format.h>

#include "sim/workload/workload.h"

namespace seedbed {

namespace {

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const WorkflowClient>(std::move(plan), number);
}

constexpr std::string_view kSaga = "saga";
constexpr std::string_view kFunctions[] = {kSaga};
constexpr std::string_view kReplies[] = {workflow::Ended::kName};
constexpr std::string_view kLasting[] = {"workflow"};

/// A listed saga as a command: its item, its amount, and the number of the step to be refused.
kv::Command command_of(const workflow::Order& order) {
  const bool refused = order.refused != workflow::kNoStep;
  return {kv::Function::kWrite, order.item, order.amount, refused ? order.refused : kv::kNil};
}

workflow::Order order_of(const kv::Command& command) {
  const bool refused = command.expected != kv::kNil;
  return {command.key, command.value,
          refused ? static_cast<workflow::StepNumber>(command.expected) : workflow::kNoStep};
}

std::string edn_of(const workflow::Order& order) {
  const std::string refused = order.refused == workflow::kNoStep
                                  ? std::string()
                                  : fmt::format(", :refuse {}", order.refused + 1);
  return fmt::format("{{:item {}, :amount {}{}}}", order.item, order.amount, refused);
}

}  // namespace

constinit const Workload kWorkflowWorkload = {
    .name = "workflow",
    .about =
        "Clients start sagas, each about one of the items, and wait for their end: ok, if it "
        "completed; fail, if it was compensated, as is one of which a step is refused. A client "
        "asks the saga's home again under the same id, and gives up after `timeout`. What became "
        "of the steps the protocol's invariants judge.",
    .service = "workflow",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = {},
    .listable = true,
    .lasting_keys = kLasting,
    .client = make_client,
};

const workflow::Workflow& workflow_of(const WorkloadConfig& config) {
  return config.workflow.workflow ? *config.workflow.workflow : *workflow::order_workflow();
}

void WorkflowClient::start(Context& ctx, const Recovered&) {
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

/// Open loop: the next saga begins when it begins, whatever becomes of the others.
void WorkflowClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

void WorkflowClient::on(Context& ctx, const NextOperation&) {
  if (!plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  const workflow::Order order = next_order();
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  open.operation =
      ctx.history().invoke(ctx.true_now(), ctx.self(), kSaga, edn_of(order), command_of(order));
  open.order = order;
  open.give_up = ctx.after(plan_->config.timeout, GiveUp{sequence});
  ask(ctx, sequence);
  if (plan_->open_loop()) await_next(ctx);
}

workflow::Order WorkflowClient::next_order() const {
  if (!plan_->is_listed()) return draw_order();
  return order_of(plan_->listed[number_][next_sequence_].command);
}

workflow::Order WorkflowClient::draw_order() const {
  const WorkflowConfig& config = plan_->config.workflow;
  Rng rng = plan_->draws(number_, next_sequence_);
  workflow::Order order{.item = plan_->key_of(rng.next())};
  order.amount = static_cast<workflow::Amount>(1 + rng.below(100));
  if (!rng.chance(config.refuse)) return order;
  const workflow::Workflow& steps = workflow_of(plan_->config);
  workflow::StepSet may_fail;
  for (const workflow::StepNumber s : steps.all()) {
    if (steps.may_fail(s)) may_fail.insert(s);
  }
  auto refused = may_fail.begin();
  for (std::uint64_t i = rng.below(may_fail.size()); i > 0; --i) ++refused;
  order.refused = *refused;
  return order;
}

void WorkflowClient::ask(Context& ctx, std::uint64_t sequence) {
  Open& open = open_.at(sequence);
  const workflow::SagaId id{ctx.self(), sequence};
  open.ask_again = ctx.after(plan_->config.timeout / 5, AskAgain{sequence});
  ctx.send(workflow::home_of(id, ctx.initial_servers()), workflow::Start{id, open.order});
}

void WorkflowClient::on(Context& ctx, const AskAgain& m) { ask(ctx, m.sequence); }

void WorkflowClient::on(Context& ctx, const workflow::Ended& m) {
  const bool completed = m.outcome == workflow::Outcome::kCompleted;
  complete(ctx, m.id.sequence, completed ? Completion::kOk : Completion::kFail);
}

/// The saga may be under way, and end later.
void WorkflowClient::on(Context& ctx, const GiveUp& m) {
  complete(ctx, m.sequence, Completion::kInfo);
}

void WorkflowClient::complete(Context& ctx, std::uint64_t sequence, Completion completion) {
  const auto found = open_.find(sequence);
  if (found == open_.end()) return;
  const Open open = found->second;
  open_.erase(found);
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, "");
  if (!plan_->open_loop()) ctx.after(plan_->config.think, NextOperation{});
}

}  // namespace seedbed
