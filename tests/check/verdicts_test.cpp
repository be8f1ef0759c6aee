// Other people's histories, with the verdicts that other checkers and exact searches found
// (histories/VERDICTS.tsv below shared_folder(), which is not part of this tree; without it nothing
// is tested). Prints a table with the time of each; rows whose model is not built yet are skipped.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/history/value.h"
#include "tests/support/shared_folder.h"

namespace seedbed {
namespace {

struct Row {
  std::string file, model, level, format, options, expected;
};

std::string histories() { return testing::shared_folder() + "/histories/"; }

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::ifstream table(histories() + "VERDICTS.tsv");
  std::string line;
  std::getline(table, line);  // names of the columns
  while (std::getline(table, line)) {
    std::istringstream words(line);
    Row r;
    for (std::string* field : {&r.file, &r.model, &r.level, &r.format, &r.options, &r.expected}) {
      std::getline(words, *field, '\t');
    }
    rows.push_back(r);
  }
  return rows;
}

CheckReport judge(const Row& row) {
  const HistoryCheck* check = find_history_check(row.model);
  const std::size_t hash = row.file.rfind('#');
  const std::string part = hash == std::string::npos ? "" : row.file.substr(hash + 1);
  const std::string text = slurp(histories() + row.file.substr(0, hash));
  CheckOptions options;
  options.level = row.level;
  if (options.level.empty() && !check->levels.empty()) options.level = check->levels.front();
  constexpr std::string_view kInit = "--init ";
  if (row.options.starts_with(kInit)) options.init = row.options.substr(kInit.size());
  options.session_per_line = row.options == "--session-per-line";
  // A bound that no clock moves; generous, for all is decided far below it.
  options.budget.steps = 200'000'000;
  options.budget.bytes = std::size_t{1} << 30;
  return judge_history(*check, {text, row.format, part}, options);
}

#define SKIP_WITHOUT_HISTORIES()                                                        \
  if (!std::filesystem::exists(histories() + "VERDICTS.tsv")) {                         \
    GTEST_SKIP() << "the histories are not there: " << histories()                      \
                 << "; the environment variable SEEDBED_SHARED names the folder above"; \
  }

TEST(Verdicts, EveryRowHasItsVerdict) {
  SKIP_WITHOUT_HISTORIES();
  std::size_t judged = 0;
  std::size_t skipped = 0;
  for (const Row& row : rows()) {
    if (find_history_check(row.model) == nullptr) {
      ++skipped;
      continue;
    }
    SCOPED_TRACE(row.file + " " + row.model + " " + row.level);
    const auto begin = std::chrono::steady_clock::now();
    std::string found;
    std::uint64_t steps = 0;
    try {
      const CheckReport report = judge(row);
      found = name_of(report.verdict);
      steps = report.steps;
      EXPECT_EQ(report.verdict == Verdict::kFail, !report.witness.empty()) << "who fails shows why";
    } catch (const history::BadHistory& e) {
      found = e.what();
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{:8} {:9.1f} ms {:9} steps  {} {} {}\n", found, took.count(), steps, row.file,
               row.model, row.level);
    // Whoever wrote "unknown" ran out of time: two transactions of that history are a write skew.
    if (row.expected != "unknown") {
      EXPECT_EQ(found, row.expected);
    }
    ++judged;
  }
  fmt::print("{} rows judged, {} of models that are not built\n", judged, skipped);
  EXPECT_GT(judged, 100U);
}

TEST(Verdicts, EtcdTakesATwentiethOfTheReferencesSteps) {
  SKIP_WITHOUT_HISTORIES();
  std::uint64_t steps = 0;
  for (const Row& row : rows()) {
    if (row.format == "etcd-log") steps += judge(row).steps;
  }
  // Four of these histories alone take Porcupine 1,440,301.
  EXPECT_LE(steps, 1'440'301U / 20);
  fmt::print("{} steps\n", steps);
}

TEST(Verdicts, TheHardKeysAreDecided) {
  SKIP_WITHOUT_HISTORIES();
  for (const char* key : {"0", "5", "7", "9"}) {
    const Row row{
        std::string("porcupine/kv/c50-bad.txt#") + key, "kv", "linearizable", "kv-log", "", "fail"};
    const CheckReport report = judge(row);
    EXPECT_EQ(report.verdict, Verdict::kFail) << key;
    EXPECT_LE(report.steps, 100'000U) << key;
  }
}

}  // namespace
}  // namespace seedbed
