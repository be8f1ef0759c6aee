// Where a node may do something rare that the broadcast must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::plumtree::fault_points {

inline constexpr std::string_view kSkipsHeartbeat = "skips_heartbeat";
inline constexpr std::string_view kForgetsAnnouncement = "forgets_announcement";

inline constexpr std::array kAll = {
    FaultPointInfo{kSkipsHeartbeat, "a node lets nobody hear of it for once"},
    FaultPointInfo{kForgetsAnnouncement, "what was announced is not asked for until it is again"},
};

}  // namespace seedbed::plumtree::fault_points
