// Long histories of every service that are right, and the same with one answer changed: verdicts,
// and that what proves them stays small.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/check/encode.h"
#include "sim/check/history/generated.h"

namespace seedbed {
namespace {

PartsVerdict judge(std::string_view model, const history::Recorded& h, const SearchBudget& budget) {
  const CheckOptions o;
  if (model == "register") return judge_parts(encode_registers(h, o, false), h, budget);
  if (model == "cas-register") return judge_parts(encode_registers(h, o, true), h, budget);
  if (model == "kv") return judge_parts(encode_kv(h, o, "").registers, h, budget);
  if (model == "queue") return judge_parts(encode_queue(h, o), h, budget);
  if (model == "stack") return judge_parts(encode_stack(h, o), h, budget);
  if (model == "counter") return judge_parts(encode_counter(h, o), h, budget);
  if (model == "set") return judge_parts(encode_set(h, o), h, budget);
  if (model == "lock") return judge_parts(encode_lock(h, o), h, budget);
  if (model == "log") return judge_parts(encode_log(h, o), h, budget);
  return judge_parts(encode_ids(h, o), h, budget);
}

class GeneratedHistories : public ::testing::TestWithParam<std::string_view> {};

TEST_P(GeneratedHistories, AreRightUntilOneAnswerIsChanged) {
  for (const std::uint32_t lost : {0U, 5U}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      history::Generated wanted{GetParam(), 10'000, 8, lost, false, seed};
      SCOPED_TRACE(std::to_string(lost) + " lost, seed " + std::to_string(seed));
      EXPECT_EQ(judge(wanted.model, history::generate(wanted), {}).verdict, Verdict::kPass);
      wanted.planted = true;
      const auto wrong = history::generate(wanted);
      const PartsVerdict found = judge(wanted.model, wrong, {});
      ASSERT_EQ(found.verdict, Verdict::kFail);
      EXPECT_FALSE(found.core.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GeneratedHistories,
                         ::testing::ValuesIn(history::generated_models().begin(),
                                             history::generated_models().end()),
                         [](const auto& tested) {
                           std::string name(tested.param);
                           std::erase(name, '-');
                           return name;
                         });

/// No search of a queue, a stack or a log whose values tell them apart: a step an operation, and
/// the failing return is the one that was changed or a later one that shows it.
TEST(GeneratedCollections, TakeAStepForEachOperation) {
  for (const std::string_view model : {"queue", "stack", "log"}) {
    SCOPED_TRACE(model);
    history::Generated wanted{model, 50'000, 16, 0};
    const auto right = judge(model, history::generate(wanted), {});
    EXPECT_EQ(right.verdict, Verdict::kPass);
    EXPECT_LE(right.steps, wanted.operations);
    EXPECT_LE(right.bytes, 200 * wanted.operations);
  }
}

TEST(GeneratedCollections, AFailureIsShownByFewValues) {
  for (const std::string_view model : {"queue", "stack"}) {
    SCOPED_TRACE(model);
    history::Generated wanted{.model = model, .operations = 50'000, .lost = 0, .planted = true};
    const auto found = judge(model, history::generate(wanted), {});
    EXPECT_EQ(found.verdict, Verdict::kFail);
    EXPECT_LE(found.core.size(), 8U);
    EXPECT_GT(found.order.size(), wanted.operations / 3);
  }
}

/// Who took it and gave it back says nothing of who has it.
TEST(GeneratedLocks, AFailureIsShownByFewTurns) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const history::Generated wanted{"lock", 20'000, 8, 0, true, seed};
    const auto found = judge(wanted.model, history::generate(wanted), {});
    EXPECT_EQ(found.verdict, Verdict::kFail);
    EXPECT_LE(found.core.size(), 12U);
    EXPECT_LE(found.bytes, 120 * wanted.operations);
  }
}

}  // namespace
}  // namespace seedbed
