#include "sim/explore/sweep_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace seedbed {
namespace {

using ::testing::ElementsAre;

std::vector<Job> all(SweepPlan plan) {
  std::vector<Job> jobs;
  while (const auto job = plan.next()) jobs.push_back(*job);
  return jobs;
}

TEST(SweepPlan, GoesSeedBySeedThroughAllScenarios) {
  SweepPlan plan({3, 4}, {}, 2, {});
  EXPECT_EQ(plan.total(), 4U);
  EXPECT_THAT(all(plan), ElementsAre(Job{3, 0}, Job{3, 1}, Job{4, 0}, Job{4, 1}));
}

TEST(SweepPlan, LeavesOutWhatIsDone) {
  EXPECT_THAT(all(SweepPlan({1, 3}, {}, 2, {{1, 0}, {1, 1}, {2, 1}, {7, 0}})),
              ElementsAre(Job{2, 0}, Job{3, 0}, Job{3, 1}));
  EXPECT_TRUE(all(SweepPlan({1, 1}, {}, 1, {{1, 0}})).empty());
}

TEST(SweepPlan, ShardsPartTheSeedsWhateverTheRange) {
  for (const SeedRange seeds : {SeedRange{1, 20}, SeedRange{0, 6}, SeedRange{17, 18}}) {
    for (std::uint64_t count = 1; count <= 9; ++count) {
      std::map<std::uint64_t, int> times;
      std::uint64_t total = 0;
      for (std::uint64_t index = 1; index <= count; ++index) {
        SweepPlan plan(seeds, {index, count}, 1, {});
        total += plan.total();
        const auto jobs = all(plan);
        EXPECT_EQ(jobs.size(), plan.total());
        for (const Job& job : jobs) ++times[job.seed];
      }
      EXPECT_EQ(total, seeds.last - seeds.first + 1);
      EXPECT_EQ(times.size(), total);
    }
  }
}

TEST(SweepPlan, AShardKeepsItsSeedsWhenTheRangeGrows) {
  const auto small = all(SweepPlan({5, 20}, {2, 3}, 1, {}));
  const auto grown = all(SweepPlan({1, 40}, {2, 3}, 1, small));
  for (const Job& job : grown) EXPECT_EQ(job.seed % 3, 2U);
  EXPECT_EQ(small.size() + grown.size(), 13U);
}

TEST(SweepPlan, EndsAtTheLastSeedThereIs) {
  const std::uint64_t last = ~std::uint64_t{0};
  EXPECT_THAT(all(SweepPlan({last - 1, last}, {}, 1, {})),
              ElementsAre(Job{last - 1, 0}, Job{last, 0}));
  EXPECT_EQ(all(SweepPlan({last - 1, last}, {1, 2}, 1, {})).size(), 1U);
  EXPECT_EQ(SweepPlan({0, last}, {}, 5, {}).total(), last) << "more than a number holds";
}

}  // namespace
}  // namespace seedbed
