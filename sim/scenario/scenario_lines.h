// What happened in a run as lines of a scenario: faults with the nodes that they hit, operations,
// and what became of messages. Read again, they mean the same.
//
//   line_of(record, ended_at, names);    // "{ at: 5.2s, crash: n3, for: 1.8s }"
#pragma once

#include <cstdint>
#include <string>

#include "sim/chaos/fault.h"
#include "sim/workload/config.h"
#include "sim/world/decision.h"

namespace seedbed {

/// `fault` at that time. `servers`: nodes after those are the clients c1, c2, ...
std::string line_of(Time at, const Fault& fault, std::uint32_t servers);
std::string line_of(const ListedOperation& operation);
std::string line_of(const Decision& decision, std::uint32_t servers);

}  // namespace seedbed
