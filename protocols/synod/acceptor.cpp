// Phases 1b and 2b ("Paxos Made Simple", section 2.2). What is promised and
// accepted is on the disk before anybody hears of it: messages that follow a
// save wait for it.
#include "protocols/synod/replica.h"

namespace seedbed::synod {

void Replica::write(Context& ctx, const Ballot& ballot) {
  journal_.append(ballot);
  ctx.append(journal_, journal_.last_index());
  ctx.save(JournalEnd{journal_.last_index()});
}

void Replica::on(Context& ctx, const Envelope& from, const Prepare& m) {
  join(ctx);
  if (m.slot <= chosen()) return tell(ctx, from.from, m.slot);
  Instance& instance = instances_[m.slot];
  Ballot& ballot = instance.ballot;
  if (m.round < ballot.promised) return ctx.reply(from, Nack{m.slot, ballot.promised});
  if (m.round > ballot.promised) {
    ballot.slot = m.slot;
    ballot.promised = m.round;
    instance.phase = Phase::kIdle;
    write(ctx, ballot);
  }
  ctx.reply(from, Promise{m.slot, m.round, ballot.voted, ballot.decree});
}

void Replica::on(Context& ctx, const Envelope& from, const Accept& m) {
  join(ctx);
  if (m.slot <= chosen()) return tell(ctx, from.from, m.slot);
  Instance& instance = instances_[m.slot];
  if (!may_accept(instance.ballot, m.round)) {
    return ctx.reply(from, Nack{m.slot, instance.ballot.promised});
  }
  instance.ballot.slot = m.slot;
  if (instance.ballot.voted != m.round) {
    if (instance.round != m.round) instance.phase = Phase::kIdle;
    vote(ctx, instance, m.round, m.decree);
  }
  ctx.reply(from, Accepted{m.slot, m.round, {}});
}

/// Once a round.
void Replica::vote(Context& ctx, Instance& instance, Round round, const Decree& decree) {
  Ballot& ballot = instance.ballot;
  ballot.promised = ballot.voted = round;
  ballot.decree = decree;
  write(ctx, ballot);
}

}  // namespace seedbed::synod
