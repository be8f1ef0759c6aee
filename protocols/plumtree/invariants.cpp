#include "protocols/plumtree/invariants.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace seedbed::plumtree {

void DeliveredOnce::after(const Servers<Peer>&, NodeId n, const Peer& s, Report& report) {
  for (const auto& [value, received] : s.received()) {
    if (received.deliveries <= 1) continue;
    report.fail("delivered again", {n},
                fmt::format("{} was delivered {} times", value, received.deliveries));
    return;
  }
}

void PartialViews::after(const Servers<Peer>&, NodeId n, const Peer& s, Report& report) {
  const Views& views = s.views();
  const Parameters& p = s.parameters();
  if (views.active().size() > p.active_size || views.passive().size() > p.passive_size) {
    report.fail(
        "a view is too large", {n},
        fmt::format("{} neighbours and {} others", views.active().size(), views.passive().size()));
  }
  std::vector<std::uint32_t> known{n.value};
  for (const Link& link : views.active()) known.push_back(link.node.value);
  for (const NodeId other : views.passive()) known.push_back(other.value);
  std::sort(known.begin(), known.end());
  const auto twice = std::adjacent_find(known.begin(), known.end());
  if (twice == known.end()) return;
  report.fail(*twice == n.value ? "in its own view" : "in a view twice, or in both", {n},
              fmt::format("n{} knows n{} twice", n.value, *twice));
}

}  // namespace seedbed::plumtree
