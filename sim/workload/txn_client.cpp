#include "sim/workload/txn_client.h"

namespace seedbed {

void TxnClient::start(Context& ctx, const Recovered&) {
  server_ = ctx.peers()[number_ % ctx.peers().size()];
  if (number_ == 0 && !plan_->is_listed()) ctx.after(plan_->read_back_at - Time{}, ReadBack{});
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

void TxnClient::on(Context& ctx, const NextOperation&) {
  if (!plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  begin(ctx, next_operation());
  if (plan_->open_loop()) await_next(ctx);
}

/// Open loop: the next operation comes when it comes, whatever the answers do.
void TxnClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

TxnAsked TxnClient::next_operation() const {
  if (!plan_->is_listed()) return dialect_->draw(*plan_, number_, next_sequence_);
  const ListedOperation& listed = plan_->listed[number_][next_sequence_];
  const auto asked = dialect_->parse(plan_->config, listed.function, listed.value);
  SEEDBED_ASSERT(asked.has_value(), "a listed {} cannot be read: {}", listed.function,
                 listed.value);
  return *asked;
}

void TxnClient::begin(Context& ctx, TxnAsked asked) {
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  open.operation = ctx.history().invoke(ctx.true_now(), ctx.self(), asked.function, asked.value);
  open.asked = std::move(asked);
  open.give_up = ctx.after(plan_->config.timeout, GiveUp{sequence});
  ask(ctx, sequence, server_, plan_->config.timeout / 5);
}

void TxnClient::ask(Context& ctx, std::uint64_t sequence, NodeId server, Duration patience) {
  Open& open = open_.at(sequence);
  open.server = server;
  if (open.session == tx::kNoSession) {
    const auto known = sessions_.find(server.value);
    if (known != sessions_.end()) open.session = known->second;
  }
  ctx.cancel(open.ask_again);
  open.ask_again = ctx.after(patience, AskAgain{sequence});
  ctx.send(server,
           tx::Request{
               {ctx.self(), sequence}, open.session, open_.begin()->first, open.asked.operations});
}

/// It does not answer: others may, those that have joined, too.
void TxnClient::turn_from(Context& ctx, NodeId server) {
  if (server_ == server) server_ = {server.value % ctx.most_servers() + 1};
}

void TxnClient::on(Context& ctx, const AskAgain& m) {
  Open& open = open_.at(m.sequence);
  turn_from(ctx, open.server);
  const bool may_be_under_way = open.session != tx::kNoSession;
  ask(ctx, m.sequence, may_be_under_way ? open.server : server_, plan_->config.timeout / 5);
}

void TxnClient::on(Context& ctx, const Envelope& from, const tx::Reply& m) {
  const auto found = open_.find(m.id.sequence);
  if (found == open_.end() || found->second.server != from.from.node) return;
  Open& open = found->second;
  const NodeId server = open.server;
  switch (m.outcome) {
    case tx::Outcome::kCommitted:
      server_ = server;
      return complete(ctx, m.id.sequence, Completion::kOk,
                      dialect_->answer(*plan_, open.asked, m.reads));
    case tx::Outcome::kAborted:
      server_ = server;
      return complete(ctx, m.id.sequence, Completion::kFail, "");
    case tx::Outcome::kUnknown: return complete(ctx, m.id.sequence, Completion::kInfo, "");
    case tx::Outcome::kExpired:
      sessions_[server.value] = m.session;
      if (open.session == m.session) return;  // a late answer to the first ask
      // An earlier life of the server may have done it.
      if (open.session != tx::kNoSession)
        return complete(ctx, m.id.sequence, Completion::kInfo, "");
      return ask(ctx, m.id.sequence, server, plan_->config.timeout / 5);
    case tx::Outcome::kRedirected:
      if (open.session != tx::kNoSession || m.hint == kNobody) return;
      server_ = m.hint;
      return ask(ctx, m.id.sequence, m.hint, plan_->config.timeout / 5);
  }
}

/// What no server was asked for under its session was not done.
void TxnClient::on(Context& ctx, const GiveUp& m) {
  const Open& open = open_.at(m.sequence);
  turn_from(ctx, open.server);
  const bool may_be_done = open.session != tx::kNoSession;
  complete(ctx, m.sequence, may_be_done ? Completion::kInfo : Completion::kFail, "");
}

void TxnClient::complete(Context& ctx, std::uint64_t sequence, Completion completion,
                         std::string value) {
  const auto found = open_.find(sequence);
  const Open open = std::move(found->second);
  open_.erase(found);
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, std::move(value));
  if (!plan_->open_loop() && !reading_back_) ctx.after(plan_->config.think, NextOperation{});
}

void TxnClient::on(Context& ctx, const ReadBack&) {
  reading_back_ = true;
  for (TxnAsked& asked : dialect_->read_back(*plan_, next_sequence_)) begin(ctx, std::move(asked));
}

}  // namespace seedbed
