#include "sim/workload/membership_client.h"

#include "sim/base/text.h"
#include "sim/workload/words.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

constexpr std::string_view kView = "view";

/// "n3".
std::optional<NodeId> parse(std::string_view server) {
  Words words(server);
  if (!words.eat("n")) return std::nullopt;
  const auto number = words.number();
  const bool good = number && *number > 0 && *number <= 100'000'000 && words.at_end();
  return good ? std::optional(NodeId{static_cast<std::uint32_t>(*number)}) : std::nullopt;
}

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const MembershipClient>(std::move(plan), number);
}

std::string settled(const WorkloadConfig&, Time settled) {
  return fmt::format("settled:{}ns", settled.count());
}
std::string detected(const WorkloadConfig& config, Time) {
  const auto& within = config.membership.detected_within;
  return within ? fmt::format("detected:{}ns", within->count()) : std::string();
}

constexpr std::string_view kFunctions[] = {kView};
constexpr std::string_view kReplies[] = {membership::ViewReply::kName};
constexpr std::string_view kExamples[] = {"n1"};
constexpr std::string_view kLasting[] = {"detected_within"};
constexpr std::string_view kSource =
    "Chandra and Toueg 1996, Unreliable Failure Detectors; Das, Gupta and Motivala 2002";
constexpr WorkloadCheck kChecks[] = {
    {.name = "view_agreement",
     .about =
         "When all faults have healed, and half of the time to settle is over, every server that "
         "is up sees just those that are up, in one of three views at least: nothing else lasts.",
     .source = kSource,
     .level = "",
     .level_of = settled},
    {.name = "view_completeness",
     .about = "`detected_within` after a crash nobody sees who is down.",
     .source = kSource,
     .level = "",
     .level_of = detected},
    {.name = "view_accuracy",
     .about =
         "Nobody who was seen and stayed up is declared dead. Only good weather can promise that: "
         "it must be listed.",
     .source = kSource,
     .level = "accuracy",
     .only_if_listed = true},
};

std::string complaint(const WorkloadConfig&, std::string_view, std::string_view value) {
  return parse(value) ? "" : "a view wants the server that is asked, such as n1";
}

std::string_view judged_as(const WorkloadConfig&) { return "membership"; }

}  // namespace

constinit const Workload kMembershipWorkload = {
    .name = "membership",
    .about =
        "Clients ask servers whom they believe to be up; when all has settled one of them asks all "
        "servers three times. What was seen is judged against who was up.",
    .service = "membership",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = kChecks,
    .listable = true,
    .lasting_keys = kLasting,
    .client = make_client,
    .examples = kExamples,
    .complaint = complaint,
    .judged_as = judged_as,
    .of_members = true,
};

void MembershipClient::start(Context& ctx, const Recovered&) {
  if (number_ == 0 && !plan_->is_listed()) ctx.after(plan_->read_back_at - Time{}, ReadBack{});
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

/// Open loop: the next question comes when it comes, whatever becomes of the others.
void MembershipClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

void MembershipClient::on(Context& ctx, const NextOperation&) {
  if (read_back_ > 0 || !plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  begin(ctx, next_server(ctx));
  if (plan_->open_loop()) await_next(ctx);
}

/// Any that there may ever be: who has not joined does not answer.
NodeId MembershipClient::next_server(const Context& ctx) const {
  if (plan_->is_listed()) {
    const auto server = parse(plan_->listed[number_][next_sequence_].value);
    SEEDBED_ASSERT(server.has_value(), "a listed view of no server");
    return *server;
  }
  Rng rng = plan_->draws(number_, next_sequence_);
  return {static_cast<std::uint32_t>(rng.below(ctx.most_servers())) + 1};
}

void MembershipClient::begin(Context& ctx, NodeId server) {
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  open.operation = ctx.history().invoke_about(ctx.true_now(), ctx.self(), kView, to_text(server));
  open.server = server;
  open.give_up = ctx.after(plan_->config.timeout, GiveUp{sequence});
  ask(ctx, sequence);
}

void MembershipClient::ask(Context& ctx, std::uint64_t sequence) {
  Open& open = open_.at(sequence);
  open.ask_again = ctx.after(plan_->config.timeout / 5, AskAgain{sequence});
  // A scenario that was written down may list a server that it no longer has.
  if (open.server.value > ctx.most_servers()) return;
  ctx.send(open.server, membership::ViewRequest{sequence});
}

void MembershipClient::on(Context& ctx, const AskAgain& m) { ask(ctx, m.sequence); }

void MembershipClient::on(Context& ctx, const Envelope&, const membership::ViewReply& m) {
  std::string view = "[";
  for (const NodeId n : m.members) view += (view.size() > 1 ? " " : "") + to_text(n);
  complete(ctx, m.sequence, Completion::kOk, view + "]");
}

/// Nobody was told anything, so nothing has happened.
void MembershipClient::on(Context& ctx, const GiveUp& m) {
  complete(ctx, m.sequence, Completion::kFail, "");
}

void MembershipClient::complete(Context& ctx, std::uint64_t sequence, Completion completion,
                                std::string view) {
  const auto found = open_.find(sequence);
  if (found == open_.end()) return;
  const Open open = found->second;
  open_.erase(found);
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, std::move(view));
  if (!plan_->open_loop() && read_back_ == 0) ctx.after(plan_->config.think, NextOperation{});
}

/// All servers; in a crowd some of them, evenly spread: each view is as long as the crowd.
void MembershipClient::on(Context& ctx, const ReadBack&) {
  constexpr std::uint32_t kRounds = 3;
  constexpr std::uint32_t kMost = 256;
  const std::uint32_t step = (ctx.most_servers() + kMost - 1) / kMost;
  for (std::uint32_t id = 1; id <= ctx.most_servers(); id += step) begin(ctx, NodeId{id});
  const Duration pause = (plan_->read_back_at - plan_->until) / 4;  // an eighth of the settling
  if (++read_back_ < kRounds) ctx.after(pause, ReadBack{});
}

}  // namespace seedbed
