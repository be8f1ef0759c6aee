// Where a site may do something rare that the epidemic must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::gossip::fault_points {

inline constexpr std::string_view kSkipsCycle = "skips_cycle";
inline constexpr std::string_view kNoFeedback = "no_feedback";

inline constexpr std::array kAll = {
    FaultPointInfo{kSkipsCycle, "a site contacts nobody for a cycle"},
    FaultPointInfo{kNoFeedback, "who is told rumours does not say which it needed"},
};

}  // namespace seedbed::gossip::fault_points
