// Sections 5.2 and 5.3: a log that is fetched in parts, by who lags behind in its view, by who
// hears of a later view, by a new primary that was told of the log's end only, and by who recovers.
#include <algorithm>

#include "protocols/vr/replica.h"

namespace seedbed::vr {

/// Where we may go on from: what is committed is the same everywhere.
SharedLog<Entry> Replica::log_up_to(Op op) const {
  SharedLog<Entry> log = log_;
  log.truncate(std::clamp(op + 1, log.first_index(), log.last_index() + 1));
  return log;
}

void Replica::begin_transfer(Context& ctx, Transfer wanted) {
  const bool whole = wanted.target && wanted.log.last_index() >= *wanted.target;
  if (!whole && transfer_ && transfer_->view >= wanted.view) return;
  transfer_ = std::move(wanted);
  if (whole) return finish_transfer(ctx);
  beats_[self_.value] = 0;
  ctx.count("transfers");
  ask_for_state(ctx);
}

void Replica::ask_for_state(Context& ctx) {
  ctx.send(transfer_->source, GetState{transfer_->view, transfer_->log.last_index()});
}

/// The log of a view, by who is in it; or of the view before, by who has told of it.
void Replica::on(Context& ctx, const Envelope& from, const GetState& m) {
  const bool told = status_ == Status::kNormal || gave_up_older_views();
  if (!told || m.view != view_ || m.op > log_.last_index()) return;
  NewState reply{.view = view_, .op = log_.last_index(), .commit = commit_};
  reply.first = std::max(m.op + 1, log_.first_index());
  if (reply.first > m.op + 1) reply.checkpoint = *checkpoint_;
  reply.entries = log_.slice(reply.first, most_entries(ctx));
  ctx.reply(from, std::move(reply));
}

void Replica::on(Context& ctx, const Envelope& from, const NewState& m) {
  if (transfer_ && m.view == transfer_->view && from.from.node == transfer_->source) {
    return continue_transfer(ctx, m);
  }
  if (status_ != Status::kNormal || m.view != view_ || is_primary()) return;
  const Op before = log_.last_index();
  if (m.checkpoint.op > before) {
    load(std::make_shared<const Checkpoint>(m.checkpoint));
    log_.compact(m.checkpoint.op);
  }
  append_new(m.entries, m.first);
  ctx.send(primary_of(view_), PrepareOk{view_, log_.last_index()});
  commit_up_to(ctx, m.commit);
  const bool more = log_.last_index() > before && log_.last_index() < m.op;
  if (more) ctx.reply(from, GetState{view_, log_.last_index()});
}

void Replica::continue_transfer(Context& ctx, const NewState& m) {
  SharedLog<Entry>& log = transfer_->log;
  const Op before = log.last_index();
  if (m.checkpoint.op > before) {
    transfer_->checkpoint = std::make_shared<const Checkpoint>(m.checkpoint);
    log.compact(m.checkpoint.op);
  }
  for (std::size_t i = 0; i < m.entries.size(); ++i) {
    if (m.first + i == log.last_index() + 1) log.append(m.entries, i);
  }
  if (!transfer_->target) transfer_->target = m.op;
  transfer_->commit = std::max(transfer_->commit, m.commit);
  if (log.last_index() >= *transfer_->target) return finish_transfer(ctx);
  if (log.last_index() == before) return;
  beats_[self_.value] = 0;
  if (takes_part()) restart_view_timer(ctx);
  ask_for_state(ctx);
}

void Replica::finish_transfer(Context& ctx) {
  const Transfer whole = *std::exchange(transfer_, std::nullopt);
  dismiss_clients(ctx);
  const bool leads = status_ == Status::kViewChange && primary_of(view_) == self_;
  if (status_ == Status::kRecovering) ctx.count("recoveries");
  adopt(ctx, whole);
  if (leads && whole.view == view_) return start_view(ctx);
  enter_view(ctx, whole.view);
  const NodeId primary = primary_of(view_);
  if (primary != self_) ctx.send(primary, PrepareOk{view_, log_.last_index()});
}

void Replica::adopt(Context& ctx, const Transfer& whole) {
  if (whole.checkpoint != nullptr) load(whole.checkpoint);
  log_ = whole.log;
  if (checkpoint_ != nullptr) log_.compact(checkpoint_->op);
  commit_up_to(ctx, whole.commit);
}

void Replica::load(std::shared_ptr<const Checkpoint> checkpoint) {
  const Op op = checkpoint->op;
  if (op > commit_) {
    store_ = kv::Store(checkpoint->records);
    commit_ = op;
  }
  if (checkpoint_ == nullptr || op > checkpoint_->op) checkpoint_ = std::move(checkpoint);
}

}  // namespace seedbed::vr
