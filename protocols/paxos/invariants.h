// What Multi-Paxos promises ("Paxos Made Simple", sections 2.1 and 2.2), checked after each event
// on the replica that it touched. None scans a whole log: each looks at what is new.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/paxos/replica.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::paxos {

/// What an acceptor has newly written to its journal. A crash takes back what was not durable.
class NewlyAccepted {
 public:
  bool any(NodeId n, const Replica& r) { return seen_[n] != r.journal().last_index(); }
  template <class Look>
  void each(NodeId n, const Replica& r, Look look) {
    const SharedLog<Proposal>& journal = r.journal();
    std::uint64_t& seen = seen_[n];
    seen = std::min(std::max(seen, journal.first_index() - 1), journal.last_index());
    while (seen < journal.last_index()) look(journal[++seen]);
  }

 private:
  PerNode<std::uint64_t> seen_;
};

/// "Only a single value is chosen" (section 2.1), of each slot.
class Agreement {
 public:
  static constexpr std::string_view kName = "agreement";
  bool concerned(NodeId n, const Replica& r) { return seen_[n] != r.chosen(); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  SharedLog<Proposal> chosen_;  // as whoever knew first knew it
  PerNode<Slot> seen_;
};

/// "Only a value that has been proposed may be chosen" (section 2.1): a client's request as the
/// client sent it, or a no-op.
class Validity {
 public:
  static constexpr std::string_view kName = "validity";
  bool concerned(NodeId n, const Replica& r) {
    return r.chosen() > checked_ || seen_[n] != r.last_asked().id;
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  std::map<kv::RequestId, kv::Command> asked_;
  PerNode<kv::RequestId> seen_;
  Slot checked_ = 0;  // first known to be chosen up to here
};

/// "An acceptor can accept a proposal numbered n iff it has not responded to a prepare request
/// having a number greater than n" (section 2.2, P1a), whatever happens to it between the two.
class PromisesKept {
 public:
  static constexpr std::string_view kName = "promises_kept";
  bool concerned(NodeId n, const Replica& r) {
    return accepted_.any(n, r) || seen_[n] != Seen{r.promised(), r.ballot(), r.promises()};
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  struct Seen {
    Ballot promised;
    Ballot ballot;
    ServerSet promises;
    bool operator==(const Seen&) const = default;
  };
  PerNode<Seen> seen_;
  PerNode<Ballot> given_;  // the highest ballot whose proposer has this acceptor's promise
  NewlyAccepted accepted_;
};

/// A ballot is one proposer's, and it proposes one decree for a slot (section 2.2: "different
/// proposals have different numbers").
class OneDecreeABallot {
 public:
  static constexpr std::string_view kName = "one_decree_a_ballot";
  bool concerned(NodeId n, const Replica& r) { return accepted_.any(n, r); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  static constexpr Slot kRemembered = 1000;  // slots before the last that are still looked at
  std::map<std::pair<Slot, Ballot>, Decree> proposed_;
  NewlyAccepted accepted_;
};

/// What somebody takes for chosen was accepted, in one ballot, by so many that every phase 1 quorum
/// has one of them (section 2.2, P2c; Howard et al. 2016).
class ChosenByAQuorum {
 public:
  static constexpr std::string_view kName = "chosen_by_a_quorum";
  bool concerned(NodeId n, const Replica& r) {
    return accepted_.any(n, r) || r.chosen() > checked_;
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  ServerSet members_of(Slot slot) const;

  std::vector<Configuration> configurations_;                 // as the decrees say, and alpha
  std::map<std::pair<Slot, Ballot>, ServerSet> accepted_by_;  // of slots beyond checked_
  Slot checked_ = 0;
  NewlyAccepted accepted_;
};

}  // namespace seedbed::paxos
