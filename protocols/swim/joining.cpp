// How a member comes, goes and catches up. The paper leaves joining to a coordinator or a broadcast
// (section 3.2); here who comes asks one whom it knows for all that it knows. The same exchange,
// now and then with anybody whom a member ever heard of, finds news that was lost on its way, and
// brings together again what a partition had parted.
#include "protocols/swim/server.h"

namespace seedbed::swim {

void Server::start(Context& ctx, const Recovered&) {
  self_ = ctx.self();
  first_ = ctx.initial_servers();
  most_ = ctx.most_servers();
  members_ = Members(first_);
  if (self_.value > first_) members_.set(self_, {});
  const Duration phase = p_.aligned ? Duration{} : ctx.rng().between({{}, p_.period - 1_ns});
  ctx.after(phase, ProtocolPeriod{});
  if (p_.sync.count() > 0 || self_.value > first_) ctx.after({}, SyncTimer{});
}

/// Who has come later, and knows only those who were there before, asks until somebody answers.
void Server::on(Context& ctx, const SyncTimer&) {
  begin_event();
  sync_with(ctx, anybody(ctx));
  if (self_.value > first_ && !joined_) {
    ctx.after(p_.period, SyncTimer{});
  } else if (p_.sync.count() > 0) {
    ctx.after(ctx.rng().between({p_.sync / 2, p_.sync * 3 / 2}), SyncTimer{});
  }
}

/// Any but itself of whom it has ever heard, dead or not.
NodeId Server::anybody(Context& ctx) {
  constexpr std::uint32_t kTries = 30;
  for (std::uint32_t tried = 0; tried < kTries; ++tried) {
    const NodeId n{static_cast<std::uint32_t>(ctx.rng().below(most_)) + 1};
    if (n != self_ && members_.of(n)) return n;
  }
  return kNobody;
}

void Server::sync_with(Context& ctx, NodeId other) {
  if (other) ctx.send(other, Sync{true, everything()});
}

/// All that is not as it was in the beginning, and what it says of itself.
News Server::everything() const {
  News news;
  news.reserve(members_.changed().size() + 1);
  news.push_back({self_, State::kAlive, incarnation_, kNobody});
  for (const auto& [id, known] : members_.changed()) {
    if (NodeId{id} != self_) {
      news.push_back({NodeId{id}, known.state, known.incarnation, kNobody});
    }
  }
  return news;
}

/// Who is dead to another is suspected first, so that it can speak up.
void Server::on(Context& ctx, const Envelope& from, const Sync& m) {
  begin_event();
  joined_ |= !m.wants_reply;
  for (Update update : m.news) {
    const bool second_hand = update.state == State::kDead && update.member != from.from.node;
    if (second_hand && members_.holds(update.member) && suspects_first()) {
      update.state = State::kSuspect;
    }
    if (update.state != State::kAlive && !update.by) update.by = from.from.node;
    apply(ctx, update);
  }
  if (m.wants_reply) ctx.reply(from, Sync{false, everything()});
}

/// Tells as many as a piece of news is told.
void Server::leave(Context& ctx) {
  const Sync goodbye{false, {{self_, State::kDead, incarnation_, self_}}};
  for (std::uint32_t i = 0; i < times_sent(); ++i) {
    if (const NodeId n = random_member(ctx, self_)) ctx.send(n, goodbye);
  }
}

void Server::on(Context& ctx, const Envelope& from, const membership::ViewRequest& m) {
  begin_event();
  membership::ViewReply view{m.sequence, {}};
  for (std::uint32_t id = 1; id <= most_; ++id) {
    if (members_.holds({id})) view.members.push_back({id});
  }
  ctx.reply(from, std::move(view));
}

}  // namespace seedbed::swim
