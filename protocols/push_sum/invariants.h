// What must hold of Push-Sum.
#pragma once

#include <string_view>

#include "protocols/push_sum/summer.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::push_sum {

/// Mass conservation (proposition 2.2). A node has what it began with and took, but for what it
/// gave; and at the end all of them together have what they began with, if nobody left for good:
/// in hand, or given and not yet taken.
class MassConservation {
 public:
  static constexpr std::string_view kName = "mass_conservation";
  void after(const Servers<Summer>& servers, NodeId n, const Summer& s, Report& report);
  void at_end(const Servers<Summer>& servers, Report& report);

 private:
  PerNode<std::uint8_t> seen_;
};

/// At the end of a run that had the time for it all that estimate agree within 1 %.
class Convergence {
 public:
  static constexpr std::string_view kName = "convergence";
  static constexpr std::int64_t kPercent = 1;
  bool concerned(NodeId, const Summer&) { return false; }
  void after(const Servers<Summer>&, NodeId, const Summer&, Report&) {}
  void at_end(const Servers<Summer>& servers, Report& report);
};

}  // namespace seedbed::push_sum
