// The workload `broadcast`: values are handed to servers, and all servers must deliver them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "sim/workload/broadcast_client.h"
#include "sim/workload/words.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

using Asked = BroadcastClient::Asked;
using broadcast::Function;

constexpr std::string_view kFunctions[] = {"broadcast", "retract", "read"};
constexpr std::string_view kReplies[] = {broadcast::Reply::kName};
constexpr std::string_view kExamples[] = {"7", "7", "1"};
constexpr std::string_view kSource = "Cachin, Guerraoui and Rodrigues 2011, modules 3.2 and 3.3";
constexpr WorkloadCheck kChecks[] = {
    {"delivery",
     "What a server acknowledged that answers at the end, and what any server has then, all have "
     "that answer, unless somebody took it back. Judged at the end.",
     kSource, "delivery"},
    {"agreement", "All servers that answer at the end have delivered the same. Judged at the end.",
     kSource, "agreement"},
    {"no_duplication", "No server delivers a value twice. Judged at the end.", kSource,
     "no-duplication"},
    {"no_creation", "No server delivers what nobody broadcast. Judged at the end.", kSource,
     "no-creation"},
    {"no_resurrection",
     "What was taken back, at a server that answers at the end, no server has at the end.",
     "Demers et al. 1987, section 2", "no-resurrection"},
};

/// "7" or "[7 3]": value 7, by way of n3; of a read "3" or "[3 nil]".
std::optional<Asked> parse(std::string_view function, std::string_view text) {
  constexpr std::int64_t kMostNodes = 10'000'000;
  Words words(text);
  const bool pair = words.eat("[");
  const std::int64_t first = words.number().value_or(-1);
  Asked asked;
  asked.function = static_cast<Function>(
      std::find(std::begin(kFunctions), std::end(kFunctions), function) - std::begin(kFunctions));
  const bool read = asked.function == Function::kRead;
  std::int64_t node = read ? first : 0;
  if (!read) asked.value = static_cast<broadcast::Value>(first);
  if (pair && read && !words.eat("nil")) return std::nullopt;
  if (pair && !read) node = words.number().value_or(-1);
  if (pair && !words.eat("]")) return std::nullopt;
  if (!words.at_end() || first < 0 || node < 0 || node > kMostNodes) return std::nullopt;
  asked.server = {static_cast<std::uint32_t>(node)};
  return asked;
}

std::string complaint(const WorkloadConfig&, std::string_view function, std::string_view value) {
  if (parse(function, value)) return "";
  return function == "read" ? "a read names the server that is asked: 1"
                            : "a value is a number from 0: 7, or [7 3] by way of n3";
}

/// As the history tells it: what is asked for, and of a read what came back.
std::string words_of(const Asked& asked, const std::vector<broadcast::Value>* read = nullptr) {
  if (asked.function != Function::kRead) {
    return fmt::format("[{} {}]", asked.value, asked.server.value);
  }
  if (read == nullptr) return fmt::format("[{} nil]", asked.server.value);
  return fmt::format("[{} [{}]]", asked.server.value, fmt::join(*read, " "));
}

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const BroadcastClient>(std::move(plan), number);
}

std::string_view judged_as(const WorkloadConfig&) { return "broadcast"; }

}  // namespace

constinit const Workload kBroadcastWorkload = {
    .name = "broadcast",
    .about =
        "Clients hand values to servers, each of which all servers shall deliver, and take some "
        "back; at the end the first client reads what every server has.",
    .service = "broadcast",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = kChecks,
    .listable = true,
    .lasting_keys = {},
    .client = make_client,
    .examples = kExamples,
    .complaint = complaint,
    .judged_as = judged_as,
};

