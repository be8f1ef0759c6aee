// Section 4.1: the primary orders operations, its backups prepare them in that order, and what a
// majority has prepared is committed. Section 5.1: checkpoints.
#include <algorithm>

#include "protocols/vr/fault_points.h"
#include "protocols/vr/replica.h"

namespace seedbed::vr {

/// What was prepared before the last heartbeat, and not acknowledged, is sent again; to whom
/// nothing is, it is told what is committed. What was compacted away it will ask for.
void Replica::repeat_prepares(Context& ctx) {
  for (const NodeId peer : others()) {
    const Op missing = prepared_[peer.value] + 1;
    const bool has_all = missing < log_.first_index() || missing > repeat_up_to_;
    if (has_all) beats_[peer.value] = 0;
    if (!has_all && is_time_to_repeat(peer)) {
      ctx.send(peer, Prepare{view_, commit_, missing, log_.slice(missing, most_entries(ctx))});
    } else {
      ctx.send(peer, Commit{view_, commit_});
    }
  }
  repeat_up_to_ = log_.last_index();
}

/// Whether the message is of our own view, and from its primary. A later view's log is fetched
/// first.
bool Replica::follow(Context& ctx, const Envelope& from, View view) {
  if (!takes_part() || !may_prepare(view)) return false;
  if (view > view_ || status_ != Status::kNormal) {
    if (view < view_ || from.from.node != primary_of(view)) return false;
    restart_view_timer(ctx);
    Transfer wanted{.view = view, .source = from.from.node};
    wanted.log = log_up_to(commit_);
    begin_transfer(ctx, std::move(wanted));
    if (!keeps_log_until_replaced()) log_.truncate(commit_ + 1);
    return false;
  }
  if (is_primary()) return false;
  restart_view_timer(ctx);
  return true;
}

/// A backup's log has no gaps: what comes early waits.
void Replica::append_new(const Entries& entries, Op first) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Op op = first + i;
    if (op == log_.last_index() + 1) {
      log_.append(entries, i);
    } else if (op > log_.last_index()) {
      early_[op] = entries[i];
    }
  }
  while (!early_.empty() && early_.begin()->first <= log_.last_index() + 1) {
    if (early_.begin()->first > log_.last_index()) log_.append(early_.begin()->second);
    early_.erase(early_.begin());
  }
}

void Replica::on(Context& ctx, const Envelope& from, const Prepare& m) {
  if (!follow(ctx, from, m.view)) return;
  append_new(m.entries, m.first);
  ctx.reply(from, PrepareOk{m.view, log_.last_index()});
  commit_up_to(ctx, m.commit);
}

void Replica::on(Context& ctx, const Envelope& from, const Commit& m) {
  if (!follow(ctx, from, m.view)) return;
  commit_up_to(ctx, m.commit);
  if (log_.last_index() < m.commit) ctx.reply(from, GetState{view_, log_.last_index()});
}

void Replica::on(Context& ctx, const Envelope& from, const PrepareOk& m) {
  if (!is_primary() || m.view != view_) return;
  Op& prepared = prepared_[from.from.node.value];
  if (m.op > prepared) beats_[from.from.node.value] = 0;
  prepared = std::max(prepared, std::min(m.op, log_.last_index()));
  const auto prepared_by = [&](Op op) {
    return std::count_if(prepared_.begin(), prepared_.end(), [&](Op up_to) { return up_to >= op; });
  };
  Op op = commit_;
  while (op < log_.last_index() && is_committed(static_cast<std::size_t>(prepared_by(op + 1))))
    ++op;
  commit_up_to(ctx, op);
}

void Replica::commit_up_to(Context& ctx, Op op) {
  while (commit_ < std::min(op, log_.last_index())) execute(ctx, ++commit_);
}

void Replica::execute(Context& ctx, Op op) {
  const std::optional<kv::Reply> reply = store_.apply(log_[op].request);
  if (!waiting_.empty() && waiting_.front().op == op) {
    const Address client = waiting_.pop().client;
    if (reply) ctx.send(client, *reply);
  }
  const Op last = checkpoint_ == nullptr ? 0 : checkpoint_->op;
  const bool due =
      parameters_.checkpoint_entries > 0 && commit_ - last >= parameters_.checkpoint_entries;
  if ((due || ctx.maybe(fault_points::kCheckpointAtOnce)) && !checkpoint_due_) {
    checkpoint_due_ = true;
    ctx.after({}, TakeCheckpoint{});
  }
}

/// Section 5.1: what the checkpoint holds, the log need not.
void Replica::on(Context& ctx, const TakeCheckpoint&) {
  checkpoint_due_ = false;
  if (commit_ < log_.first_index()) return;
  checkpoint_ = std::make_shared<const Checkpoint>(Checkpoint{commit_, store_.image()});
  log_.compact(commit_);
  ctx.count("checkpoints");
}

}  // namespace seedbed::vr
