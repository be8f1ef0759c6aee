#include "tools/cli/run_trace.h"

#include <fmt/format.h>

namespace seedbed::cli {

namespace {

std::vector<std::string> arguments_of(std::vector<std::string> words,
                                      const ScenarioOptions& options, std::uint64_t seed) {
  words.insert(words.end(), {"--seed", std::to_string(seed)});
  for (const std::string& word : options.arguments()) words.push_back(word);
  return words;
}

}  // namespace

RunTrace::RunTrace(const ScenarioOptions& options, std::uint64_t seed)
    : child_(arguments_of({"run", "--digest", "--trace", "-"}, options, seed)) {}

std::vector<std::string> states_of(const Parting& parting, const std::string& line,
                                   const RunName& run) {
  ChildProcess child(arguments_of({"run", "--state-after", std::to_string(parting.last_event)},
                                  run.options, run.seed));
  std::string found;
  if (!child.read_line(found) || found != fmt::format("{:016x}", parting.digest)) return {};
  std::vector<std::string> states;
  while (child.read_line(found)) {
    const std::string node = found.substr(0, found.find(' '));
    const bool told = node == node_of(parting.event) || node == node_of(line);
    if (told && !found.ends_with(' ')) states.push_back(found);
  }
  return states;
}

void print_states(const Parting& parting, const RunName& left, const RunName& right) {
  const auto print = [&](const char* side, const std::string& line, const RunName& run) {
    for (const std::string& state : states_of(parting, line, run)) {
      fmt::print("{} after event {}:  {}\n", side, parting.last_event, state);
    }
  };
  print("left", parting.left, left);
  print("right", parting.right, right);
}

}  // namespace seedbed::cli
