// seedbed bench SCENARIO...: what a paper published beside what many trials find; or, where nothing
// was published, protocols and settings beside each other.
#include <fmt/format.h>

#include <chrono>

#include "sim/explore/survey.h"
#include "sim/explore/trials.h"
#include "tools/cli/bench_output.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

namespace {

/// "nodes=3,5" -> "nodes=3", "nodes=5". A comma inside brackets parts nothing.
std::vector<std::string> parse_vary(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw BadInput(fmt::format("--vary {}: expected PATH=VALUE,VALUE, such as nodes=3,5,7", text));
  }
  const std::string key = text.substr(0, equals + 1);
  std::vector<std::string> settings = {key};
  int depth = 0;
  for (const char c : std::string_view(text).substr(equals + 1)) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      settings.push_back(key);
    } else {
      settings.back() += c;
    }
  }
  return settings;
}

/// Each combination of one value of each --vary; one empty combination where there is none.
std::vector<std::vector<std::string>> combinations(const std::vector<std::string>& vary) {
  std::vector<std::vector<std::string>> all = {{}};
  for (const std::string& text : vary) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& before : all) {
      for (const std::string& setting : parse_vary(text)) {
        longer.push_back(before);
        longer.back().push_back(setting);
      }
    }
    all = std::move(longer);
  }
  return all;
}

BenchRow bench_one(const BenchOptions& options, const std::string& file,
                   const std::vector<std::string>& settings) {
  ScenarioOptions one = options.scenario;
  one.file = file;
  one.settings.insert(one.settings.end(), settings.begin(), settings.end());
  BenchRow row{load(one), fmt::format("{}", fmt::join(settings, ", ")), {}, {}, {}};
  const auto start = std::chrono::steady_clock::now();
  if (const auto& published = row.scenario->published) {
    row.trials = run_trials(*row.scenario, options.trials.value_or(published->trials));
    row.comparison = compare(*published, row.trials);
  } else {
    const SeedRange seeds = parse_seeds(options.seeds);
    row.survey = survey(*row.scenario, seeds.first, seeds.last);
  }
  row.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return row;
}

int exit_code_of(const std::vector<BenchRow>& rows) {
  int code = kAsExpected;
  for (const BenchRow& row : rows) {
    if (row.holds()) continue;
    const bool undecided = row.survey && row.survey->fail == 0 && row.survey->unknown > 0;
    if (!undecided) return kNotAsExpected;
    code = kUndecided;
  }
  return code;
}

}  // namespace

int bench(const BenchOptions& options) {
  for (const std::string& plugin : options.scenario.plugins) load_plugin(plugin);
  BenchOptions loaded = options;
  loaded.scenario.plugins.clear();
  std::vector<BenchRow> rows;
  for (const std::string& file : options.files) {
    for (const auto& settings : combinations(options.vary)) {
      rows.push_back(bench_one(loaded, file, settings));
    }
  }
  if (!options.csv.empty()) write_file(options.csv, bench_csv(rows));
  fmt::print("{}{}", options.json ? bench_json(rows) : bench_text(rows), options.json ? "\n" : "");
  return exit_code_of(rows);
}

}  // namespace seedbed::cli
