// Where single-decree Paxos may do something rare that every correct one must
// live with. `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::synod::fault_points {

inline constexpr std::string_view kLongTimeout = "long_election_timeout";
inline constexpr std::string_view kShortTimeout = "short_election_timeout";
inline constexpr std::string_view kEarlyHeartbeat = "early_heartbeat";
inline constexpr std::string_view kAnotherRound = "another_round";
inline constexpr std::string_view kNoHint = "no_hint";
inline constexpr std::string_view kNoFirstTry = "no_first_try";

inline constexpr std::array kAll = {
    FaultPointInfo{kLongTimeout, "an election timeout is three times as long"},
    FaultPointInfo{kShortTimeout, "an election timeout is a tenth as long: two proposers at once"},
    FaultPointInfo{kEarlyHeartbeat, "the next heartbeat comes after a quarter of the time"},
    FaultPointInfo{kAnotherRound, "a proposer begins a higher round, though its last goes well"},
    FaultPointInfo{kNoHint, "a client that asks the wrong replica is not told whom to ask"},
    FaultPointInfo{kNoFirstTry, "a request is proposed with the next heartbeat"},
};

}  // namespace seedbed::synod::fault_points
