#include "sim/workload/lookup_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/workload/words.h"

namespace seedbed {

namespace {

using lookup::Function;
using lookup::Outcome;

constexpr std::size_t kMostReadBack = 16;  // of each client: blocks, and as many lookups at most
constexpr std::uint64_t kLookedUpAtTheEnd = 8;
constexpr int kAsksInATimeout = 5;

Function function_named(std::string_view name) {
  if (name == name_of(Function::kPut)) return Function::kPut;
  return name == name_of(Function::kGet) ? Function::kGet : Function::kLookup;
}

}  // namespace

void LookupClient::start(Context& ctx, const Recovered&) {
  server_ = {number_ % ctx.initial_servers() + 1};
  if (!plan_->is_listed()) ctx.after(plan_->read_back_at - Time{}, ReadBack{});
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

void LookupClient::on(Context& ctx, const NextOperation&) {
  if (reading_back_ || !plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  begin(ctx, next_operation());
  if (plan_->open_loop()) await_next(ctx);
}

/// Open loop: the next operation comes when it comes, whatever the answers do.
void LookupClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

/// A block's key lies beyond those that are looked up, and nobody else ever puts it.
LookupClient::Asked LookupClient::next_operation() const {
  const WorkloadConfig& config = plan_->config;
  if (plan_->is_listed()) {
    const ListedOperation& listed = plan_->listed[number_][next_sequence_];
    const auto key = Words(listed.value).number();
    SEEDBED_ASSERT(key && *key >= 0, "a listed {} is of no key: {}", listed.function, listed.value);
    return {function_named(listed.function), static_cast<lookup::Key>(*key)};
  }
  Rng rng = plan_->draws(number_, next_sequence_);
  if (rng.chance(config.lookup.puts)) {
    return {Function::kPut, config.keys + next_sequence_ * config.clients + number_};
  }
  const bool gets = rng.chance(config.lookup.gets);
  const std::uint64_t which = rng.next();
  if (gets && !stored_.empty()) return {Function::kGet, stored_[scale(which, stored_.size())]};
  return {Function::kLookup, plan_->key_of(which)};
}

void LookupClient::begin(Context& ctx, Asked asked) {
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  open.operation = ctx.history().invoke(ctx.true_now(), ctx.self(), name_of(asked.function),
                                        fmt::format("{}", asked.key));
  open.asked = asked;
  open.give_up = ctx.after(plan_->config.timeout, GiveUp{sequence});
  ask(ctx, sequence);
}

void LookupClient::ask(Context& ctx, std::uint64_t sequence) {
  Open& open = open_.at(sequence);
  open.server = server_;
  ctx.cancel(open.ask_again);
  open.ask_again = ctx.after(plan_->config.timeout / kAsksInATimeout, AskAgain{sequence});
  ctx.send(server_, lookup::Request{{ctx.self(), sequence}, open.asked.function, open.asked.key});
}

/// Others may answer, those that have joined, too.
void LookupClient::turn_from(Context& ctx, NodeId server) {
  if (server_ == server) server_ = {server.value % ctx.most_servers() + 1};
}

void LookupClient::on(Context& ctx, const AskAgain& m) {
  turn_from(ctx, open_.at(m.sequence).server);
  ask(ctx, m.sequence);
}

void LookupClient::on(Context& ctx, const Envelope& from, const lookup::Reply& m) {
  const auto found = open_.find(m.id.sequence);
  if (found == open_.end() || found->second.server != from.from.node) return;
  const Asked asked = found->second.asked;
  if (m.outcome == Outcome::kFailed) return turn_from(ctx, from.from.node);  // AskAgain will
  const bool lookup = asked.function == Function::kLookup;
  const std::string answer = lookup                          ? fmt::format("{}", m.owner.value)
                             : m.outcome == Outcome::kAbsent ? "nil"
                                                             : "true";
  if (asked.function == Function::kPut) stored_.push_back(asked.key);
  complete(ctx, m.id.sequence, Completion::kOk, fmt::format("[{} {}]", asked.key, answer));
}

void LookupClient::on(Context& ctx, const GiveUp& m) {
  turn_from(ctx, open_.at(m.sequence).server);
  complete(ctx, m.sequence, Completion::kInfo, "");
}

void LookupClient::complete(Context& ctx, std::uint64_t sequence, Completion completion,
                            std::string value) {
  const auto found = open_.find(sequence);
  const Open open = found->second;
  open_.erase(found);
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, std::move(value));
  if (!plan_->open_loop() && !reading_back_) ctx.after(plan_->config.think, NextOperation{});
}

void LookupClient::on(Context& ctx, const ReadBack&) {
  reading_back_ = true;
  const std::size_t first = stored_.size() - std::min(stored_.size(), kMostReadBack);
  for (std::size_t i = first; i < stored_.size(); ++i) begin(ctx, {Function::kGet, stored_[i]});
  for (std::uint64_t i = 0; i < kLookedUpAtTheEnd; ++i) {
    begin(ctx, {Function::kLookup, plan_->key_of(plan_->draws(number_, ~i).next())});
  }
}

}  // namespace seedbed
