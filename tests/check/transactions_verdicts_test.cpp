// Recorded histories of real databases and the test cases of other checkers, with the verdicts that
// are known of them. They are not part of this tree (shared_folder()); without them nothing is
// tested.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/readers.h"
#include "tests/support/shared_folder.h"

namespace seedbed::txn {
namespace {

struct Row {
  std::string file, model, level, format, options, expected;
};

void PrintTo(const Row& r, std::ostream* out) { *out << r.file << " " << r.level; }

std::string folder() { return testing::shared_folder() + "/histories"; }

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::ifstream in(folder() + "/VERDICTS.tsv");
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    Row r;
    for (std::string* f : {&r.file, &r.model, &r.level, &r.format, &r.options, &r.expected}) {
      std::getline(fields, *f, '\t');
    }
    if (r.model == "list-append" || r.model == "rw-register") rows.push_back(r);
  }
  return rows;
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

History read(const Row& row) {
  const std::string path = folder() + "/" + row.file;
  const std::string text = content_of(path);
  EXPECT_FALSE(text.empty()) << path;
  if (row.format == "plume") return read_plume(text);
  if (row.format == "awdit") return read_awdit(text);
  if (row.format == "dbcop") return read_dbcop(text);
  JepsenOptions options;
  if (row.model == "list-append") options.model = Model::kList;
  options.session_per_line = row.options == "--session-per-line";
  return read_jepsen(
      text, row.format == "jepsen-json" ? history::Syntax::kJson : history::Syntax::kEdn, options);
}

class Verdicts : public ::testing::TestWithParam<Row> {};

TEST_P(Verdicts, AsExpected) {
  const Row& row = GetParam();
  const Level* level = level_named(row.level);
  ASSERT_NE(level, nullptr) << row.level;
  const Judgement j = check_transactions(read(row), *level);
  RecordProperty("steps", std::to_string(j.steps));
  if (row.expected == "unknown") return;  // whoever said so did not know: any proof will do
  EXPECT_EQ(name_of(j.verdict), row.expected) << row.file << " " << row.level << ": " << j.message;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Verdicts);
INSTANTIATE_TEST_SUITE_P(Recorded, Verdicts, ::testing::ValuesIn(rows()));

TEST(VerdictsAreThere, OrNothingIsTested) {
  if (rows().empty()) {
    GTEST_SKIP() << "no recorded histories: " << folder()
                 << "; the environment variable SEEDBED_SHARED names the folder above";
  }
}

}  // namespace
}  // namespace seedbed::txn
