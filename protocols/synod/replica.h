// A replica of single-decree Paxos: proposer, acceptor and learner in one
// process, as Lamport's "Paxos Made Simple" (2001), section 2 has them, and no
// more: each decree of the log is an instance by itself, with both of its
// phases. `fast`: "Fast Paxos" (2006), whose words are used for it: the first
// round of an instance is a fast one. Serves the `kv` workload. Each rule that
// safety rests on is a virtual of its own, so that a mutant is a name and one
// broken rule.
//
//   replica.cpp     what survives a crash, the distinguished proposer, the
//   clients acceptor.cpp    phases 1b and 2b proposer.cpp    phases 1a and 2a,
//   and what may have been chosen in a fast round fast_round.cpp  proposals
//   that go to the acceptors at once, collisions learner.cpp     what is chosen
//   is executed; who lags behind is told membership.cpp  which acceptors an
//   instance has, and how that changes
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocols/synod/messages.h"
#include "protocols/synod/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/server_set.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace seedbed::synod {

enum class Role : std::uint8_t { kObserver, kFollower, kLeader };
inline constexpr std::string_view kRoleNames[] = {"observer", "follower", "leader"};
constexpr std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::uint8_t>(role)];
}

/// The acceptors of the instances from `first` on.
struct Configuration {
  Slot first = 0;
  ServerSet members;
};

/// What somebody accepted: in a promise, or in the fast round.
struct Vote {
  NodeId by;
  Round round;
  Decree decree;
};

