// A node of two-phase commit: the first ones coordinate, the others hold the data and take part.
#pragma once

#include <string_view>

#include "protocols/two_phase_commit/coordinator.h"
#include "protocols/two_phase_commit/messages.h"
#include "protocols/two_phase_commit/parameters.h"
#include "protocols/two_phase_commit/participant.h"
#include "sim/world/process.h"

namespace seedbed::two_phase_commit {

/// Counts the start that is under way, durably.
inline Life next_life(Context& ctx, const Recovered& durable) {
  const auto* lives = durable.saved<Lives>();
  const Life life = (lives == nullptr ? 0 : lives->count) + 1;
  ctx.save(Lives{life});
  return life;
}

class Site : public Process<Site, tx::Request, Work, Worked, Prepare, Vote, Decision, Ack, Inquiry,
                            VoteTimeout, Recorded, TellAgain, ParticipantTimeout>,
             public Participant,
             public Coordinator {
 public:
  void configure(const Parameters& parameters) {
    Participant::configure(parameters);
    Coordinator::configure(parameters);
  }
  /// Records that can no longer be read may have been votes and decisions: better none at all.
  void start(Context& ctx, const Recovered& durable) {
    if (durable.damaged()) return ctx.halt();
    life_ = next_life(ctx, durable);
    start_coordinator(ctx, durable.log<Record>(), life_);
    start_participant(ctx, durable.log<Record>(), life_);
  }
  using Coordinator::on;
  using Participant::on;
  void on(Context& ctx, const Envelope& from, const Inquiry& m) {
    if (m.txn.coordinator == ctx.self()) return answer(ctx, from, m);
    tell_peer(ctx, from, m.txn);
  }

  std::string_view role() const override { return coordinates() ? "coordinator" : "participant"; }
  Life life() const { return life_; }
  void describe(auto& d) const {
    d("life", life_)("open", globals().size())("in_doubt", in_doubt())("asked", most_asked())(
        "locks", locks().held());
  }

 private:
  Life life_ = 0;
};

}  // namespace seedbed::two_phase_commit
