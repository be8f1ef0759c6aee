// seedbed validate SCENARIO...: reads and checks scenarios without running them.
#include <fmt/format.h>

#include "sim/scenario/scenario_reader.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

int validate(const std::vector<std::string>& files) {
  std::size_t bad = 0;
  for (const std::string& file : files) {
    const ReadResult read = read_scenario_file(file, {});
    for (const ScenarioError& error : read.errors) fmt::print(stderr, "{}\n", error.text());
    bad += !read.scenario.has_value();
  }
  fmt::print("{} of {} scenarios are valid\n", files.size() - bad, files.size());
  return bad == 0 ? kAsExpected : kBadInput;
}

}  // namespace seedbed::cli
