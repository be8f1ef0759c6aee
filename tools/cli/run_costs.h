// What one run costs, and how far it is: a bar on stderr, on a terminal only, where a run takes
// longer than a moment.
//
//   RunCosts costs;
//   Run run(scenario);
//   run_to_end(run, costs);
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/run/run.h"

namespace seedbed::cli {

struct RunCosts {
  /// Begins to count the memory: before the run is made.
  RunCosts();

  double wall_s = 0;
  double check_wall_s = 0;
  /// What this process needed most of at any time, beyond what it had before the run: the engine,
  /// the processes and the history; in pages.
  std::size_t memory_bytes = 0;
  /// The same, for each node, clients included.
  std::size_t bytes_a_node(const World& world) const { return memory_bytes / world.nodes(); }

  std::size_t before = 0;
};

void run_to_end(Run& run, RunCosts& costs);

}  // namespace seedbed::cli
