// What single-decree Paxos promises ("Paxos Made Simple", sections 2.1 and 2.2;
// "Fast Paxos", 3), checked after each event on the replica that it touched.
// None scans a whole log: each looks at what is new.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/synod/replica.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::synod {

/// What an acceptor has newly accepted. A crash takes back what was not
/// durable.
class NewVotes {
 public:
  bool any(NodeId n, const Replica& r) { return seen_[n] != r.journal().last_index(); }
  template <class Look>
  void each(NodeId n, const Replica& r, Look look) {
    const SharedLog<Ballot>& journal = r.journal();
    std::uint64_t& seen = seen_[n];
    seen = std::min(seen, journal.last_index());
    while (seen < journal.last_index()) {
      const Ballot& ballot = journal[++seen];
      // A record of a vote promises what it votes in; one of a promise, more
      // than that.
      if (ballot.voted != kNone && ballot.voted == ballot.promised) look(ballot);
    }
  }

 private:
  PerNode<std::uint64_t> seen_;
};

/// "Only a single value is chosen" (section 2.1), of each instance.
class Agreement {
 public:
  static constexpr std::string_view kName = "agreement";
  bool concerned(NodeId n, const Replica& r) { return seen_[n] != r.chosen(); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  SharedLog<Decree> chosen_;  // as whoever knew first knew it
  PerNode<Slot> seen_;
};

/// "Only a value that has been proposed may be chosen" (section 2.1).
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
  Slot checked_ = 0;
};

/// "An acceptor can accept a proposal numbered n iff it has not responded to a
/// prepare request having a number greater than n" (section 2.2, P1a), whatever
/// happens to it between the two.
class PromisesKept {
 public:
  static constexpr std::string_view kName = "promises_kept";
  bool concerned(NodeId n, const Replica& r) {
    return votes_.any(n, r) || seen_[n] != r.last_given();
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  static constexpr Slot kRemembered = 1000;  // slots before the last that are still looked at
  PerNode<Replica::Given> seen_;
  std::map<std::pair<Slot, NodeId>, Round> given_;  // the highest round that has its promise
  NewVotes votes_;
};

/// A round proposes one value for an instance; but the fast one (section 2.2;
/// "Fast Paxos", 3.1).
class OneValueARound {
 public:
  static constexpr std::string_view kName = "one_value_a_round";
  bool concerned(NodeId n, const Replica& r) { return votes_.any(n, r); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  static constexpr Slot kRemembered = 1000;
  std::map<std::pair<Slot, Round>, Decree> proposed_;
  NewVotes votes_;
};

/// What is taken for chosen was accepted in one round by a quorum of that round
/// ("Fast Paxos", 3.3).
class ChosenByAQuorum {
 public:
  static constexpr std::string_view kName = "chosen_by_a_quorum";
  bool concerned(NodeId n, const Replica& r) { return votes_.any(n, r) || r.chosen() > checked_; }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  struct Accepted {
    Round round;
    Decree decree;
    ServerSet by;
  };
  ServerSet members_of(Slot slot) const;

  std::map<Slot, std::vector<Accepted>> accepted_;  // of slots beyond checked_
  std::vector<Configuration> configurations_;       // as the decrees say, and alpha
  Slot checked_ = 0;
  NewVotes votes_;
};

}  // namespace seedbed::synod
