// Other simulators, which are programs of their own (bench/peers) and there only where their
// libraries are. A peer prints the nanoseconds of processor time that one item took, and nothing
// else.
#pragma once

#include <string>
#include <vector>

#include "bench/harness.h"

namespace seedbed::bench {

/// Adds a contender that runs the program; false if it was not built.
bool add_peer(Figure& figure, std::string name, const std::string& program,
              const std::vector<std::string>& arguments);

}  // namespace seedbed::bench
