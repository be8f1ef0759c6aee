#include "protocols/vr/replica.h"

#include <algorithm>
#include <bit>

#include "protocols/vr/fault_points.h"

namespace seedbed::vr {

std::string brief_text(const Entry& entry) {
  return fmt::format("@{} {} {}", entry.view, brief_text(entry.request.id),
                     brief_text(entry.request.command));
}

std::string brief_text(const Nonce& nonce) { return fmt::format("{}", nonce.life); }

std::string_view complaint(const Parameters& p) {
  if (p.heartbeat >= p.view_change_timeout.min) {
    return "heartbeat must be shorter than the shortest view_change_timeout, or backups change the "
           "view while their primary lives";
  }
  return "";
}

std::string_view Replica::role() const {
  if (status_ != Status::kNormal) return name_of(status_);
  return is_primary() ? "primary" : "backup";
}

/// A disk says whether there was a life before this one; one that says nothing may be new, or may
/// have been replaced: the others know.
void Replica::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  members_ = ServerSet::first(ctx.initial_servers());
  quorums_ = Quorums::of(ctx.initial_servers());
  if (!members_.contains(self_)) return;
  lives_.resize(ctx.initial_servers() + 1);
  prepared_.resize(ctx.initial_servers() + 1);
  beats_.resize(ctx.initial_servers() + 1);
  const auto* before = durable.saved<Life>();
  if (before == nullptr) {
    begin_life(ctx, 1, true);
  } else if (before->fresh) {
    life_ = *before;
    lives_[self_.value] = life_.nonce;
    status_ = Status::kNew;
    ask_who_i_was(ctx);
  } else {
    begin_life(ctx, before->nonce.life + 1, false);
    if (!must_recover(*before)) enter_view(ctx, 0);
  }
  ctx.after(parameters_.heartbeat, HeartbeatTimeout{});
}

/// Says again what may have been lost, as long as it matters.
void Replica::on(Context& ctx, const HeartbeatTimeout&) {
  const bool early = ctx.maybe(fault_points::kEarlyHeartbeat);
  ctx.after(parameters_.heartbeat / (early ? 4 : 1), HeartbeatTimeout{});
  if (is_primary()) return repeat_prepares(ctx);
  if (!is_time_to_repeat(self_)) return;
  if (status_ == Status::kNew || status_ == Status::kRecovering) ask_who_i_was(ctx);
  if (status_ == Status::kViewChange) ask_for_view(ctx);
  if (transfer_) ask_for_state(ctx);
}

/// After 1, 2, 4, 8, 16, and then every 16 heartbeats.
bool Replica::is_time_to_repeat(NodeId to) {
  const std::uint32_t beats = ++beats_[to.value];
  return std::has_single_bit(beats) || beats % 16 == 0;
}

void Replica::restart_view_timer(Context& ctx) {
  ctx.cancel(view_timer_);
  if (is_primary()) return;
  Duration timeout = ctx.rng().between(parameters_.view_change_timeout);
  if (ctx.maybe(fault_points::kLongTimeout)) timeout = timeout * 3;
  if (ctx.maybe(fault_points::kShortTimeout)) timeout = timeout / 10;
  view_timer_ = ctx.after(timeout, ViewChangeTimeout{});
}

std::uint64_t Replica::most_entries(Context& ctx) const {
  return ctx.maybe(fault_points::kOneEntry) ? 1 : parameters_.max_entries;
}

/// As much of it as a message takes.
Entries Replica::end_of_log(Context& ctx) const {
  const std::uint64_t count = std::min<std::uint64_t>(log_.size(), most_entries(ctx));
  return log_.slice(log_.last_index() + 1 - count, count);
}

/// Every operation goes through the log, reads too: a primary cannot know that it still is one.
void Replica::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  if (!is_primary()) {
    const bool knows = status_ == Status::kNormal && !ctx.maybe(fault_points::kNoHint);
    const NodeId hint = knows ? primary_of(view_) : kNobody;
    return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, hint});
  }
  if (const auto known = store_.answer_to(m)) return ctx.reply(from, *known);
  if (is_in_progress(m.id)) return;
  log_.append(Entry{view_, m});
  const Op op = log_.last_index();
  prepared_[self_.value] = op;
  waiting_.push({op, m.id, from.from});
  if (ctx.maybe(fault_points::kNoFirstTry)) return;
  ctx.broadcast(Prepare{view_, commit_, op, log_.slice(op, 1)});
}

bool Replica::is_in_progress(const kv::RequestId& request) const {
  if (waiting_.empty()) return false;
  Op op = waiting_.front().op;
  while (op <= log_.last_index() && log_[op].request.id != request) ++op;
  return op <= log_.last_index();
}

/// Who is no longer the primary cannot say what becomes of what it prepared.
void Replica::dismiss_clients(Context& ctx) {
  while (!waiting_.empty()) {
    const auto [op, request, client] = waiting_.pop();
    ctx.send(client, kv::Reply{request, kv::Outcome::kUnknown});
  }
}

}  // namespace seedbed::vr
