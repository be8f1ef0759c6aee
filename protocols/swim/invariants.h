// What SWIM promises, checked after each event on the member that it touched: Das, Gupta and
// Motivala 2002, sections 3 to 5. They look at what that event changed.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/swim/server.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::swim {

/// Section 4.2: nobody knows a member in an incarnation that it never had.
class OwnIncarnations {
 public:
  static constexpr std::string_view kName = "own_incarnations";
  bool concerned(NodeId n, const Server& s) {
    return !s.changes().empty() || s.incarnation() > announced_[n];
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  PerNode<Incarnation> announced_;  // the highest of all its lives
};

/// Section 4.2: who was declared dead is a member again in a new incarnation only.
class NoResurrection {
 public:
  static constexpr std::string_view kName = "no_resurrection";
  bool concerned(NodeId, const Server& s) { return !s.changes().empty(); }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
};

/// Section 4.2: who hears itself accused goes on in a higher incarnation.
class Refutation {
 public:
  static constexpr std::string_view kName = "refutation";
  bool concerned(NodeId, const Server& s) { return s.accused_below() > s.incarnation(); }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
};

/// Section 4.2: nobody is declared dead by whom it was not suspected.
class SuspectedFirst {
 public:
  static constexpr std::string_view kName = "suspected_first";
  bool concerned(NodeId, const Server& s) {
    return !s.changes().empty() && s.parameters().suspicion > 0;
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
};

/// Section 4.2: a suspicion ends in time. Counted in the member's own periods: a processor that
/// stood still finds its timers in the order in which they came due.
class SuspicionsExpire {
 public:
  static constexpr std::string_view kName = "suspicions_expire";
  bool concerned(NodeId, const Server& s) { return s.pinged() && !s.suspicions().empty(); }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
};

/// Section 4.3: between two probes of who is a member all the time come fewer than two rounds of
/// others.
class RoundRobin {
 public:
  static constexpr std::string_view kName = "round_robin";
  bool concerned(NodeId, const Server& s) {
    return s.parameters().round_robin && (s.pinged() || !s.changes().empty());
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Probes {
    std::uint32_t life = 0;
    std::uint64_t count = 0;
    FlatMap<std::uint32_t, std::uint64_t> last;  // by target
  };
  PerNode<Probes> probes_;
};

/// Sections 4.1 and 5: a member sends a piece of news lambda log n times at most.
class RetransmissionBound {
 public:
  static constexpr std::string_view kName = "retransmission_bound";
  bool concerned(NodeId, const Server& s) { return !s.gossip().empty(); }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
};

}  // namespace seedbed::swim
