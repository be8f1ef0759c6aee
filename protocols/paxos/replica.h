// A replica of Multi-Paxos: proposer, acceptor and learner in one process, as Lamport's "Paxos Made
// Simple" (2001) has it; a stable leader (section 3) as in Kirsch and Amir, "Paxos for System
// Builders" (2008); what a disk can do to it as in Chandra, Griesemer and Redstone, "Paxos Made
// Live" (2007), section 5; quorums as in Howard, Malkhi and Spiegelman, "Flexible Paxos" (2016).
// Serves the `kv` workload. Each rule that safety rests on is a virtual of its own, so that a
// mutant is a name and one broken rule.
//
//   replica.cpp    what survives a crash, whose disk has a vote, roles, the clients
//   acceptor.cpp   phases 1b and 2b: promises and acceptances
//   proposer.cpp   phases 1a and 2a: how one becomes the leader, and what a leader does
//   learner.cpp    what is chosen is executed; laggards; snapshots
//   membership.cpp whose acceptances count for a slot, and how that changes
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/paxos/messages.h"
#include "protocols/paxos/parameters.h"
#include "protocols/paxos/slot_window.h"
#include "sim/base/flat_map.h"
#include "sim/base/server_set.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"
#include "sim/world/pending.h"

namespace seedbed::paxos {

enum class Role : std::uint8_t { kLearner, kFollower, kCandidate, kLeader };
inline constexpr std::string_view kRoleNames[] = {"learner", "follower", "candidate", "leader"};
constexpr std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::uint8_t>(role)];
}

