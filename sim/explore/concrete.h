// A run, written down: which faults hit whom and when, which operations were asked for, and what
// became of each message. With that in the scenario, of the random streams only the protocol's own
// draws are left.
//
//   const Concrete done = write_down(scenario);
//   done.faults;                                     // "{ at: 5.2s, crash: n3, for: 1.8s }", ...
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/run/run.h"
#include "sim/world/decision.h"

namespace seedbed {

struct Concrete {
  std::vector<std::string> faults;  // lines of `chaos:`
  std::vector<ListedOperation> operations;
  Duration latency;                 // of every message, but for:
  std::vector<Decision> decisions;  // what made that latency into what really happened
  std::vector<Decision> cut;        // the messages that were lost to a cut link
  Time ended;
};

/// Runs it to its end, or its first violation.
Concrete write_down(std::shared_ptr<const Scenario> scenario);

}  // namespace seedbed
