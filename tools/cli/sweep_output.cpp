#include "tools/cli/sweep_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/cli/progress.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t n) { return fmt::format("{:016x}", n); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

const SweptScenario& scenario_of(const SweepReport& report, const RunRow& row) {
  return report.summary->scenarios()[row.job.scenario];
}

std::string count_of(std::uint64_t n, std::string_view thing) {
  return fmt::format("{} {}{}", grouped(n), thing, n == 1 ? "" : "s");
}

/// "of isolated-leader", or nothing where there is only one scenario.
std::string of_scenario(const SweepReport& report, const RunRow& row) {
  if (report.summary->scenarios().size() == 1) return "";
  return " of " + scenario_of(report, row).name;
}

std::string counts_text(const Tally& t) {
  std::string text = fmt::format("{}: {} passed", count_of(t.runs, "run"), grouped(t.pass));
  const auto add = [&](std::uint64_t n, std::string_view what) {
    if (n > 0) text += fmt::format(", {} {}", grouped(n), what);
  };
  add(t.expected, "failed as they should");
  add(t.fail - t.expected - t.crash - t.timeout - t.memory, "failed");
  add(t.crash, "crashed");
  add(t.timeout, "took too long");
  add(t.memory, "ran out of memory");
  add(t.unknown, "undecided");
  return text;
}

std::string group_text(const SweepReport& report, const FailureGroup& group) {
  const RunRow& first = group.first();
  std::string where = fmt::format("first seed {}{}", first.job.seed, of_scenario(report, first));
  if (group.cheapest.job != first.job) {
    where += fmt::format(", cheapest seed {}{} with {} events", group.cheapest.job.seed,
                         of_scenario(report, group.cheapest), grouped(group.cheapest.events));
  }
  if (group.parts.size() > 1) where += fmt::format(", in {} scenarios", group.parts.size());
  const std::string title = fmt::format(
      "{}  {}  {}", first.check, hex(first.fingerprint.value_or(0)), count_of(group.count, "seed"));
  return fmt::format("{}{}\n  {}\n  {}\n  {}\n",
                     styled(group.unexpected > 0 ? Style::kRed : Style::kGreen, title),
                     group.unexpected > 0 ? "" : "  (as expected)", where, first.message,
                     styled(Style::kDim, command_of(report, group.cheapest)));
}

std::string missing_text(const SweepReport& report) {
  const Tally total = report.summary->total();
  if (!report.bounded || total.runs >= report.total) return "";
  std::string text =
      fmt::format("{} of {} runs are done", grouped(total.runs), grouped(report.total));
  if (!report.out.empty()) text += fmt::format("; --resume completes {}", report.out);
  return text + "\n";
}

}  // namespace

std::string command_of(const SweepReport& report, const RunRow& row) {
  const SweptScenario& scenario = scenario_of(report, row);
  ScenarioOptions options;
  options.file = scenario.file;
  options.settings = lines_of(scenario.settings);
  options.swarm = report.header->swarm;
  options.mutant = scenario.mutant;
  options.plugins = report.plugins;
  return repeat_command(options, row.job.seed);
}

std::string sweep_text(const SweepReport& report) {
  const SweepSummary& summary = *report.summary;
  std::string text;
  for (const FailureGroup* group : summary.groups()) text += group_text(report, *group) + '\n';
  const auto& scenarios = summary.scenarios();
  for (std::uint32_t i = 0; scenarios.size() > 1 && i < scenarios.size(); ++i) {
    const Verdict verdict = summary.verdict(i);
    text += fmt::format("{} {}: {}\n", styled(verdict, fmt::format("{:<7}", name_of(verdict))),
                        scenarios[i].name, counts_text(summary.tallies()[i]));
  }
  text += counts_text(summary.total());
  if (report.here > 0) {
    text += fmt::format("; {} in {}, {:.0f}/s", grouped(report.here), rough_time(report.wall_s),
                        static_cast<double>(report.here) / std::max(report.wall_s, 1e-6));
  }
  text += '\n' + missing_text(report);
  const Verdict verdict = summary.verdict();
  text += styled(verdict, verdict == Verdict::kPass   ? "PASS"
                          : verdict == Verdict::kFail ? "FAIL"
                                                      : "UNKNOWN");
  for (std::uint32_t i = 0; i < scenarios.size(); ++i) {
    if (scenarios[i].expect_violates.empty() || summary.tallies()[i].expected > 0) continue;
    text += fmt::format("  no seed of {} violated {}, as it should", scenarios[i].name,
                        scenarios[i].expect_violates);
    break;
  }
  return text + (report.interrupted ? "  interrupted\n" : "\n");
}

std::string sweep_json(const SweepReport& report) {
  const Tally total = report.summary->total();
  Json json{{"runs", total.runs},
            {"pass", total.pass},
            {"fail", total.fail},
            {"unknown", total.unknown},
            {"crash", total.crash},
            {"timeout", total.timeout},
            {"memory", total.memory},
            {"seeds_per_s", static_cast<double>(report.here) / std::max(report.wall_s, 1e-6)},
            {"wall_s", report.wall_s},
            {"verdict", name_of(report.summary->verdict())},
            {"complete", report.bounded && total.runs >= report.total},
            {"interrupted", report.interrupted}};
  json["seeds"] = {{"first", report.header->seeds.first}, {"last", report.header->seeds.last}};
  json["shard"] = {{"index", report.header->shard.index}, {"count", report.header->shard.count}};
  json["out"] = report.out.empty() ? Json(nullptr) : Json(report.out);
  json["scenarios"] = Json::array();
  for (std::uint32_t i = 0; i < report.summary->scenarios().size(); ++i) {
    const SweptScenario& s = report.summary->scenarios()[i];
    const Tally& t = report.summary->tallies()[i];
    json["scenarios"].push_back(
        {{"name", s.name},
         {"file", s.file},
         {"runs", t.runs},
         {"pass", t.pass},
         {"fail", t.fail},
         {"unknown", t.unknown},
         {"expect_violates", s.expect_violates.empty() ? Json(nullptr) : Json(s.expect_violates)},
         {"verdict", name_of(report.summary->verdict(i))}});
  }
  json["failures"] = Json::array();
  for (const FailureGroup* group : report.summary->groups()) {
    const RunRow& first = group->first();
    json["failures"].push_back({{"scenario", scenario_of(report, first).name},
                                {"seed", first.job.seed},
                                {"check", first.check},
                                {"fingerprint", hex(first.fingerprint.value_or(0))},
                                {"message", first.message},
                                {"count", group->count},
                                {"verdict", name_of(first.ending)},
                                {"expected", group->unexpected == 0},
                                {"settings", lines_of(first.settings)},
                                {"cheapest",
                                 {{"scenario", scenario_of(report, group->cheapest).name},
                                  {"seed", group->cheapest.job.seed},
                                  {"events", group->cheapest.events},
                                  {"command", command_of(report, group->cheapest)}}},
                                {"command", command_of(report, first)}});
  }
  // A message may hold bytes of a protocol that are no text.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

int exit_code_of(const SweepReport& report) {
  if (report.interrupted) return kInterrupted;
  switch (report.summary->verdict()) {
    case Verdict::kPass: return kAsExpected;
    case Verdict::kFail: return kNotAsExpected;
    case Verdict::kUnknown: break;
  }
  return kUndecided;
}

}  // namespace seedbed::cli