class Replica
    : public Process<Replica, Hello, HelloReply, Prepare, Promise, Accept, Accepted, Nack, Learn,
                     Chosen, Snapshot, Checkpoint, ChangeMembers, kv::Request, ElectionTimeout,
                     HeartbeatTimeout, HelloTimeout, TakeSnapshot, PromiseSynced, AcceptSynced> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const Envelope& from, const Hello& m);
  void on(Context& ctx, const Envelope& from, const HelloReply& m);
  void on(Context& ctx, const Envelope& from, const Prepare& m);
  void on(Context& ctx, const Envelope& from, const Promise& m);
  void on(Context& ctx, const Envelope& from, const Accept& m);
  void on(Context& ctx, const Envelope& from, const Accepted& m);
  void on(Context& ctx, const Envelope& from, const Nack& m);
  void on(Context& ctx, const Envelope& from, const Learn& m);
  void on(Context& ctx, const Envelope& from, const Chosen& m);
  void on(Context& ctx, const Envelope& from, const Snapshot& m);
  void on(Context& ctx, const Envelope& from, const Checkpoint& m);
  void on(Context& ctx, const ChangeMembers& m);
  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  // Timers, and the disk's news.
  void on(Context& ctx, const ElectionTimeout&);
  void on(Context& ctx, const HeartbeatTimeout&);
  void on(Context& ctx, const HelloTimeout&);
  void on(Context& ctx, const TakeSnapshot&);
  void on(Context& ctx, const PromiseSynced& m);
  void on(Context& ctx, const AcceptSynced& m);

  std::string_view role() const override { return name_of(role_); }
  /// 203 for 2.n3: of two leaders, the one with the higher ballot.
  std::uint64_t epoch() const override { return promised_.round * 100 + promised_.node.value; }
  Role paxos_role() const { return role_; }
  bool has_vote() const { return disk_.votes; }
  Ballot promised() const { return promised_; }
  /// Of the last attempt to lead, and whose promises it has.
  Ballot ballot() const { return ballot_; }
  ServerSet promises() const { return promises_; }
  ServerSet members_of(Slot slot) const;
  Quorums quorums_of(Slot slot) const;
  /// Every configuration that it knows of, from the first on.
  const std::vector<Configuration>& configurations() const { return configurations_; }
  const Parameters& parameters() const { return parameters_; }
  /// Everything up to this slot is known to be chosen, and executed.
  Slot chosen() const { return chosen_; }
  /// By slot: what was chosen after the last snapshot; a leader's open proposals behind that.
  const SharedLog<Proposal>& log() const { return log_; }
  /// Everything accepted since the last snapshot, in that order.
  const SharedLog<Proposal>& journal() const { return journal_; }
  /// The last request that it took from a client.
  const kv::Request& last_asked() const { return asked_; }

  void describe(auto& d) const {
    d("role", role_)("promised", promised_)("ballot", ballot_)("chosen", chosen_)(
        "last", log_.last_index())("accepted", accepted_.last());
  }

 protected:
  // The rules that safety rests on.

  /// Phase 1b: a promise outlives a crash.
  virtual Ballot recover_promise(const AcceptorState& durable) const { return durable.promised; }
  /// Phase 2b: accept unless a higher ballot was promised.
  virtual bool may_accept(Ballot ballot) const { return ballot >= promised_; }
  /// Phase 1a: a ballot that was never used, whatever a crash made us forget.
  virtual Ballot next_ballot() const;
  /// Section 2.2: promises of a quorum come before any proposal ...
  virtual bool has_phase1_quorum() const;
  /// ... whose decree is that of the highest ballot that they tell of.
  virtual bool outweighs(const Proposal& reported, const Proposal* known) const {
    return known == nullptr || reported.ballot > known->ballot;
  }
  /// Section 3: a slot is a gap only if none of them knows what was chosen there.
  virtual bool knows_what_was_chosen() const { return chosen_ >= highest_chosen_; }
  /// Section 3: a gap is filled with what does nothing.
  virtual Decree filler() const { return {}; }
  /// Section 2.3: chosen is what a quorum has accepted, ...
  virtual bool is_chosen(Slot slot, ServerSet accepted_by) const {
    return (accepted_by & members_of(slot)).size() >= quorums_of(slot).phase2;
  }
  /// Section 3: a change of the members is in force alpha slots after its own, ...
  virtual Slot takes_effect(Slot decided) const { return decided + parameters_.alpha; }
  /// ... and of those who come with it a leader has promises before it proposes.
  virtual bool may_propose(Slot slot) const;
  /// ... and of a slot that is chosen a leader's ballot names the decree, an older one does not.
  virtual bool is_the_chosen(const Proposal& accepted, Ballot leader) const {
    return accepted.ballot == leader;
  }
  /// "Paxos Made Live", 5.1: a replica whose disk lost what it promised must not go on as if it had
  /// not: damage and a short journal it finds by itself, ...
  virtual bool refuses_to_start(const Recovered& durable) const;
  /// ... and whether a disk is an empty one, or was emptied, the others know.
  virtual bool may_vote() const;

  NodeId self() const { return self_; }
  ServerSet others() const { return members_from_now() - ServerSet{self_.value}; }

 private:
  // replica.cpp
  void recover(const Recovered& durable);
  void join(Context& ctx, const Recovered& durable);
  void restart_election_timer(Context& ctx);
  void become_follower(Context& ctx);
  void dismiss_clients(Context& ctx);
  bool is_leader() const { return role_ == Role::kLeader; }
  bool is_candidate() const { return role_ == Role::kCandidate; }

  // acceptor.cpp
  void save_promise(Context& ctx) { ctx.save(AcceptorState{promised_, journal_.last_index()}); }
  void promise(Context& ctx, Ballot ballot);
  void accept(Context& ctx, const Accept& m);
  void write_last(Context& ctx);

  // proposer.cpp
  void prepare(Context& ctx);
  void weigh(const Proposal& reported);
  void try_to_lead(Context& ctx);
  void become_leader(Context& ctx);
  void propose(Context& ctx, Decree decree);
  void propose_reported(Context& ctx);
  template <class M>
  void tell_others(Context& ctx, const M& m);
  void send_accepts(Context& ctx, ServerSet to, Slot first, Slot last);
  Slot first_missing(NodeId peer) const;
  void count_acceptances(Context& ctx, NodeId acceptor, Slot first, Slot last);

  // membership.cpp
  ServerSet members_from_now() const;
  bool has_promises_of(const ServerSet& members) const;
  bool has_changed() const { return configurations_.size() > 1; }
  /// To be a member, by the number of its disk.
  bool has_begun() const { return disk_.id != 0; }
  bool may_take_requests() const;
  void change_members(Context& ctx, Slot decided, ServerSet members);
  void settle_members(Context& ctx, const Decree& executed);
  void push_change(Context& ctx);
  bool turns_away(Context& ctx, const Envelope& from, const Prepare& m);

  // learner.cpp
  void snapshot_soon(Context& ctx);
  void install(Context& ctx, const Envelope& from, const Snapshot& snapshot);
  void learn_from_journal(Context& ctx, const Accept& m);
  void decided_next(Context& ctx);
  void execute(Context& ctx, const Proposal& proposal);
  void load(std::shared_ptr<const Snapshot> snapshot);
  void forget_up_to_snapshot(Context& ctx);
  Slot snapshot_slot() const { return snapshot_ == nullptr ? 0 : snapshot_->slot; }

  Parameters parameters_;
  NodeId self_;
  std::vector<Configuration> configurations_;  // by rising slot
  Role role_ = Role::kLearner;

  // The disk, and what the others say of it.
  DiskId disk_;
  Roster roster_;
  ServerSet greeted_;      // they know of no other disk of ours
  bool replaced_ = false;  // somebody does: we had another, and do not know what we promised

  // Acceptor.
  Ballot promised_;
  SharedLog<Proposal> journal_;
  SlotWindow<std::uint64_t> accepted_;  // beyond chosen_: where in the journal; 0: not yet

  // Proposer.
  Ballot ballot_;
  std::uint64_t seen_round_ = 0;  // in a refusal
  ServerSet promises_;
  FlatMap<Slot, Proposal> reported_;   // by the promises; of each slot what counts
  Slot highest_chosen_ = 0;            // that one of them knows of
  SlotWindow<ServerSet> accepted_by_;  // of each open slot
  Slot synced_ = 0;                    // accepted by ourselves, durably, up to here
  Slot repeat_up_to_ = 0;              // proposed before the last heartbeat
  struct Waiting {
    Slot slot = 0;
    Address client;
  };
  Pending<Waiting> waiting_;  // by rising slot
  kv::Request asked_;

  // Learner.
  NodeId leader_;
  Slot chosen_ = 0;
  SharedLog<Proposal> log_;
  kv::Store store_;
  std::shared_ptr<const Snapshot> snapshot_;
  bool snapshot_due_ = false;

  TimerId election_timer_;
  TimerId heartbeat_timer_;
};

/// To all that are or will be members; to the first ones as long as nothing has changed.
template <class M>
void Replica::tell_others(Context& ctx, const M& m) {
  if (!has_changed()) return ctx.broadcast(m);
  for (const NodeId n : others()) ctx.send(n, m);
}

}  // namespace seedbed::paxos
