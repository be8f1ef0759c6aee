// Where two-phase commit may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::two_phase_commit::fault_points {

inline constexpr std::string_view kSilentDecision = "silent_decision";
inline constexpr std::string_view kEarlyInquiry = "early_inquiry";
inline constexpr std::string_view kImpatientVote = "impatient_vote";

inline constexpr std::array kAll = {
    FaultPointInfo{kSilentDecision, "a decision is first told when it would be told again"},
    FaultPointInfo{kEarlyInquiry, "who is in doubt asks after a tenth of the time"},
    FaultPointInfo{kImpatientVote, "a coordinator waits for a tenth of the time"},
};

}  // namespace seedbed::two_phase_commit::fault_points
