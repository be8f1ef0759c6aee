// The shapes in which a network falls apart, as cuts between classes of nodes. Clients are in no
// class unless a fault names them: chaos spares them.
#pragma once

#include <vector>

#include "sim/base/rng.h"
#include "sim/chaos/plan.h"
#include "sim/world/network.h"
#include "sim/world/world.h"

namespace seedbed {

/// Nodes of different groups lose each other; nodes in no group keep all their links.
Cut cut_between(const std::vector<std::vector<NodeId>>& groups);
/// Each of `nodes` alone, cut from one another and from every server.
Cut cut_off(const std::vector<NodeId>& nodes, const World& world);
/// The links between any two of `nodes`.
Cut cut_apart(const std::vector<NodeId>& nodes);
/// Messages from `from` to `to` are cut, not those the other way.
Cut cut_one_way(const std::vector<NodeId>& from, const std::vector<NodeId>& to);
/// One draw. Halves; a ring in which each server sees its neighbours, or a majority and no two the
/// same one; two halves that only one server in the middle can both reach; or two to four groups of
/// any size, for which there are more draws.
Cut cut_by_shape(const PartitionShape& shape, const World& world, Rng& rng);

}  // namespace seedbed
