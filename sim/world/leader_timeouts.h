// What a network's ordinary weather leaves of timeouts: for protocols that find a leader by them,
// and say how long that may take (Protocol::recovery).
//
//   return leader_within(parameters.election_timeout, parameters.heartbeat, world);
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/time.h"
#include "sim/world/config.h"

namespace seedbed {

/// As long as a message takes at its slowest that is not lost, or lost once on a stream.
inline Duration slowest_message(const WorldConfig& world) {
  Duration message = world.network.latency.draw(~std::uint64_t{0});
  if (world.network.reorder.chance) message += world.network.reorder.by;
  const bool lossy = world.network.loss || world.network.corrupt;
  if (world.network.streams && lossy) message += world.network.streams->retransmit;
  return message;
}

/// How long a group may be without a leader, of which each member stands after such a timeout: one
/// fails where two stand at once, or messages are lost. None if timeouts are too short for a round
/// of requests, synced and answered, or if one slow heartbeat makes a follower stand.
inline std::optional<Duration> leader_within(Range<Duration> timeout, Duration heartbeat,
                                             const WorldConfig& world) {
  const Duration message = slowest_message(world);
  if (heartbeat + message >= timeout.min) return std::nullopt;
  if ((message + world.disk.sync.max) * 2 >= timeout.min) return std::nullopt;
  return timeout.max * 20 + world.disk.restart;
}

}  // namespace seedbed
