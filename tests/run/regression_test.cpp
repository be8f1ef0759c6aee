// The regression corpus: what once failed, shrunken (seedbed shrink -o), each with the seed in its
// file. A name ends with the first half of its fingerprint, so that it fails in the very same way.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

class Regressions : public ::testing::TestWithParam<std::string> {
 protected:
  static std::shared_ptr<Scenario> read() {
    auto scenario = testing::read(GetParam());
    scenario->world.seed = read_seed();
    return scenario;
  }
  static std::uint64_t read_seed() {
    const auto path = std::string(SEEDBED_SOURCE_DIR) + "/scenarios/" + GetParam();
    return read_scenario_file(path, {}).scenario->world.seed;
  }
};

TEST_P(Regressions, EndsAsItsFileSays) {
  const auto scenario = read();
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  EXPECT_TRUE(result.as_expected);
  if (scenario->expect_violates.empty()) return;
  ASSERT_TRUE(result.first_violation.has_value());
  const std::string fingerprint = fmt::format("{:016x}", result.first_violation->fingerprint());
  EXPECT_EQ(scenario->name.substr(scenario->name.rfind('-') + 1), fingerprint.substr(0, 8));
}

TEST_P(Regressions, AMutantsIsNoneOfTheCorrectProtocol) {
  const auto scenario = read();
  if (scenario->mutant.empty()) GTEST_SKIP() << "no mutant's";
  const std::string check = std::exchange(scenario->expect_violates, "");
  scenario->mutant.clear();
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  EXPECT_TRUE(!result.first_violation || result.first_violation->check != check)
      << result.first_violation->message;
}

INSTANTIATE_TEST_SUITE_P(Corpus, Regressions, ::testing::ValuesIn(testing::regression_files()),
                         [](const auto& tested) { return testing::test_name(tested.param); });

}  // namespace
}  // namespace seedbed
