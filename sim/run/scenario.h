// A scenario, typed: everything that, with a seed, decides a run. The reader (sim/scenario) makes
// one from YAML; tests make them by hand.
//
//   Scenario s;
//   s.protocol = find_protocol("raft");
//   s.nodes = 5;
//   s.duration = 60_s;
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/protocol.h"
#include "sim/base/parameters.h"
#include "sim/base/time.h"
#include "sim/chaos/plan.h"
#include "sim/check/temporal/property.h"
#include "sim/run/published.h"
#include "sim/workload/config.h"
#include "sim/world/config.h"

namespace seedbed {

enum class OnViolation : std::uint8_t { kStop, kContinue };

/// Some nodes of a kind, in the order of their ids.
struct NodeGroup {
  std::string name;
  std::uint32_t count = 0;
};

/// From `from` until `duration`, no time longer than `within` without an acknowledged operation.
struct Steadiness {
  Duration within;
  Duration from;
};

struct Scenario {
  std::string name;
  std::string about;
  std::string file;  // where it was read from; "" for none
  const Protocol* protocol = nullptr;
  std::string variant;            // "" for the protocol as it is
  std::string mutant;             // "" for the correct protocol
  std::vector<Value> parameters;  // one for each of protocol->parameters, in that order

  std::uint32_t nodes = 3;
  std::uint32_t spares = 0;       // servers after those, which may join later
  std::vector<NodeGroup> groups;  // empty, or counts that sum up to `nodes`
  Duration duration = 60'000_ms;  // then faults heal, and the run settles
  Duration settle = 10'000_ms;
  WorldConfig world;  // with the seed
  std::optional<WorkloadConfig> workload;
  ChaosPlan chaos;
  std::optional<std::vector<std::string>> checks;  // nullopt: all that apply
  std::vector<temporal::Property> properties;      // of `check:`, too, under names of their own
  bool progress = true;                            // `progress: off` wants its reason in `about`
  std::optional<Steadiness> steady;                // `progress: { within: 3s, from: 10s }`
  std::string expect_violates;                     // "": expect: pass
  std::optional<Published> published;
  OnViolation on_violation = OnViolation::kStop;

  std::uint32_t servers() const { return nodes + spares; }
  /// Without groups each node is one.
  std::vector<std::uint32_t> group_sizes() const {
    std::vector<std::uint32_t> sizes;
    for (const NodeGroup& group : groups) sizes.push_back(group.count);
    if (groups.empty()) sizes.assign(nodes, 1);
    return sizes;
  }
};

}  // namespace seedbed
