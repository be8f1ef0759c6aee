// The correct protocol under everything at once, many seeds; each must keep committing.
#include <gtest/gtest.h>

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

struct Totals {
  std::uint64_t acknowledged = 0;
  std::uint64_t fewest = ~std::uint64_t{0};
  std::uint64_t faults = 0;
  Duration longest_silence;
};

/// The longest time in which nothing was acknowledged while the workload ran.
Duration longest_silence(const Run& run) {
  Time last;
  Duration longest;
  std::vector<Time> times;
  for (const Operation& op : run.world().history().operations()) {
    const bool read_back = op.invoked_at >= Time{} + run.scenario().duration;
    if (op.completion == Completion::kOk && !read_back) times.push_back(op.returned_at);
  }
  std::sort(times.begin(), times.end());
  for (const Time t : times) {
    longest = std::max(longest, t - last);
    last = t;
  }
  return longest;
}

void run_seeds(std::uint64_t first, std::uint64_t last, Totals& totals) {
  const auto scenario = testing::read("raft/chaos.yaml");
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    auto seeded = std::make_shared<Scenario>(*scenario);
    seeded->world.seed = seed;
    seedbed::Run run(seeded);
    run.to_end();
    const Result result = judge(run);
    ASSERT_EQ(result.verdict, Verdict::kPass) << "seed " << seed;
    totals.acknowledged += result.ok;
    totals.fewest = std::min(totals.fewest, result.ok);
    totals.faults += result.faults.size();
    totals.longest_silence = std::max(totals.longest_silence, longest_silence(run));
  }
  // 50 operations a second for 30 s; a fifth are cas that mostly find another value.
  EXPECT_GT(totals.fewest, 300U) << "operations acknowledged in the worst seed";
  EXPECT_GT(totals.faults / (last - first + 1), 15U) << "faults in a run";
  fmt::print(
      "{} seeds: {} operations acknowledged, {} in the worst seed, {} faults; the longest "
      "silence was {}\n",
      last - first + 1, totals.acknowledged, totals.fewest, totals.faults,
      to_text(totals.longest_silence));
}

TEST(Chaos, AHundredSeedsPassAndKeepCommitting) {
  Totals totals;
  run_seeds(1, 100, totals);
}

TEST(ChaosLong, TwoThousandSeedsPassAndKeepCommitting) {
  Totals totals;
  run_seeds(1, 2000, totals);
}

}  // namespace
}  // namespace seedbed
