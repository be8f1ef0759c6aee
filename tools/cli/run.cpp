// seedbed run SCENARIO: one run, judged.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/trace/jepsen_history.h"
#include "sim/trace/text_trace.h"
#include "tools/cli/command.h"
#include "tools/cli/process.h"
#include "tools/cli/report.h"
#include "tools/cli/result_json.h"
#include "tools/cli/run_costs.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Lines to a file, or to stdout for "-".
class LineSink {
 public:
  explicit LineSink(const std::string& path) : path_(path) {
    if (path != "-") file_.open(path, std::ios::binary);
    if (path != "-" && !file_) throw BadInput(fmt::format("{}: cannot be written", path));
  }
  void operator()(std::string_view line) {
    if (path_ == "-") {
      std::fwrite(line.data(), 1, line.size(), stdout);
    } else {
      file_.write(line.data(), static_cast<std::streamsize>(line.size()));
    }
  }

 private:
  std::string path_;
  std::ofstream file_;
};

/// Runs the same again in a fresh process, which must find the same digest.
void verify_digest(const RunOptions& options, const Result& result) {
  const std::string again = digest_in_fresh_process(options.scenario, result.seed);
  const std::string here = fmt::format("{:016x}", result.digest);
  if (again == here) return;
  throw NotDeterministic(
      fmt::format("seed {}: digest {} here, {} in a fresh process; "
                  "seedbed verify names the first event that differs",
                  result.seed, here, again));
}

int exit_code_of(const Result& result) {
  if (result.as_expected) return kAsExpected;
  return result.verdict == Verdict::kUnknown ? kUndecided : kNotAsExpected;
}

}  // namespace

namespace {

/// The digest after so many events, and what each node is then: for `diff` and `verify`.
int print_states(Run& run, std::uint64_t events) {
  while (run.world().events() < events && run.step()) {
  }
  const World& world = run.world();
  fmt::print("{:016x}\n", world.digest());
  for (std::uint32_t i = 1; i <= world.nodes(); ++i) {
    const ProcessBase* process = world.process(NodeId{i}, {});
    std::string text;
    if (process != nullptr) process->text(text);
    std::replace(text.begin(), text.end(), '\n', ' ');
    fmt::print("{}  {}  {}\n", node_name(NodeId{i}, run.scenario().servers()),
               process == nullptr ? "down" : process->role(), text);
  }
  return kAsExpected;
}

}  // namespace

int run(const RunOptions& options) {
  std::vector<std::string> drawn;
  const auto scenario = load(options.scenario, &drawn);
  RunCosts costs;
  Run simulation(scenario);
  if (options.state_after) return print_states(simulation, *options.state_after);
  std::optional<LineSink> sink;
  std::optional<TextTrace> trace;
  if (!options.trace.empty()) {
    sink.emplace(options.trace);
    trace.emplace(scenario->servers(), [&](std::string_view line) { (*sink)(line); });
    simulation.observe(&*trace);
  }
  run_to_end(simulation, costs);
  if (options.digest_only) {
    if (options.trace != "-") fmt::print("{:016x}\n", simulation.world().digest());
    return kAsExpected;
  }
  const auto judging = std::chrono::steady_clock::now();
  const Result result = judge(simulation);
  costs.check_wall_s = seconds_since(judging);
  if (!options.history.empty()) {
    write_file(options.history, jepsen_history(simulation.world().history()));
  }
  const std::string again = repeat_command(options.scenario, result.seed);
  if (!options.report.empty()) {
    write_file(options.report, html_report(simulation, result, again));
  }
  if (options.verify) verify_digest(options, result);
  if (options.json) {
    fmt::print("{}\n", result_json(simulation, result, costs, drawn));
  } else if (options.quiet) {
    fmt::print("{}\n", render_summary(simulation, result));
  } else {
    for (const std::string& line : drawn) fmt::print("--set {}\n", shell_quoted(line));
    fmt::print("{}", render(simulation, result, costs, again));
  }
  return exit_code_of(result);
}

}  // namespace seedbed::cli
