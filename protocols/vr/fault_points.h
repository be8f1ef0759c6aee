// Where Viewstamped Replication may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::vr::fault_points {

inline constexpr std::string_view kLongTimeout = "long_view_change_timeout";
inline constexpr std::string_view kShortTimeout = "short_view_change_timeout";
inline constexpr std::string_view kEarlyHeartbeat = "early_heartbeat";
inline constexpr std::string_view kOneEntry = "one_entry";
inline constexpr std::string_view kNoFirstTry = "no_first_try";
inline constexpr std::string_view kCheckpointAtOnce = "checkpoint_at_once";
inline constexpr std::string_view kNoHint = "no_hint";

inline constexpr std::array kAll = {
    FaultPointInfo{kLongTimeout, "a view change timeout is three times as long"},
    FaultPointInfo{kShortTimeout, "a view change timeout is a tenth as long"},
    FaultPointInfo{kEarlyHeartbeat, "the next heartbeat comes after a quarter of the time"},
    FaultPointInfo{kOneEntry, "a message takes one operation, however many are wanted"},
    FaultPointInfo{kNoFirstTry, "an operation is prepared with the next heartbeat but one"},
    FaultPointInfo{kCheckpointAtOnce, "a checkpoint is taken as soon as something is executed"},
    FaultPointInfo{kNoHint, "a client that asks the wrong replica is not told who the primary is"},
};

}  // namespace seedbed::vr::fault_points