class Replica : public Process<Replica, Prepare, Promise, Accept, Accepted, Nack, Propose, Chosen,
                               Learn, Alive, ChangeMembers, kv::Request, ElectionTimeout,
                               HeartbeatTimeout, PromiseSynced, VoteSynced> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const Envelope& from, const Prepare& m);
  void on(Context& ctx, const Envelope& from, const Promise& m);
  void on(Context& ctx, const Envelope& from, const Accept& m);
  void on(Context& ctx, const Envelope& from, const Accepted& m);
  void on(Context& ctx, const Envelope& from, const Nack& m);
  void on(Context& ctx, const Envelope& from, const Propose& m);
  void on(Context& ctx, const Envelope& from, const Chosen& m);
  void on(Context& ctx, const Envelope& from, const Learn& m);
  void on(Context& ctx, const Envelope& from, const Alive& m);
  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  void on(Context& ctx, const ChangeMembers& m);
  void on(Context& ctx, const ElectionTimeout&);
  void on(Context& ctx, const HeartbeatTimeout&);
  void on(Context& ctx, const PromiseSynced& m);
  void on(Context& ctx, const VoteSynced& m);

  std::string_view role() const override { return name_of(role_); }
  std::uint64_t epoch() const override { return leads_; }
  Slot alpha() const { return parameters_.alpha; }
  /// Everything up to this slot is known to be chosen, and executed.
  Slot chosen() const { return log_.last_index(); }
  const SharedLog<Decree>& log() const { return log_; }
  const SharedLog<Ballot>& journal() const { return journal_; }
  const Configuration& initial_configuration() const { return configurations_.front(); }
  /// The last request that it took from a client.
  const kv::Request& last_asked() const { return asked_; }
  /// The last promise that it was given, and whose it is.
  struct Given {
    NodeId acceptor;
    Slot slot = 0;
    Round round;
    bool operator==(const Given&) const = default;
  };
  const Given& last_given() const { return given_; }

  void describe(auto& d) const {
    d("role", role_)("chosen", chosen())("open", instances_.size())("journal",
                                                                    journal_.last_index());
  }

 protected:
  // The rules that safety rests on.

  /// Phase 1b: a promise outlives a crash.
  virtual Round recover_promise(const Ballot& durable) const { return durable.promised; }
  /// Phase 2b: accept unless a higher round was promised; a fast round once.
  virtual bool may_accept(const Ballot& ballot, Round round) const {
    return round >= ballot.promised;
  }
  /// Phase 1a: a round that was never used, whatever a crash made us forget.
  virtual Round next_round(const Ballot& ballot, std::uint64_t seen) const {
    return {std::max(ballot.promised.number, seen) + 1, self_};
  }
  /// Section 2.5: ... and is on our disk before anybody hears of it, also where votes of the fast
  /// round are its promises.
  virtual bool waits_for_disk() const { return true; }
  /// Section 2.2: what was accepted in the highest round is what is proposed
  /// ...
  virtual bool binds(const Vote& vote, Round highest) const {
    return vote.round != kNone && vote.round == highest;
  }
  /// ... and of a fast round, in which there may be several, the one that a
  /// fast quorum may have accepted (Lamport 2006, section 3.2, O4): it has all
  /// but `told` to hope for.
  virtual bool may_be_chosen(std::size_t votes, std::size_t told, ServerSet members) const {
    return votes + (members.size() - told) >= Quorums::of(members).fast;
  }
  /// Chosen is what a quorum has accepted in one round.
  virtual bool is_chosen(std::size_t votes, ServerSet members) const {
    return votes >= Quorums::of(members).classic;
  }
  virtual bool is_chosen_fast(std::size_t votes, ServerSet members) const {
    return votes >= Quorums::of(members).fast;
  }
  /// Section 3: members that are decided in a slot are those of the instances
  /// alpha slots later, of which nobody has begun one before that was decided.
  virtual Slot takes_effect(Slot decided) const { return decided + parameters_.alpha; }
  /// What is proposed for a slot that nobody wants.
  virtual Decree filler() const { return {}; }

  NodeId self() const { return self_; }

 private:
  enum class Phase : std::uint8_t { kIdle, kPrepare, kAccept };

  struct Instance {
    Ballot ballot;  // acceptor
    // Proposer.
    Phase phase = Phase::kIdle;
    Round round;
    std::uint64_t seen = 0;  // the number of a round that we were refused for
    std::optional<Decree> wish;
    std::vector<Vote> told;  // by promises
    Decree proposal;
    ServerSet accepted_by;
    std::uint32_t beats = 0;  // heartbeats since something happened
    // Learner.
    std::vector<Vote> fast_votes;
    std::optional<Decree> chosen;
  };
  /// A request, and who waits for its answer.
  struct Waiting {
    kv::Request request;
    Address client;
    std::uint32_t beats = 0;
  };

  // replica.cpp
  void recover(const Recovered& durable);
  void restart_election_timer(Context& ctx);
  void try_again(Context& ctx);
  void propose(Context& ctx, const kv::Request& request);
  Waiting* find_waiting(const kv::RequestId& id);
  Slot last_slot() const;

  // acceptor.cpp
  void write(Context& ctx, const Ballot& ballot);
  void vote(Context& ctx, Instance& instance, Round round, const Decree& decree);

  // proposer.cpp
  void prepare(Context& ctx, Slot slot);
  void count_promise(Context& ctx, NodeId by, Slot slot, Round voted, const Decree& decree);
  void accept(Context& ctx, Slot slot);
  Decree decree_for(Slot slot, const Instance& instance) const;
  void repeat(Context& ctx, Slot slot);
  void count_vote(Context& ctx, NodeId by, Slot slot);

  // fast_round.cpp
  void propose_fast(Context& ctx, const kv::Request& request);
  bool votes_for(const kv::RequestId& id) const;
  void vote_fast(Context& ctx, Slot slot, const Decree& decree);
  void count_fast_vote(Context& ctx, NodeId by, Slot slot, const Decree& decree);
  void resolve(Context& ctx, Slot slot);

  // membership.cpp
  ServerSet members_of(Slot slot) const;
  ServerSet others_of(Slot slot) const { return members_of(slot) - ServerSet{self_.value}; }
  ServerSet others() const;
  bool may_begin(Slot slot) const {
    return parameters_.alpha == 0 || slot <= chosen() + parameters_.alpha;
  }
  void change_members(Slot decided, ServerSet members);
  void join(Context& ctx);
  template <class M>
  static void send_all(Context& ctx, ServerSet to, const M& m) {
    for (const NodeId n : to) ctx.send(n, M(m));
  }

  // learner.cpp
  void decide(Context& ctx, Slot slot, const Decree& decree);
  void execute(Context& ctx, Slot slot, const Decree& decree);
  void tell(Context& ctx, Address to, Slot first);

  Parameters parameters_;
  NodeId self_;
  std::vector<Configuration> configurations_;
  Role role_ = Role::kObserver;
  NodeId leader_;
  std::uint64_t leads_ = 0;

  FlatMap<Slot, Instance> instances_;  // beyond chosen()
  SharedLog<Ballot> journal_;
  SharedLog<Decree> log_;
  kv::Store store_;
  std::vector<Waiting> waiting_;
  kv::Request asked_;
  Given given_;
  TimerId election_timer_;
};

}  // namespace seedbed::synod
