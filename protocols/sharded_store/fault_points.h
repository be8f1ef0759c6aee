// Where the sharded store may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::sharded_store::fault_points {

inline constexpr std::string_view kNoHint = "no_hint";
inline constexpr std::string_view kNoFirstMove = "no_first_move";
inline constexpr std::string_view kMoveTwice = "move_twice";
inline constexpr std::string_view kNoPush = "no_push";

inline constexpr std::array kAll = {
    FaultPointInfo{kNoHint, "a client that asks the wrong server is not told whom to ask"},
    FaultPointInfo{kNoFirstMove, "a shard is given away with the next heartbeat only"},
    FaultPointInfo{kMoveTwice, "a shard is sent twice"},
    FaultPointInfo{kNoPush, "nobody is told of a new configuration until he asks"},
};

}  // namespace seedbed::sharded_store::fault_points
