// A run is a value: copied anywhere in the middle, both copies end as the uncopied run does.
#include <gtest/gtest.h>

#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

class Copy : public ::testing::TestWithParam<std::string> {};

TEST_P(Copy, BothCopiesEndAsTheOriginal) {
  const auto scenario = testing::read(GetParam());
  seedbed::Run original(scenario);
  original.to_end();
  const std::uint64_t digest = original.world().digest();
  const std::uint64_t events = original.world().events();

  constexpr std::uint64_t kPoints = 100;
  Rng rng(hash_text(GetParam()));
  std::vector<std::uint64_t> points;
  for (std::uint64_t i = 0; i < kPoints; ++i) points.push_back(rng.below(events));
  std::sort(points.begin(), points.end());

  seedbed::Run walker(scenario);
  for (const std::uint64_t point : points) {
    while (walker.world().events() < point) walker.step();
    seedbed::Run copy = walker;
    copy.to_end();
    ASSERT_EQ(copy.world().digest(), digest) << "copied at event " << point;
    ASSERT_EQ(copy.world().events(), events);
    ASSERT_EQ(copy.violations().size(), original.violations().size());
  }
  walker.to_end();
  EXPECT_EQ(walker.world().digest(), digest) << "the one that was copied from";
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Copy, ::testing::ValuesIn(testing::scenario_files()),
                         [](const auto& tested) { return testing::test_name(tested.param); });

}  // namespace
}  // namespace seedbed
