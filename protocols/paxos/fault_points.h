// Where Multi-Paxos may do something rare that every correct one must live with.
// `fault_points: { chance: 5% }` turns them on.
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::paxos::fault_points {

inline constexpr std::string_view kLongTimeout = "long_election_timeout";
inline constexpr std::string_view kShortTimeout = "short_election_timeout";
inline constexpr std::string_view kEarlyHeartbeat = "early_heartbeat";
inline constexpr std::string_view kOneEntry = "one_entry";
inline constexpr std::string_view kNoFirstTry = "no_first_try";
inline constexpr std::string_view kSnapshotAtOnce = "snapshot_at_once";
inline constexpr std::string_view kNoHint = "no_hint";

inline constexpr std::array kAll = {
    FaultPointInfo{kLongTimeout, "an election timeout is three times as long"},
    FaultPointInfo{kShortTimeout, "an election timeout is a tenth as long: a rival of the leader"},
    FaultPointInfo{kEarlyHeartbeat, "the next heartbeat comes after a quarter of the time"},
    FaultPointInfo{kOneEntry, "a message takes one decree, however many are wanted"},
    FaultPointInfo{kNoFirstTry, "a decree is proposed with the next heartbeat but one"},
    FaultPointInfo{kSnapshotAtOnce, "a snapshot is taken as soon as something is executed"},
    FaultPointInfo{kNoHint, "a client that asks the wrong replica is not told who leads"},
};

}  // namespace seedbed::paxos::fault_points
