// What a member makes of news, and how it spreads: Das, Gupta and Motivala 2002, sections 4.1 and
// 4.2, with Lifeguard's suspicions that others share.
#include "protocols/swim/server.h"

namespace seedbed::swim {

News Server::take_rumours() { return gossip_.take(p_.piggyback, times_sent()); }

/// News, and that the sender is alive in the incarnation that it says. One that was declared dead
/// is told so with the answer, where the dead may come back.
void Server::hear(Context& ctx, NodeId from, Incarnation incarnation, const News& news) {
  if (from != self_) apply(ctx, {from, State::kAlive, incarnation, kNobody});
  for (const Update& update : news) apply(ctx, update);
  if (p_.sync.count() == 0) return;
  const auto known = members_.of(from);
  if (known && known->state == State::kDead && from != self_) {
    gossip_.add({from, State::kDead, known->incarnation, kNobody});
  }
}

/// Takes in what overrides what it knew, and passes it on.
void Server::apply(Context& ctx, const Update& news, bool own) {
  if (news.member == self_) return hear_of_self(ctx, news);
  const auto known = members_.of(news.member);
  if (known && !overrides(news, *known)) {
    if (news.state == State::kSuspect && *known == Known{news.incarnation, State::kSuspect}) {
      share(ctx, news);
    }
    return;
  }
  const Known after{news.incarnation, news.state};
  changes_.push_back({news.member, known.value_or(Known{}), after, known.has_value(), own});
  members_.set(news.member, after);
  gossip_.add(news);
  stop_suspecting(ctx, news.member);
  if (news.state == State::kSuspect) suspect(ctx, news);
}

/// Alive: what it said itself, in an earlier life perhaps. Else an accusation, which it refutes.
void Server::hear_of_self(Context& ctx, const Update& news) {
  if (news.state == State::kAlive) {
    incarnation_ = std::max(incarnation_, news.incarnation);
    return;
  }
  accused_below_ = std::max(accused_below_, news.incarnation + 1);
  if (news.incarnation < incarnation_ || !refutes()) return;
  incarnation_ = news.incarnation + 1;
  ctx.count("refutations");
  change_health(1);
  gossip_.add({self_, State::kAlive, incarnation_, kNobody});
}

void Server::suspect(Context& ctx, const Update& news) {
  ctx.count("suspicions");
  Suspicion& s = suspicions_[news.member.value];
  s = {.since = ctx.now(), .incarnation = news.incarnation, .since_period = periods_};
  s.by.push_back(news.by);
  if (!expires()) return;
  const Duration timeout = suspicion_timeout(p_, members_.size(), 0);
  s.timer = ctx.after(timeout, SuspicionTimeout{news.member});
}

/// Lifeguard, section III.B: another one suspects the same on its own account. That is passed on,
/// and makes the timeout shorter.
void Server::share(Context& ctx, const Update& news) {
  if (!p_.lha_suspicion) return;
  Suspicion& s = suspicions_.at(news.member.value);
  if (!s.shares(news.by, expected_confirmations(p_, members_.size()))) return;
  gossip_.add(news);
  if (!ctx.cancel(s.timer)) return;
  const Duration timeout = suspicion_timeout(p_, members_.size(), s.shared());
  const Duration rest = std::max(Duration{}, s.since + timeout - ctx.now());
  s.timer = ctx.after(rest, SuspicionTimeout{news.member});
}

void Server::stop_suspecting(Context& ctx, NodeId member) {
  const auto found = suspicions_.find(member.value);
  if (found == suspicions_.end()) return;
  ctx.cancel(found->second.timer);
  suspicions_.erase(found);
}

void Server::on(Context& ctx, const SuspicionTimeout& m) {
  begin_event();
  const auto found = suspicions_.find(m.member.value);
  if (found == suspicions_.end()) return;
  apply(ctx, {m.member, State::kDead, found->second.incarnation, self_}, true);
  ctx.count("declared_dead");
}

}  // namespace seedbed::swim
