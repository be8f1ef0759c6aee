// Who owns which shard: a function of the parameters and the configuration, so that everybody who
// knows a configuration knows all owners of it.
//
//   const std::vector<NodeId> owners = place(parameters, configuration);   // by shard
#pragma once

#include <vector>

#include "protocols/sharded_store/messages.h"
#include "protocols/sharded_store/parameters.h"

namespace seedbed::sharded_store {

Shard shard_of(kv::Key key, std::uint32_t shards);

/// One for each shard; none where there are no members.
std::vector<NodeId> place(const Parameters& parameters, const Configuration& configuration);

}  // namespace seedbed::sharded_store
