// A node of three-phase commit: two-phase commit with a phase between the votes and the decision,
// so that nobody can commit while anybody is still uncertain; and participants that end a
// transaction without its coordinator. Skeen 1981; Bernstein, Hadzilacos, Goodman 1987,
// section 7.5. Its model: nodes crash, the network neither loses messages nor parts, and who does
// not answer in time has crashed.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "protocols/three_phase_commit/messages.h"
#include "protocols/three_phase_commit/parameters.h"
#include "protocols/two_phase_commit/coordinator.h"
#include "protocols/two_phase_commit/participant.h"
#include "sim/world/process.h"

namespace seedbed::three_phase_commit {

namespace tpc = two_phase_commit;

class Site
    : public Process<Site, tx::Request, tpc::Work, tpc::Worked, tpc::Prepare, tpc::Vote, PreCommit,
                     PreCommitAck, tpc::Decision, tpc::Ack, tpc::Inquiry, StateRequest, StateReply,
                     tpc::VoteTimeout, tpc::Recorded, tpc::TellAgain, tpc::ParticipantTimeout>,
      public tpc::Participant,
      public tpc::Coordinator {
 public:
  void configure(const Parameters& parameters);
  void start(Context& ctx, const Recovered& durable);
  using Coordinator::on;
  using Participant::on;
  void on(Context& ctx, const Envelope& from, const PreCommit& m);
  void on(Context& ctx, const Envelope& from, const PreCommitAck& m);
  void on(Context& ctx, const Envelope& from, const tpc::Inquiry& m) { answer(ctx, from, m); }
  void on(Context& ctx, const Envelope& from, const StateRequest& m);
  void on(Context& ctx, const Envelope& from, const StateReply& m);
  void on(Context& ctx, const tpc::VoteTimeout& m);

  std::string_view role() const override { return coordinates() ? "coordinator" : "participant"; }
  tpc::Life life() const { return life_; }
  void describe(auto& d) const {
    d("life", life_)("open", globals().size())("in_doubt", in_doubt())("asked", most_asked())(
        "locks", locks().held());
  }

 protected:
  // The coordinator.
  void all_agree(Context& ctx, const TxnId& txn) override;
  void answer(Context& ctx, const Envelope& from, const tpc::Inquiry& m) override;
  /// The rule that makes it nonblocking: no commit while anybody may still be uncertain.
  virtual bool precommits() const { return true; }

  // The participants.
  /// Its coordinator may know nothing of what was committed without it; and who asks takes a
  /// transaction that nobody knows for one that was aborted.
  bool may_forget(const Local& local) const override {
    return local.phase != Phase::kCommitted || local.told;
  }
  void when_in_doubt(Context& ctx, const TxnId& txn, Local& local) override;

 private:
  using Replies = std::map<NodeId, StateReply>;
  void poll(Context& ctx, const TxnId& txn, const Local& local);
  void terminate(Context& ctx, const TxnId& txn, const Local& local, const Replies& replies);
  void end(Context& ctx, const TxnId& txn, bool commit);

  tpc::Life life_ = 0;
  std::map<TxnId, Replies> polls_;
};

}  // namespace seedbed::three_phase_commit
