// Section 4.3: who crashed has forgotten everything, and asks. That it had a life before this one
// is all that its disk tells; a disk that is empty may be a new one, so that is asked, too.
//
// Lives: a replica that sent a StartViewChange, crashed and recovered may be back in the older
// view, which the paper's quorum of StartViewChanges rules out only among those that have not. So
// votes tell which life they come from, and replicas which lives they know of (Michael et al.
// 2017).
#include <algorithm>

#include "protocols/vr/replica.h"

namespace seedbed::vr {

void Replica::remember(NodeId replica, const Nonce& life) {
  Nonce& known = lives_[replica.value];
  if (replica != self_) known = std::max(known, life);
}

void Replica::remember(const Lives& lives) {
  for (std::uint32_t id = 1; id < lives.size(); ++id) remember({id}, lives[id]);
}

/// Its number is on the disk before anybody hears of it.
void Replica::begin_life(Context& ctx, std::uint64_t number, bool fresh) {
  life_ = {{number, ctx.rng().next()}, fresh};
  lives_[self_.value] = life_.nonce;
  status_ = fresh ? Status::kNew : Status::kRecovering;
  responses_ = {};
  transfer_.reset();
  beats_[self_.value] = 0;
  ctx.save(life_);
  ask_who_i_was(ctx);
}

void Replica::ask_who_i_was(Context& ctx) { ctx.broadcast(Recovery{life_.nonce, life_.fresh}); }

void Replica::on(Context& ctx, const Envelope& from, const Recovery& m) {
  if (!takes_part() && status_ != Status::kNew) return;
  const NodeId asker = from.from.node;
  const Nonce known = lives_[asker.value];
  const bool another = m.fresh && known != Nonce{} && known != m.nonce;
  if (another || m.nonce < known) return ctx.reply(from, EarlierLife{known.life});
  remember(asker, m.nonce);
  if (m.fresh) return ctx.reply(from, NoEarlierLife{m.nonce});
  if (status_ != Status::kNormal) return;
  ctx.reply(from, RecoveryResponse{view_, m.nonce, log_.last_index(), lives_});
}

/// A group begins to work when each of it has been heard of by all others.
void Replica::on(Context& ctx, const Envelope& from, const NoEarlierLife& m) {
  if (status_ != Status::kNew || m.nonce != life_.nonce) return;
  no_earlier_life_.insert(from.from.node);
  if (no_earlier_life_ != others()) return;
  life_.fresh = false;
  ctx.save(life_);
  enter_view(ctx, 0);
}

/// Our disk is not the one that we had.
void Replica::on(Context& ctx, const Envelope&, const EarlierLife& m) {
  const bool asking = status_ == Status::kNew || status_ == Status::kRecovering;
  if (asking && m.life >= life_.nonce.life) begin_life(ctx, m.life + 1, false);
}

void Replica::on(Context& ctx, const Envelope& from, const RecoveryResponse& m) {
  if (status_ != Status::kRecovering || m.nonce != life_.nonce) return;
  remember(m.lives);
  RecoveryResponse& known = responses_[from.from.node.value];
  if (m.view >= known.view) known = m;
  try_to_recover(ctx);
}

void Replica::try_to_recover(Context& ctx) {
  if (!has_heard_enough()) return;
  View latest = 0;
  for (const auto& [node, response] : responses_) latest = std::max(latest, response.view);
  for (const auto& [node, response] : responses_) {
    if (response.view != latest || !may_take_log_of({node}, latest)) continue;
    return begin_transfer(ctx, {.view = latest, .source = {node}, .target = response.op});
  }
}

}  // namespace seedbed::vr
