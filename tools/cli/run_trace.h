// A run in a fresh process, seen from here: its trace line by line, and the state of its nodes.
//
//   RunTrace trace(options, 7);
//   for (std::string line; trace.next(line);) ...
#pragma once

#include <cstdint>
#include <string>

#include "tools/cli/parting.h"
#include "tools/cli/process.h"

namespace seedbed::cli {

class RunTrace {
 public:
  RunTrace(const ScenarioOptions& options, std::uint64_t seed);
  bool next(std::string& line) { return child_.read_line(line); }

 private:
  ChildProcess child_;
};

struct RunName {
  ScenarioOptions options;
  std::uint64_t seed = 0;
};

/// What the nodes that the two lines tell of were after the last event in common, on both sides.
void print_states(const Parting& parting, const RunName& left, const RunName& right);

/// The state of one node after that event; "" where that run is another one by then.
std::string state_of(const Parting& parting, const std::string& line, const RunName& run);

}  // namespace seedbed::cli
