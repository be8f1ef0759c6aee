// What all clients of a run share: when each begins which operation, and the draws for it. A draw
// belongs to (seed, client, number of the operation), so removing an operation moves no other.
//
//   const auto plan = ClientPlan::make(config, seed, until, read_back_at);
//   ctx.after(plan->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/rng.h"
#include "sim/workload/config.h"
#include "sim/world/latency.h"

namespace seedbed {

struct ClientPlan {
  WorkloadConfig config;
  std::uint64_t seed = 0;
  Time until;                                // no operation starts at or after this
  Time read_back_at;                         // the first client reads everything once more
  Latency interval = Latency::constant({});  // open loop: between two operations of one client
  std::vector<std::uint64_t> key_bounds;     // cumulative share of each key, of 2^64
  std::vector<std::vector<ListedOperation>> listed;  // of each client, by time; empty: drawn

  static std::shared_ptr<const ClientPlan> make(const WorkloadConfig& config, std::uint64_t seed,
                                                Time until, Time read_back_at);

  bool is_listed() const { return !listed.empty(); }
  bool open_loop() const { return is_listed() || config.rate_millihertz.has_value(); }
  /// How many operations `client` may start.
  std::uint64_t quota(std::uint32_t client) const;
  bool may_start(Time now, std::uint32_t client, std::uint64_t sequence) const {
    return (is_listed() || now < until) && sequence < quota(client);
  }
  /// Open loop: until operation `sequence`, which is within the quota, begins.
  Duration wait(Time now, std::uint32_t client, std::uint64_t sequence) const;
  /// For what operation `sequence` does.
  Rng draws(std::uint32_t client, std::uint64_t sequence) const;
  std::uint32_t key_of(std::uint64_t bits) const;
};

}  // namespace seedbed
