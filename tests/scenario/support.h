// What the tests of the reader share: reading a text, and errors as the lines that people see.
#pragma once

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario_reader.h"

namespace seedbed::testing_scenario {

/// A file of this folder. (fmt joins, not +: g++ 12 sees ghosts in chains of + behind a precompiled
/// header.)
inline std::string file_here(std::string_view name) {
  return fmt::format("{}/tests/scenario/{}", SEEDBED_SOURCE_DIR, name);
}

inline std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The errors, one in a line; "" where the text is a scenario.
inline std::string lines_of(const ReadResult& result) {
  std::string lines;
  for (const ScenarioError& e : result.errors) lines += e.text() + "\n";
  return lines;
}

inline ReadResult read(std::string_view text, const std::vector<Setting>& settings = {}) {
  return read_scenario("test.yaml", text, settings);
}
inline std::string errors_of(std::string_view text, const std::vector<Setting>& settings = {}) {
  return lines_of(read(text, settings));
}

/// `protocol: raft`, and these lines.
inline std::string raft(std::string_view lines) { return fmt::format("protocol: raft\n{}", lines); }

}  // namespace seedbed::testing_scenario
