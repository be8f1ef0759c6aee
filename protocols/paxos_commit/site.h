// A node of Paxos Commit: the first ones are acceptors, each of which can lead and coordinates
// transactions of its own clients; the others hold the data and take part.
#pragma once

#include <string_view>

#include "protocols/paxos_commit/acceptor.h"
#include "protocols/paxos_commit/leader.h"
#include "protocols/paxos_commit/parameters.h"
#include "protocols/two_phase_commit/participant.h"
#include "sim/world/process.h"

namespace seedbed::paxos_commit {

namespace tpc = two_phase_commit;

class Site : public Process<Site, tx::Request, tpc::Work, tpc::Worked, tpc::Prepare, tpc::Decision,
                            tpc::Ack, tpc::Inquiry, Phase1a, Phase1b, Phase2a, Phase2b, Refusal,
                            tpc::VoteTimeout, tpc::Recorded, tpc::TellAgain,
                            tpc::ParticipantTimeout, LeaderTimeout>,
             public tpc::Participant,
             public Leader,
             public Acceptor {
 public:
  void configure(const Parameters& parameters);
  void start(Context& ctx, const Recovered& durable);
  using Acceptor::on;
  using Leader::on;
  using Participant::on;
  void on(Context& ctx, const Envelope& from, const tpc::Inquiry& m) {
    if (coordinates()) answer(ctx, from, m);
  }

  std::string_view role() const override { return coordinates() ? "coordinator" : "participant"; }
  tpc::Life life() const { return life_; }
  void describe(auto& d) const {
    d("life", life_)("open", globals().size())("in_doubt", in_doubt())("asked", most_asked())(
        "locks", locks().held());
  }

 protected:
  /// Section 4: the vote goes to all acceptors, in ballot 0 of its own instance.
  void send_vote(Context& ctx, const TxnId& txn, const Local& local, tpc::Choice choice) override;
  /// One acceptor after the other: who does not know the decision has it chosen.
  void when_in_doubt(Context& ctx, const TxnId& txn, Local& local) override;
  bool forces_finish(bool) const override { return false; }
  bool acknowledges(bool) const override { return true; }

 private:
  tpc::Life life_ = 0;
};

}  // namespace seedbed::paxos_commit
