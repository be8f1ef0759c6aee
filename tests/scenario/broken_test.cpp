// Each file of broken/ beside the errors that it must give, word for word.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

std::vector<std::string> broken_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(file_here("broken"))) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Broken, ThereAreManyKinds) { EXPECT_GE(broken_files().size(), 30U); }

TEST(Broken, EachFileGivesItsErrors) {
  for (const std::string& name : broken_files()) {
    SCOPED_TRACE(name);
    const std::string file = fmt::format("{}.yaml", name);
    const ReadResult result =
        read_scenario(file, slurp(file_here(fmt::format("broken/{}", file))), {});
    EXPECT_FALSE(result.scenario);
    EXPECT_EQ(lines_of(result), slurp(file_here(fmt::format("broken/{}.expected", name))));
    for (const ScenarioError& e : result.errors) {
      EXPECT_EQ(e.file, file);
      EXPECT_GE(e.line, 1);
      EXPECT_GE(e.column, 1);
    }
    EXPECT_TRUE(std::is_sorted(
        result.errors.begin(), result.errors.end(),
        [](const ScenarioError& a, const ScenarioError& b) { return a.line < b.line; }));
  }
}

TEST(Broken, FilesThatCannotBeRead) {
  const auto of_file = [](const std::string& path) {
    return lines_of(read_scenario_file(path, {}));
  };
  EXPECT_EQ(of_file("/no/such/file.yaml"), "/no/such/file.yaml: no such file\n");
  EXPECT_EQ(of_file(file_here("")), file_here(": a directory, not a file\n"));
  EXPECT_EQ(of_file(""), ": no file name\n");
  EXPECT_EQ(of_file("/dev/zero"),
            "/dev/zero:1:1: larger than 1048576 bytes (1 MiB), the most that is read\n");
}

// What depends on the protocols that are there is no file.

TEST(Errors, NamesOfTheProtocol) {
  const Protocol& raft_protocol = *find_protocol("raft");
  std::string mutants;
  for (const MutantInfo& m : raft_protocol.mutants) {
    mutants += (mutants.empty() ? "" : ", ") + std::string(m.name);
  }
  EXPECT_EQ(errors_of(raft("mutant: qqqqqqqqqqqqqqqqqqqq\n")),
            "test.yaml:2:9: mutant: 'qqqqqqqqqqqqqqqqqqqq' is no mutant of raft; allowed are " +
                mutants + "\n");
  EXPECT_NE(errors_of(raft("variant: qqqqqqqqqqqqqqqqqqqq\n")), "");
  EXPECT_EQ(errors_of(raft("with: { hartbeat: 50ms }\n")),
            "test.yaml:2:9: with.hartbeat: no such key; did you mean 'heartbeat'?\n");
}

TEST(Errors, ParametersKeepTheirBounds) {
  for (const Protocol* protocol : all_protocols()) {
    for (const Parameter& p : protocol->parameters) {
      if (p.kind == ValueKind::kBoolean) continue;
      const std::string base = "nodes: 9\nprotocol: " + std::string(protocol->name) + "\nwith: { " +
                               std::string(p.name) + ": ";
      const std::string too_much =
          p.kind == ValueKind::kInteger ? "9223372036854775807" : "9000000000s";
      if (p.kind == ValueKind::kProbability || p.bounds.hi == 9'223'372'036'854'775'807) continue;
      const std::string errors = errors_of(base + too_much + " }\n");
      EXPECT_NE(errors.find(std::string(p.name) + ": '" + too_much + "' is out of bounds"),
                std::string::npos)
          << errors;
    }
  }
}

TEST(Errors, TheProtocolJudgesItsParameters) {
  const std::string errors =
      errors_of(raft("with: { heartbeat: 5s, election_timeout: 150ms..300ms }\n"));
  EXPECT_EQ(errors.find("test.yaml:2:7: with: heartbeat must be shorter"), 0U) << errors;
}

TEST(Errors, AWorkloadMustBeOffered) {
  for (const Protocol* protocol : all_protocols()) {
    if (protocol->workload == "kv") continue;
    const std::string errors =
        errors_of("nodes: 9\nworkload: { kind: kv }\nprotocol: " + std::string(protocol->name));
    EXPECT_EQ(errors.find("test.yaml:2:19: workload.kind: " + std::string(protocol->name) +
                          " does not offer kv"),
              0U)
        << errors;
  }
}

TEST(Errors, AFloodIsCutOff) {
  std::string text = raft("chaos:\n");
  for (int i = 0; i < 300; ++i) text += "  - { at: 5s, crash: nobody }\n";
  const ReadResult result = read(text);
  ASSERT_EQ(result.errors.size(), 101U);
  EXPECT_EQ(result.errors.back().text(), "test.yaml:103:22: and 200 more from here on");
}

}  // namespace
}  // namespace seedbed
