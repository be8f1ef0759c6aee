// Where Kademlia may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::kademlia::fault_points {

inline constexpr std::string_view kNoFirstSend = "no_first_send";
inline constexpr std::string_view kOneMore = "one_more";
inline constexpr std::string_view kEarlyRefresh = "early_refresh";
inline constexpr std::string_view kEarlyRepublish = "early_republish";

inline constexpr std::array kAll = {
    FaultPointInfo{kNoFirstSend, "a request is sent when it would be sent again"},
    FaultPointInfo{kOneMore, "a lookup asks more nodes at a time than alpha"},
    FaultPointInfo{kEarlyRefresh, "the next refresh comes after a tenth of the time"},
    FaultPointInfo{kEarlyRepublish, "blocks are republished after a tenth of the time"},
};

}  // namespace seedbed::kademlia::fault_points
