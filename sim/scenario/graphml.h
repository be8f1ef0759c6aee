// A graph from a GraphML file (graphml.graphdrawing.org), as the Internet Topology Zoo keeps them:
// nodes in the order of the file, n1 first, and edges, both ways whatever the file says. Names,
// places and all other data of the nodes and edges are ignored.
//
//   topology: { graphml: Colt.graphml }       # beside the scenario's file
#pragma once

#include <memory>
#include <string>

#include "sim/scenario/cursor.h"
#include "sim/world/config.h"

namespace seedbed {

/// At least one node, or null after a complaint.
std::shared_ptr<const Graph> read_graphml_file(const Cursor& at, const std::string& file);

}  // namespace seedbed
