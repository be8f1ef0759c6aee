// A run is a value: copied anywhere in the middle, both copies end as the uncopied run does.
#include <gtest/gtest.h>

#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

void expect_copies_to_agree(const std::string& name, std::uint64_t copies) {
  const auto scenario = testing::read(name);
  seedbed::Run original(scenario);
  original.to_end();
  const std::uint64_t digest = original.world().digest();
  const std::uint64_t events = original.world().events();

  Rng rng(hash_text(name));
  std::vector<std::uint64_t> points;
  for (std::uint64_t i = 0; i < copies; ++i) points.push_back(rng.below(events));
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

class Copy : public ::testing::TestWithParam<std::string> {};
TEST_P(Copy, BothCopiesEndAsTheOriginal) { expect_copies_to_agree(GetParam(), 20); }

class CopyLong : public ::testing::TestWithParam<std::string> {};
TEST_P(CopyLong, BothCopiesEndAsTheOriginalAtAHundredPlaces) {
  expect_copies_to_agree(GetParam(), 100);
}

std::string name_of_test(const ::testing::TestParamInfo<std::string>& tested) {
  return testing::test_name(tested.param);
}
INSTANTIATE_TEST_SUITE_P(Scenarios, Copy, ::testing::ValuesIn(testing::scenario_files()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Scenarios, CopyLong, ::testing::ValuesIn(testing::scenario_files()),
                         name_of_test);

}  // namespace
}  // namespace seedbed
