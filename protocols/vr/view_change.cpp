// Section 4.2: when a primary fails, the next one in turn is told what each of a majority knows,
// and begins where the latest of them ended.
#include <algorithm>

#include "protocols/vr/replica.h"

namespace seedbed::vr {

void Replica::on(Context& ctx, const ViewChangeTimeout&) {
  if (takes_part() && !is_primary()) begin_view_change(ctx, view_ + 1);
}

void Replica::begin_view_change(Context& ctx, View view) {
  dismiss_clients(ctx);
  status_ = Status::kViewChange;
  view_ = view;
  asked_by_ = {};
  told_by_ = {};
  told_primary_ = false;
  transfer_.reset();
  early_ = {};
  beats_[self_.value] = 0;
  ctx.count("view_changes");
  restart_view_timer(ctx);
  ask_for_view(ctx);
}

void Replica::ask_for_view(Context& ctx) {
  ctx.broadcast(StartViewChange{view_, lives_});
  if (told_primary_ && primary_of(view_) != self_) tell_primary(ctx);
}

void Replica::on(Context& ctx, const Envelope& from, const StartViewChange& m) {
  if (!takes_part()) return;
  remember(m.lives);
  if (m.view > view_) begin_view_change(ctx, m.view);
  if (m.view != view_ || status_ != Status::kViewChange) return;
  asked_by_[from.from.node.value] = m.lives[from.from.node.value];
  // Of who has had another life since, nobody knows whether it still remembers.
  asked_by_.erase_if([&](const auto& item) { return !may_count({item.first}, item.second); });
  if (!told_primary_ && asked_by_.size() + 1 >= quorums_.majority) tell_primary(ctx);
}

/// A majority is leaving the older views, and whoever of it recovers will hear of that.
void Replica::tell_primary(Context& ctx) {
  told_primary_ = true;
  DoViewChange m{view_, last_normal_, log_.last_index(), commit_, end_of_log(ctx), lives_};
  if (primary_of(view_) != self_) return ctx.send(primary_of(view_), std::move(m));
  told_by_[self_.value] = std::move(m);
  try_to_lead(ctx);
}

void Replica::on(Context& ctx, const Envelope& from, const DoViewChange& m) {
  if (!takes_part()) return;
  remember(m.lives);
  if (m.view > view_) begin_view_change(ctx, m.view);
  const bool in_time = m.view == view_ && status_ == Status::kViewChange;
  if (!in_time || primary_of(view_) != self_) return;
  told_by_[from.from.node.value] = m;
  try_to_lead(ctx);
}

void Replica::try_to_lead(Context& ctx) {
  told_by_.erase_if([&](const auto& item) {
    const auto& [node, told] = item;
    return node != self_.value && !may_count({node}, told.lives[node]);
  });
  if (transfer_ || told_by_.size() < quorums_.majority || !told_primary_) return;
  std::uint32_t best = self_.value;
  Op commit = commit_;
  for (const auto& [node, told] : told_by_) {
    if (outranks(told, told_by_.at(best))) best = node;
    commit = std::max(commit, told.commit);
  }
  const DoViewChange& latest = told_by_.at(best);
  Transfer wanted{.view = view_, .source = {best}, .target = latest.op, .commit = commit};
  wanted.log = log_up_to(commit_);
  // Logs of one view are the beginnings of one log.
  if (latest.last_normal == last_normal_) wanted.log = log_up_to(latest.op);
  if (best == self_.value) wanted.log = log_;
  Op op = latest.op - latest.end.size();
  for (std::size_t i = 0; i < latest.end.size(); ++i) {
    if (++op == wanted.log.last_index() + 1) wanted.log.append(latest.end, i);
  }
  begin_transfer(ctx, std::move(wanted));
}

/// Whatever is in the log is prepared once more, in this view.
void Replica::start_view(Context& ctx) {
  enter_view(ctx, view_);
  ctx.count("views");
  prepared_.assign(prepared_.size(), 0);
  beats_.assign(beats_.size(), 0);
  prepared_[self_.value] = log_.last_index();
  repeat_up_to_ = log_.last_index();
  ctx.broadcast(StartView{view_, log_.last_index(), commit_, end_of_log(ctx)});
}

void Replica::on(Context& ctx, const Envelope& from, const StartView& m) {
  if (!takes_part() || m.view < view_) return;
  if (m.view == view_ && status_ == Status::kNormal) return;
  restart_view_timer(ctx);
  Transfer wanted{.view = m.view, .source = from.from.node, .target = m.op, .commit = m.commit};
  wanted.log = log_up_to(commit_);
  Op op = m.op - m.end.size();
  for (std::size_t i = 0; i < m.end.size(); ++i) {
    if (++op == wanted.log.last_index() + 1) wanted.log.append(m.end, i);
  }
  begin_transfer(ctx, std::move(wanted));
}

/// With that view's log.
void Replica::enter_view(Context& ctx, View view) {
  dismiss_clients(ctx);
  status_ = Status::kNormal;
  view_ = last_normal_ = view;
  asked_by_ = {};
  told_by_ = {};
  told_primary_ = false;
  early_ = {};
  restart_view_timer(ctx);
}

}  // namespace seedbed::vr
