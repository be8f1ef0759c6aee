// seedbed diff A B: the first event where two runs part, with what led to it on both sides.
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tools/cli/command.h"
#include "tools/cli/run_trace.h"

namespace seedbed::cli {

namespace {

/// "scenario.yaml@7"; nothing where it has no such end.
std::optional<RunName> run_named(const std::string& text, const ScenarioOptions& changes) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || at + 1 == text.size()) return std::nullopt;
  RunName run{changes, 0};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + at + 1, end, run.seed);
  if (error != std::errc{} || rest != end) return std::nullopt;
  run.options.file = text.substr(0, at);
  return run;
}

/// One of the two: a run or a file.
struct Side {
  std::optional<RunName> run;
  TraceLines lines;
};

Side open_side(const std::string& text, const ScenarioOptions& changes) {
  Side side{run_named(text, changes), {}};
  if (side.run) {
    ScenarioOptions without_plugins = side.run->options;  // which are loaded
    without_plugins.plugins.clear();
    load(without_plugins);  // errors here, not in the other process
    auto trace = std::make_shared<RunTrace>(side.run->options, side.run->seed);
    side.lines = [trace](std::string& line) { return trace->next(line); };
    return side;
  }
  auto file = std::make_shared<std::ifstream>(text, std::ios::binary);
  if (!*file) {
    throw BadInput(fmt::format("{}: neither a trace that can be read nor SCENARIO@SEED", text));
  }
  side.lines = [file](std::string& line) { return static_cast<bool>(std::getline(*file, line)); };
  return side;
}

std::string diff_json(const std::optional<Parting>& parting, const Side& left, const Side& right) {
  nlohmann::ordered_json json{{"equal", !parting}};
  if (!parting) return json.dump(2);
  const auto side = [&](const std::string& line, const std::vector<std::string>& causes,
                        const Side& of) {
    const auto states = of.run ? states_of(*parting, line, *of.run) : std::vector<std::string>{};
    return nlohmann::ordered_json{{"line", line}, {"causes", causes}, {"states", states}};
  };
  json["line"] = parting->line;
  json["last_event"] = parting->last_event;
  json["event"] = parting->event;
  json["before"] = parting->before;
  json["left"] = side(parting->left, parting->left_causes, left);
  json["right"] = side(parting->right, parting->right_causes, right);
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

int diff(const DiffOptions& options) {
  for (const std::string& plugin : options.scenario.plugins) load_plugin(plugin);
  const Side left = open_side(options.left, options.scenario);
  const Side right = open_side(options.right, options.scenario);
  const std::optional<Parting> parting = find_parting(left.lines, right.lines);
  if (options.json) {
    fmt::print("{}\n", diff_json(parting, left, right));
  } else if (!parting) {
    fmt::print("the two are equal\n");
  } else {
    print_parting(*parting);
    if (left.run && right.run) print_states(*parting, *left.run, *right.run);
  }
  return parting ? kNotAsExpected : kAsExpected;
}

}  // namespace seedbed::cli
