// Raft's cooperative fault points: where something rare happens that every correct Raft must live
// with. `fault_points: { chance: 5% }` turns them on.
//
//   if (ctx.maybe(fault_points::kOneEntry)) room = std::min<std::uint64_t>(room, 1);
#pragma once

#include <array>
#include <string_view>

#include "protocols/protocol.h"

namespace seedbed::raft::fault_points {

inline constexpr std::string_view kLongTimeout = "long_election_timeout";
inline constexpr std::string_view kShortTimeout = "short_election_timeout";
inline constexpr std::string_view kEarlyHeartbeat = "early_heartbeat";
inline constexpr std::string_view kOneEntry = "one_entry";
inline constexpr std::string_view kNoFollowUp = "no_follow_up";
inline constexpr std::string_view kSnapshotAtOnce = "snapshot_at_once";
inline constexpr std::string_view kSmallChunk = "small_chunk";
inline constexpr std::string_view kNoHint = "no_hint";

inline constexpr std::array kAll = {
    FaultPointInfo{kLongTimeout, "an election timeout is three times as long"},
    FaultPointInfo{kShortTimeout, "whoever stands for election stands again after a tenth"},
    FaultPointInfo{kEarlyHeartbeat, "the next heartbeat comes after a quarter of the time"},
    FaultPointInfo{kOneEntry, "an AppendEntries takes one entry, however many are missing"},
    FaultPointInfo{kNoFollowUp, "what a follower still lacks waits for the next heartbeat"},
    FaultPointInfo{kSnapshotAtOnce, "a snapshot is taken as soon as something is applied"},
    FaultPointInfo{kSmallChunk, "a chunk of a snapshot holds one record"},
    FaultPointInfo{kNoHint, "a client that asks the wrong server is not told who leads"},
};

}  // namespace seedbed::raft::fault_points
