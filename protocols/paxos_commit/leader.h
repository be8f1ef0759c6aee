// A leader of Paxos Commit: a coordinator whose decision is what the acceptors have chosen. Every
// acceptor's node may lead: where a coordinator does not answer, another one ends its transactions.
// Gray and Lamport 2006, section 4.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocols/paxos_commit/messages.h"
#include "protocols/two_phase_commit/coordinator.h"
#include "sim/base/server_set.h"

namespace seedbed::paxos_commit {

class Leader : public two_phase_commit::Coordinator {
 public:
  /// The instances of one transaction, in the present ballot.
  struct Lead {
    Ballot ballot;
    bool proposes = false;  // it has its promises
    ServerSet promises;
    std::vector<NodeId> participants;
    std::map<NodeId, Accepted> reported;      // by the promises; the highest ballot's
    std::map<NodeId, ServerSet> prepared_by;  // acceptors, of each participant, in this ballot
    std::map<NodeId, ServerSet> aborted_by;
    TimerId timer;
  };

  using Coordinator::on;
  void on(Context& ctx, const Envelope& from, const Phase1b& m);
  void on(Context& ctx, const Envelope& from, const Phase2b& m);
  void on(Context& ctx, const Envelope& from, const Refusal& m);
  void on(Context& ctx, const LeaderTimeout& m);

  std::uint32_t majority() const { return layout().coordinators / 2 + 1; }

 protected:
  void answer(Context& ctx, const Envelope& from, const two_phase_commit::Inquiry& m) override;
  void start_vote(Context& ctx, const TxnId& txn, Global& global) override;
  void give_up_vote(Context& ctx, const TxnId& txn) override;
  bool forces_decision(const Global&, bool) const override { return false; }
  bool awaits_acks(bool) const override { return true; }

  // --- the rules

  /// Section 4.1: what an acceptor has accepted may have been chosen; what none has is free.
  virtual bool proposes_prepared(const Accepted* reported) const {
    return reported != nullptr && reported->prepared;
  }
  /// Committed is what all have been chosen prepared of.
  virtual bool may_commit(const Lead& lead) const;
  using Coordinator::may_commit;

 private:
  void lead(Context& ctx, const TxnId& txn, std::vector<NodeId> participants, Ballot ballot);
  void next_ballot(Context& ctx, const TxnId& txn);
  void propose(Context& ctx, const TxnId& txn, Lead& lead);
  void chosen(Context& ctx, const TxnId& txn, bool commit);

  std::map<TxnId, Lead> leads_;
  std::map<TxnId, bool> chosen_;
};

}  // namespace seedbed::paxos_commit
