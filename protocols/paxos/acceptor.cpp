// Phases 1b and 2b ("Paxos Made Simple", section 2.2). What is promised and accepted is on the disk
// before anybody hears of it: messages that follow a save wait for it.
#include <algorithm>

#include "protocols/paxos/replica.h"

namespace seedbed::paxos {

/// Phase 1b. The same proposer is answered again: its answer may have been lost.
void Replica::on(Context& ctx, const Envelope& from, const Prepare& m) {
  if (!has_vote() || turns_away(ctx, from, m)) return;
  if (m.ballot < promised_) return ctx.reply(from, Nack{promised_});
  promise(ctx, m.ballot);
  restart_election_timer(ctx);
  Promise reply{.ballot = m.ballot, .chosen = chosen_};
  for (Slot slot = std::max(m.first, chosen_ + 1); slot <= accepted_.last(); ++slot) {
    if (const auto place = accepted_.get(slot)) reply.accepted.push_back(journal_[place]);
  }
  ctx.reply(from, std::move(reply));
}

/// Whoever promises a higher ballot leads no more, and is no candidate.
void Replica::promise(Context& ctx, Ballot ballot) {
  if (ballot <= promised_) return;
  promised_ = ballot;
  save_promise(ctx);
  leader_ = kNobody;
  if (role_ != Role::kFollower) become_follower(ctx);
}

/// Phase 2b. A learner without a vote only listens.
void Replica::on(Context& ctx, const Envelope& from, const Accept& m) {
  if (has_vote() && !may_accept(m.ballot)) return ctx.reply(from, Nack{promised_});
  if (has_vote()) promise(ctx, m.ballot);
  if (!is_leader()) leader_ = m.ballot.node;
  if (role_ == Role::kFollower) restart_election_timer(ctx);
  if (has_vote() && !m.proposals.empty()) {
    accept(ctx, m);
    const Slot first = m.proposals[0].slot;
    ctx.reply(from, Accepted{m.ballot, first, first + m.proposals.size() - 1});
  }
  if (is_leader()) return;
  learn_from_journal(ctx, m);
  // Proposals may be on their way; a heartbeat comes when they should be there.
  if (chosen_ < m.chosen && m.proposals.empty()) ctx.reply(from, Learn{chosen_ + 1});
}

/// What is known to be chosen cannot be proposed with another decree: nothing to remember.
void Replica::accept(Context& ctx, const Accept& m) {
  for (std::size_t i = 0; i < m.proposals.size(); ++i) {
    const Proposal& proposal = m.proposals[i];
    if (proposal.slot <= chosen_) continue;
    const auto known = accepted_.get(proposal.slot);
    if (known != 0 && journal_[known].ballot == proposal.ballot) continue;
    journal_.append(m.proposals, i);
    write_last(ctx);
  }
}

void Replica::write_last(Context& ctx) {
  const auto last = journal_.last_index();
  accepted_.at(journal_[last].slot) = last;
  ctx.append(journal_, last);
  save_promise(ctx);
}

}  // namespace seedbed::paxos
