// Where a node may do something rare that the sums must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::push_sum::fault_points {

inline constexpr std::string_view kKeepsAll = "keeps_all";
inline constexpr std::string_view kNoReceipt = "no_receipt";

inline constexpr std::array kAll = {
    FaultPointInfo{kKeepsAll, "a node gives nothing for a cycle"},
    FaultPointInfo{kNoReceipt, "a share is not acknowledged until it comes again"},
};

}  // namespace seedbed::push_sum::fault_points
