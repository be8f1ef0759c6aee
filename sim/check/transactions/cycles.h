// Cycles of the direct serialization graph by their kind, the shortest that is found of each: G0 of
// overwritings alone, G1c with reads-from, G-single with one antidependency, G-nonadjacent with
// several, no two of them in a row, G2-item with any; with `-process` or `-realtime` where the
// order of sessions or real time is needed (Adya 1999; Elle). Each is sought only where no simpler
// kind was found.
//
//   std::vector<Anomaly> found = find_cycles(history, d.edges, d.nodes);
#pragma once

#include <span>
#include <vector>

#include "sim/check/transactions/dependencies.h"
#include "sim/check/transactions/graph.h"

namespace seedbed::txn {

std::vector<Anomaly> find_cycles(const History& history, std::span<const Step> steps, Id nodes);

/// A shortest cycle of any kind in a graph over these steps, or nothing where there is none.
/// `events`: the graph is that of events_of.
std::vector<Step> shortest_cycle(const Graph& graph, std::span<const Step> steps);

/// The anomaly that such a cycle is, with its explanation.
Anomaly anomaly_of(const History& history, std::vector<Step> cycle, bool nonadjacent);

}  // namespace seedbed::txn
