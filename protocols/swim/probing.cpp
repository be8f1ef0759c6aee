// The failure detector: Das, Gupta and Motivala 2002, section 3.1, with the round robin of 4.3, and
// Lifeguard's local health.
#include <algorithm>
#include <utility>

#include "protocols/swim/server.h"
#include "sim/base/permutation.h"

namespace seedbed::swim {

void Server::on(Context& ctx, const ProtocolPeriod&) {
  begin_event();
  end_period(ctx);
  ++periods_;
  ctx.after(p_.period * (health_ + 1), ProtocolPeriod{});
  if (const NodeId target = next_target(ctx)) ping(ctx, target);
}

/// Who has not answered by now, neither itself nor by way of a helper, has failed.
void Server::end_period(Context& ctx) {
  if (!probe_.target) return;
  const Probe probe = std::exchange(probe_, {});
  ctx.count("probes");
  if (probe.answered) return change_health(-1);
  ctx.cancel(probe.timeout);
  ctx.count("failed_probes");
  change_health(probe.nacks_missing > 0 ? 2 : 1);
  const auto known = members_.of(probe.target);
  if (!known || known->state == State::kDead) return;
  const State state = suspects_first() ? State::kSuspect : State::kDead;
  apply(ctx, {probe.target, state, accused_in(known->incarnation), self_}, true);
}

void Server::ping(Context& ctx, NodeId target) {
  pinged_ = target;
  probe_ = {.target = target, .sequence = ++sequence_};
  probe_.timeout = ctx.after(p_.ping_timeout * (health_ + 1), PingTimeout{sequence_});
  News news = take_news();
  if (p_.buddy && suspicions_.contains(target.value)) {
    const Update accusation{target, State::kSuspect, members_.of(target)->incarnation, self_};
    std::erase_if(news, [&](const Update& u) { return u.member == target; });
    news.insert(news.begin(), accusation);
  }
  ctx.send(target, Ping{self_, sequence_, incarnation_, std::move(news)});
}

/// No answer: k others are asked to ping. One period is long enough for them.
void Server::on(Context& ctx, const PingTimeout& m) {
  begin_event();
  if (m.sequence != probe_.sequence || probe_.answered) return;
  constexpr std::uint32_t kTries = 30;
  const std::uint32_t others = members_.size() - std::min(members_.size(), 2U);
  const std::uint32_t wanted = std::min(p_.helpers, others);
  std::vector<NodeId> asked;
  for (std::uint32_t tried = 0; asked.size() < wanted && tried < wanted * kTries; ++tried) {
    const NodeId helper = random_member(ctx, probe_.target);
    if (!helper || std::find(asked.begin(), asked.end(), helper) != asked.end()) continue;
    asked.push_back(helper);
    ctx.send(helper, PingReq{probe_.target, m.sequence, p_.lha_probe, incarnation_, take_news()});
  }
  probe_.nacks_missing = static_cast<std::uint32_t>(asked.size());
}

void Server::on(Context& ctx, const Envelope& from, const Ping& m) {
  begin_event();
  hear(ctx, from.from.node, m.incarnation, m.news);
  ctx.reply(from, Ack{m.origin, m.sequence, incarnation_, take_news()});
}

/// Of a ping of its own, or of another one's, who waits for it.
void Server::on(Context& ctx, const Envelope& from, const Ack& m) {
  begin_event();
  hear(ctx, from.from.node, m.incarnation, m.news);
  if (m.origin != self_) {
    forget_relay(ctx, m.origin, m.sequence);
    ctx.send(m.origin, Ack{m.origin, m.sequence, incarnation_, take_news()});
  } else if (m.sequence == probe_.sequence && !probe_.answered) {
    probe_.answered = true;
    ctx.cancel(probe_.timeout);
  }
}

void Server::on(Context& ctx, const Envelope& from, const PingReq& m) {
  begin_event();
  const NodeId origin = from.from.node;
  hear(ctx, origin, m.incarnation, m.news);
  if (m.wants_nack) {
    const NackTimeout late{origin, m.sequence};
    relays_.push_back({origin, m.sequence, ctx.after(p_.ping_timeout * 4 / 5, late)});
  }
  ctx.send(m.target, Ping{origin, m.sequence, incarnation_, take_news()});
}

void Server::forget_relay(Context& ctx, NodeId origin, std::uint32_t sequence) {
  std::erase_if(relays_, [&](const Relay& r) {
    const bool is = r.origin == origin && r.sequence == sequence;
    if (is) ctx.cancel(r.timer);
    return is;
  });
}

void Server::on(Context& ctx, const NackTimeout& m) {
  begin_event();
  forget_relay(ctx, m.origin, m.sequence);
  ctx.send(m.origin, Nack{m.sequence});
}

void Server::on(Context&, const Envelope&, const Nack& m) {
  begin_event();
  if (m.sequence == probe_.sequence && probe_.nacks_missing > 0) --probe_.nacks_missing;
}

/// Lifeguard, section III.A: who misses answers that others get blames itself.
void Server::change_health(std::int32_t by) {
  if (!p_.lha_probe) return;
  if (by < 0) {
    health_ -= health_ > 0 ? 1U : 0U;
  } else {
    health_ = std::min(health_ + static_cast<std::uint32_t>(by), p_.most_health);
  }
}

/// Round robin over all that there may ever be, in a random order that a new one follows, past
/// those that are no members: so each member is probed within 2n - 1 periods, and who joins comes
/// in at a random place.
NodeId Server::next_target(Context& ctx) {
  if (members_.size() < 2) return kNobody;
  if (!goes_round()) return random_member(ctx, self_);
  for (std::uint32_t tried = 0; tried < 2 * most_; ++tried) {
    if (position_ >= most_) {
      position_ = 0;
      order_ = ctx.rng().next();
    }
    const NodeId n{Permutation(order_, most_)(position_++) + 1};
    if (n != self_ && members_.holds(n)) return n;
  }
  return kNobody;
}

/// Neither itself nor `but`; nobody where there are too few to be found soon.
NodeId Server::random_member(Context& ctx, NodeId but) {
  constexpr std::uint32_t kTries = 30;
  for (std::uint32_t tried = 0; tried < kTries; ++tried) {
    const NodeId n{static_cast<std::uint32_t>(ctx.rng().below(most_)) + 1};
    if (n != self_ && n != but && members_.holds(n)) return n;
  }
  return kNobody;
}

}  // namespace seedbed::swim
