// Where sagas may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::saga::fault_points {

inline constexpr std::string_view kTwice = "asks_twice";
inline constexpr std::string_view kNoFirstTry = "no_first_try";
inline constexpr std::string_view kImpatient = "impatient";
inline constexpr std::string_view kRefuses = "refuses";
inline constexpr std::string_view kForgetsToAnswer = "forgets_to_answer";

inline constexpr std::array kAll = {
    FaultPointInfo{kTwice, "a command or an event is sent twice"},
    FaultPointInfo{kNoFirstTry, "a command or an event is sent when it should be sent again"},
    FaultPointInfo{kImpatient, "a saga that has just begun is called off"},
    FaultPointInfo{kRefuses, "a participant refuses a step that it could perform"},
    FaultPointInfo{kForgetsToAnswer, "what was done is not told until it is asked again"},
};

}  // namespace seedbed::saga::fault_points