void BroadcastClient::start(Context& ctx, const Recovered&) {
  server_ = ctx.peers()[number_ % ctx.peers().size()];
  if (number_ == 0 && !plan_->is_listed()) ctx.after(plan_->read_back_at - Time{}, ReadBack{});
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

/// Open loop: the next operation comes when it comes, whatever the answers do.
void BroadcastClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

void BroadcastClient::on(Context& ctx, const NextOperation&) {
  if (!plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  begin(ctx, next_operation(), plan_->config.timeout);
  if (plan_->open_loop()) await_next(ctx);
}

Asked BroadcastClient::next_operation() {
  if (plan_->is_listed()) {
    const ListedOperation& listed = plan_->listed[number_][next_sequence_];
    const auto asked = parse(listed.function, listed.value);
    SEEDBED_ASSERT(asked.has_value(), "a listed {} cannot be read: {}", listed.function,
                   listed.value);
    return *asked;
  }
  Rng rng = plan_->draws(number_, next_sequence_);
  if (rng.chance(plan_->config.broadcast.reads)) return {Function::kRead};
  if (rng.chance(plan_->config.broadcast.retracts) && !acknowledged_.empty()) {
    const broadcast::Value value = acknowledged_.front();
    acknowledged_.erase(acknowledged_.begin());
    return {Function::kRetract, value};
  }
  return {Function::kBroadcast, 1 + number_ + next_sequence_ * plan_->config.clients};
}

void BroadcastClient::begin(Context& ctx, Asked asked, Duration patience) {
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  if (!asked.server) asked.server = server_;
  open.asked = asked;
  open.operation =
      ctx.history().invoke(ctx.true_now(), ctx.self(),
                           kFunctions[static_cast<std::size_t>(asked.function)], words_of(asked));
  open.give_up = ctx.after(patience, GiveUp{sequence});
  ask(ctx, sequence);
}

void BroadcastClient::ask(Context& ctx, std::uint64_t sequence) {
  Open& open = open_.at(sequence);
  open.ask_again = ctx.after(plan_->config.timeout / 5, AskAgain{sequence});
  if (open.asked.server.value > ctx.most_servers()) return;  // there is none
  ctx.send(open.asked.server,
           broadcast::Request{{ctx.self(), sequence}, open.asked.function, open.asked.value});
}

void BroadcastClient::on(Context& ctx, const AskAgain& m) { ask(ctx, m.sequence); }

void BroadcastClient::on(Context& ctx, const broadcast::Reply& m) {
  const auto found = open_.find(m.id.sequence);
  if (found == open_.end()) return;
  const Asked& asked = found->second.asked;
  if (m.outcome == broadcast::Outcome::kRefused) {
    // Another copy of the request may arrive when the server knows the value.
    return complete(ctx, m.id.sequence, Completion::kInfo, "");
  }
  if (asked.function == Function::kBroadcast) acknowledged_.push_back(asked.value);
  const bool read = asked.function == Function::kRead;
  complete(ctx, m.id.sequence, Completion::kOk, words_of(asked, read ? &m.values : nullptr));
}

/// Nobody answers there: the next operation goes elsewhere, to those that have joined, too. A read
/// has done nothing.
void BroadcastClient::on(Context& ctx, const GiveUp& m) {
  const Asked& asked = open_.at(m.sequence).asked;
  if (asked.server == server_) server_ = {server_.value % ctx.most_servers() + 1};
  const bool read = asked.function == Function::kRead;
  complete(ctx, m.sequence, read ? Completion::kFail : Completion::kInfo, "");
}

void BroadcastClient::complete(Context& ctx, std::uint64_t sequence, Completion completion,
                               std::string value) {
  const auto found = open_.find(sequence);
  const Open open = found->second;
  open_.erase(found);
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, std::move(value));
  if (!plan_->open_loop() && !reading_back_) ctx.after(plan_->config.think, NextOperation{});
}

/// Every server that there may be; those that have not joined, or are gone, do not answer.
void BroadcastClient::on(Context& ctx, const ReadBack&) {
  reading_back_ = true;
  const Duration patience =
      std::max((plan_->read_back_at - plan_->until) / 2, plan_->config.timeout);
  for (std::uint32_t n = 1; n <= ctx.most_servers(); ++n) {
    begin(ctx, {Function::kRead, 0, {n}}, patience);
  }
}

}  // namespace seedbed
