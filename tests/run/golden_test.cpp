// One seed, one history, everywhere: the digests of every scenario are in testdata/digests.txt, and
// g++, clang++, sanitizers and every level of optimisation must find them. A change that means to
// change history rewrites them with SEEDBED_REWRITE=1, and says why.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

constexpr std::uint64_t kSeeds = 3;

std::string path() { return std::string(SEEDBED_SOURCE_DIR) + "/tests/run/testdata/digests.txt"; }

std::string line(const std::string& scenario, std::uint64_t seed) {
  seedbed::Run run(testing::read(scenario, seed));
  run.to_end();
  return fmt::format("{} {} {:016x} {}", scenario, seed, run.world().digest(),
                     run.world().events());
}

TEST(Golden, EveryScenarioHasTheDigestsItHad) {
  std::string text;
  for (const std::string& scenario : testing::scenario_files()) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) text += line(scenario, seed) + "\n";
  }
  if (std::getenv("SEEDBED_REWRITE") != nullptr) {
    std::ofstream(path()) << text;
    return;
  }
  std::ifstream in(path());
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, expected) << "scenario, seed, digest, events";
}

}  // namespace
}  // namespace seedbed
