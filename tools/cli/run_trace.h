// A run in a fresh process, seen from here: its trace line by line, and the state of its nodes.
//
//   RunTrace trace(options, 7);
//   for (std::string line; trace.next(line);) ...
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

/// What the nodes of the last event in common and of `line`, which comes next, were after that
/// event: a line each. Nothing where that run is another one by then.
std::vector<std::string> states_of(const Parting& parting, const std::string& line,
                                   const RunName& run);

/// Prints them for both sides.
void print_states(const Parting& parting, const RunName& left, const RunName& right);

}  // namespace seedbed::cli
