// A sweep for other programs' pages: JUnit's XML and GitHub's markdown.
#include <fmt/format.h>

#include "tools/cli/sweep_output.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

/// Text of an attribute or an element. XML has no way to write most control characters.
std::string xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\n': escaped += "&#10;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
  }
  return escaped;
}

struct Suite {
  std::string cases;
  std::uint64_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

void add_case(Suite& suite, const std::string& scenario, const std::string& name,
              const std::string& inside) {
  ++suite.tests;
  suite.cases +=
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(scenario), xml(name));
  suite.cases += inside.empty() ? "/>\n" : fmt::format(">{}</testcase>\n", inside);
}

/// The failures of one scenario that it does not expect.
void add_failures(const SweepReport& report, std::uint32_t scenario, Suite& suite) {
  const SweepSummary& summary = *report.summary;
  for (const FailureGroup* group : summary.groups()) {
    const auto part = group->parts.find(scenario);
    if (part == group->parts.end() || summary.is_expected(part->second.first)) continue;
    const RunRow& row = part->second.first;
    const bool judged = row.ending == Ending::kFail;
    ++(judged ? suite.failures : suite.errors);
    const std::string what =
        fmt::format("{} of its seeds, the first is {}", part->second.count, row.job.seed);
    const std::string tag = judged ? "failure" : "error";
    add_case(
        suite, summary.scenarios()[scenario].name,
        fmt::format("{} {:016x}", row.check, row.fingerprint.value_or(0)),
        fmt::format("<{0} type=\"{1}\" message=\"{2}\">{3}&#10;{4}&#10;</{0}>", tag, xml(row.check),
                    xml(row.message), xml(what), xml(command_of(report, row))));
  }
}

Suite suite_of(const SweepReport& report, std::uint32_t scenario) {
  const SweepSummary& summary = *report.summary;
  const SweptScenario& swept = summary.scenarios()[scenario];
  Suite suite;
  add_failures(report, scenario, suite);
  const std::string name = swept.expect_violates.empty()
                               ? "every seed ends as expected"
                               : "some seed violates " + swept.expect_violates;
  std::string inside;
  if (summary.verdict(scenario) == Verdict::kUnknown) {
    ++suite.skipped;
    inside = "<skipped message=\"undecided\"/>";
  } else if (summary.verdict(scenario) == Verdict::kFail && suite.tests == 0) {
    ++suite.failures;
    inside = "<failure type=\"expect\" message=\"none did\"/>";
  }
  if (suite.tests == 0 || !inside.empty()) add_case(suite, swept.name, name, inside);
  return suite;
}

/// In a cell of a table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '`') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

}  // namespace

std::string sweep_junit(const SweepReport& report) {
  std::string suites;
  Suite all;
  for (std::uint32_t i = 0; i < report.summary->scenarios().size(); ++i) {
    const Suite suite = suite_of(report, i);
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
    all.skipped += suite.skipped;
    suites += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n"
        "    <properties><property name=\"runs\" value=\"{}\"/></properties>\n{}  </testsuite>\n",
        xml(report.summary->scenarios()[i].name), suite.tests, suite.failures, suite.errors,
        suite.skipped, report.summary->tallies()[i].runs, suite.cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seedbed sweep\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n{}</testsuites>\n",
      all.tests, all.failures, all.errors, all.skipped, report.wall_s, suites);
}

std::string sweep_markdown(const SweepReport& report) {
  const SweepSummary& summary = *report.summary;
  std::string text = fmt::format(
      "## Sweep: {}\n\n| scenario | runs | passed | failed | undecided "
      "| verdict |\n|---|--:|--:|--:|--:|---|\n",
      name_of(summary.verdict()));
  for (std::uint32_t i = 0; i < summary.scenarios().size(); ++i) {
    const Tally& t = summary.tallies()[i];
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(summary.scenarios()[i].name),
                        grouped(t.runs), grouped(t.pass), grouped(t.fail), grouped(t.unknown),
                        name_of(summary.verdict(i)));
  }
  const auto groups = summary.groups();
  if (groups.empty()) return text;
  text +=
      "\n| check | fingerprint | seeds | first | cheapest | what |\n|---|---|--:|--:|--:|---|\n";
  for (const FailureGroup* group : groups) {
    const RunRow& first = group->first();
    text += fmt::format("| {}{} | `{:016x}` | {} | {} | {} | {} |\n", cell(first.check),
                        group->unexpected == 0 ? " (as expected)" : "",
                        first.fingerprint.value_or(0), grouped(group->count), first.job.seed,
                        group->cheapest.job.seed, cell(first.message));
  }
  text += "\n```\n";
  for (const FailureGroup* group : groups) text += command_of(report, group->cheapest) + "\n";
  return text + "```\n";
}

}  // namespace seedbed::cli
