#include "protocols/paxos_commit/acceptor.h"

#include <algorithm>

namespace seedbed::paxos_commit {

void Acceptor::start_acceptor(const Recovered& durable) {
  if (!recovers()) return;
  const auto log = durable.log<AcceptorRecord>();
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    states_[log[i].txn] = {log[i].promised, log[i].accepted};
  }
}

void Acceptor::save(Context& ctx, const TxnId& txn, const State& state) {
  ctx.count("forced_writes");
  ctx.append(AcceptorRecord{txn, state.promised, state.accepted});
}

void Acceptor::on(Context& ctx, const Envelope& from, const Phase1a& m) {
  State& state = states_[m.txn];
  if (m.ballot < state.promised) return ctx.reply(from, Refusal{m.txn, state.promised});
  if (m.ballot != state.promised) {
    state.promised = m.ballot;
    save(ctx, m.txn, state);
  }
  ctx.reply(from, Phase1b{m.txn, m.ballot, state.accepted});
}

/// In ballot 0 each participant proposes once. The leader hears when all votes are there, or one
/// that settles the matter (section 4.2).
void Acceptor::on(Context& ctx, const Envelope& from, const Phase2a& m) {
  State& state = states_[m.txn];
  if (m.ballot < state.promised) {
    if (m.ballot != Ballot{}) ctx.reply(from, Refusal{m.txn, state.promised});
    return;
  }
  state.promised = m.ballot;
  bool news = false;
  for (const Accepted& vote : m.votes) {
    const auto known =
        std::find_if(state.accepted.begin(), state.accepted.end(),
                     [&](const Accepted& a) { return a.participant == vote.participant; });
    if (known == state.accepted.end()) {
      state.accepted.push_back(vote);
    } else if (known->ballot < vote.ballot) {
      *known = vote;
    } else {
      continue;
    }
    news = true;
  }
  if (news) save(ctx, m.txn, state);
  const bool settled = state.accepted.size() >= m.participants.size() ||
                       std::any_of(state.accepted.begin(), state.accepted.end(),
                                   [](const Accepted& a) { return !a.prepared; });
  const NodeId leader = m.ballot == Ballot{} ? m.txn.coordinator : m.ballot.node;
  if (settled) ctx.send(leader, Phase2b{m.txn, m.ballot, state.accepted});
}

}  // namespace seedbed::paxos_commit
