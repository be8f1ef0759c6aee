// Every model against a judge that owes nothing to the engine: all histories of a few operations,
// and random ones of a few more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/failing_core.h"
#include "sim/check/judge_parts.h"
#include "sim/check/kv_texts.h"
#include "sim/check/linearize.h"
#include "sim/check/models.h"

namespace seedbed {
namespace {

constexpr std::uint32_t kProcesses = 3;
constexpr std::uint32_t kNone = Act::kNone;

/// What a process may say of a model, in a history of two values.
template <class Model>
struct Sample;

template <>
struct Sample<RegisterCells> {
  static RegisterCells model() { return {0}; }
  static std::vector<Act> acts(std::uint32_t) {
    using R = RegisterCells;
    return {{R::kRead, 0, 0},  {R::kRead, 1, 0},      {R::kRead, 2, 0},      {R::kWrite, kNone, 1},
            {R::kCas, 0, 1},   {R::kWrite, kNone, 2}, {R::kCas, 1, 2},       {R::kCas, 2, 1},
            {R::kCas, 1, 1},   {R::kCas, 2, 0},       {R::kWrite, kNone, 0}, {R::kAvoid, 0, 0},
            {R::kAvoid, 1, 0}, {R::kAvoid, 2, 0}};
  }
};
/// Without avoiding ones, which keep the engine from what it knows of registers else.
struct PlainCells : RegisterCells {};
template <>
struct Sample<PlainCells> {
  static PlainCells model() { return {{0}}; }
  static std::vector<Act> acts(std::uint32_t process) {
    auto acts = Sample<RegisterCells>::acts(process);
    std::erase_if(acts, [](const Act& a) { return a.code == RegisterCells::kAvoid; });
    return acts;
  }
};
template <>
struct Sample<TextCell> {
  static TextCell model() { return {"", {"", "a", "b", "ab", "ba", "aa", "aba", "abb"}}; }
  static std::vector<Act> acts(std::uint32_t) {
    std::vector<Act> acts;
    for (std::uint32_t text = 0; text < 8; ++text) acts.push_back({TextCell::kGet, text, 0});
    for (const std::uint32_t text : {1U, 2U}) {
      acts.push_back({TextCell::kAppend, text, 0});
      acts.push_back({TextCell::kAppend, text, 0});
      acts.push_back({TextCell::kPut, text, 0});
    }
    acts.push_back({TextCell::kPut, 3, 0});
    return acts;
  }
};
/// Puts and appends of different texts: nothing is ambiguous but what repeats.
struct TextsApart : TextCell {};
template <>
struct Sample<TextsApart> {
  static TextsApart model() {
    return {{"", {"", "a", "b", "p", "q", "pa", "pab", "qa", "pba", "paa"}}};
  }
  static std::vector<Act> acts(std::uint32_t) {
    std::vector<Act> acts;
    for (std::uint32_t text = 0; text < 10; ++text) acts.push_back({TextCell::kGet, text, 0});
    for (const std::uint32_t text : {1U, 1U, 1U, 2U, 2U})
      acts.push_back({TextCell::kAppend, text, 0});
    for (const std::uint32_t text : {3U, 3U, 4U}) acts.push_back({TextCell::kPut, text, 0});
    return acts;
  }
};

template <class Model>
std::vector<Act> collection_acts() {
  return {{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {2, kNone, 0}};
}
template <>
struct Sample<FifoQueue> {
  static FifoQueue model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) {
    auto acts = collection_acts<FifoQueue>();
    acts.push_back({FifoQueue::kTake, kNone, 0});
    return acts;
  }
};
template <>
struct Sample<Stack> {
  static Stack model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) {
    auto acts = collection_acts<Stack>();
    acts.push_back({Stack::kPop, kNone, 0});
    return acts;
  }
};
template <>
struct Sample<Bag> {
  static Bag model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) { return collection_acts<Bag>(); }
};
/// Of more values, so that few are put twice: judged without a search.
template <class Model>
struct Apart : Model {};
template <class Model>
struct Sample<Apart<Model>> {
  static Apart<Model> model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) {
    std::vector<Act> acts{{2, kNone, 0}};
    for (std::uint32_t x = 0; x < 4; ++x) {
      acts.push_back({0, x, 0});
      acts.push_back({1, x, 0});
    }
    if (!std::is_same_v<Model, Bag>) acts.push_back({1, kNone, 0});
    return acts;
  }
};
template <>
struct Sample<SetOfValues> {
  static SetOfValues model() { return {{}, {{}, {0}, {0, 1}}}; }
  static std::vector<Act> acts(std::uint32_t) {
    using S = SetOfValues;
    return {{S::kAdd, 0, 0},     {S::kAdd, 1, 0},     {S::kRemove, 0, 0},
            {S::kHas, 0, 1},     {S::kHas, 0, 0},     {S::kHas, 1, 1},
            {S::kAll, kNone, 0}, {S::kAll, kNone, 1}, {S::kAll, kNone, 2}};
  }
};
template <>
struct Sample<OffsetLog> {
  static OffsetLog model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) {
    using L = OffsetLog;
    return {{L::kAppend, 0, -1}, {L::kAppend, 0, 0}, {L::kAppend, 1, 0},   {L::kAppend, 1, 1},
            {L::kRead, 0, 0},    {L::kRead, 1, 0},   {L::kRead, kNone, 0}, {L::kRead, 1, 1}};
  }
};
template <>
struct Sample<Registers> {
  static Registers model() {
    return {{},
            {0, 0},
            {{{true, 0, 1}},
             {{true, 1, 1}},
             {{true, 0, 2}, {true, 1, 2}},
             {{false, 0, 0}, {false, 1, 1}},
             {{false, 0, 1}, {false, 1, 0}},
             {{false, 0, 1}, {true, 1, 2}},
             {{false, 0, 2}, {false, 1, 2}}}};
  }
  static std::vector<Act> acts(std::uint32_t) {
    std::vector<Act> acts;
    for (std::int64_t n = 0; n < 7; ++n) acts.push_back({0, kNone, n});
    return acts;
  }
};
template <>
struct Sample<Counter> {
  static Counter model() { return {0, true}; }
  static std::vector<Act> acts(std::uint32_t) {
    using C = Counter;
    return {{C::kAdd, 0, 1},       {C::kAdd, 0, 2},
            {C::kAdd, 0, -1},      {C::kRead, 0, 0},
            {C::kRead, 0, 1},      {C::kRead, 0, 2},
            {C::kRead, 0, 3},      {C::kAddAndGet, 1, 1},
            {C::kAddAndGet, 1, 2}, {C::kAddAndGet, 0xffffffff, 0}};
  }
};
template <>
struct Sample<Lock> {
  static Lock model() { return {}; }
  static std::vector<Act> acts(std::uint32_t process) {
    return {{Lock::kAcquire, process, 0}, {Lock::kAcquire, process, 1},
            {Lock::kAcquire, process, 2}, {Lock::kAcquire, process, Lock::kUnknown},
            {Lock::kRelease, process, 0}, {Lock::kRelease, process, 0}};
  }
};
template <>
struct Sample<IdGenerator> {
  static IdGenerator model() { return {}; }
  static std::vector<Act> acts(std::uint32_t) { return {{0, 0, 0}}; }
};

/// Operations with their ends, in the order of invocation.
struct SmallHistory {
  struct Entry {
    Act act;
    std::uint64_t invoked = 0;
    std::uint64_t returned = Call<Act>::kNever;
  };
  std::vector<Entry> entries;

  std::vector<Call<Act>> calls() const {
    std::vector<Call<Act>> calls;
    for (const Entry& e : entries) calls.push_back({&e.act, e.invoked, e.returned});
    return calls;
  }
};

/// All orders that respect real time, every subset of what never returned.
template <class Model>
bool brute_force(const Model& model, const std::vector<Call<Act>>& calls,
                 const typename Model::State& state, std::uint32_t placed = 0) {
  bool complete = true;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if ((placed >> i & 1) != 0) continue;
    complete &= calls[i].returned == Call<Act>::kNever;
    bool may_come = true;
    for (std::size_t k = 0; k < calls.size(); ++k) {
      may_come &= (placed >> k & 1) != 0 || calls[k].returned > calls[i].invoked;
    }
    if (!may_come) continue;
    const auto next = model.step(state, *calls[i].op);
    if (next && brute_force(model, calls, *next, placed | 1U << i)) return true;
  }
  return complete;
}
template <class Model>
bool brute_force(const Model& model, const std::vector<Call<Act>>& calls) {
  return brute_force(model, calls, model.init());
}

template <class Model>
void expect_proof(const Model& model, const std::vector<Call<Act>>& calls,
                  const std::vector<std::uint32_t>& order) {
  std::vector<bool> placed(calls.size(), false);
  auto state = model.init();
  std::uint64_t invoked = 0;
  for (const std::uint32_t i : order) {
    ASSERT_FALSE(placed[i]);
    placed[i] = true;
    ASSERT_GT(calls[i].returned, invoked);
    invoked = std::max(invoked, calls[i].invoked);
    const auto next = model.step(state, *calls[i].op);
    ASSERT_TRUE(next.has_value());
    state = *next;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    // What was only read by who never returned says nothing.
    ASSERT_TRUE(placed[i] || calls[i].returned == Call<Act>::kNever);
  }
}

template <class Model>
std::string text_of(const std::vector<Call<Act>>& calls) {
  std::string text;
  for (const auto& c : calls) {
    text += "code " + std::to_string(c.op->code) + " x " + std::to_string(c.op->x) + " n " +
            std::to_string(c.op->n) + " @" + std::to_string(c.invoked) + ".." +
            (c.returned == Call<Act>::kNever ? "" : std::to_string(c.returned)) + "\n";
  }
  return text;
}

/// Judges it both ways, and what is said of a failure.
template <class Model>
void expect_same(const Model& model, const SmallHistory& history, bool& passed) {
  const auto calls = history.calls();
  const SearchBudget budget;
  Meter meter(budget);
  const auto found = linearize(model, std::span(calls), meter);
  passed = brute_force(model, calls);
  ASSERT_EQ(found.verdict == Verdict::kPass, passed) << text_of<Model>(calls);
  ASSERT_NE(found.verdict, Verdict::kUnknown);
  if (passed) return expect_proof(model, calls, found.order);
  const auto why = first_failure(model, std::span(calls), found, meter);
  const std::uint64_t end = calls[why.blocked].returned;
  ASSERT_FALSE(brute_force(model, cut(std::span(calls), end))) << text_of<Model>(calls);
  ASSERT_TRUE(brute_force(model, cut(std::span(calls), end - 1))) << text_of<Model>(calls);
  std::vector<Call<Act>> core;
  for (const std::uint32_t i : detail::core_of(model, std::span(calls), why.blocked, meter)) {
    core.push_back(calls[i]);
    if (core.back().returned > end) core.back().returned = Call<Act>::kNever;
  }
  ASSERT_FALSE(brute_force(model, core)) << text_of<Model>(calls) << "core\n"
                                         << text_of<Model>(core);
}

/// Every history of so many operations by three processes, each of which may hang.
template <class Model>
class Everything {
 public:
  explicit Everything(std::size_t operations) : operations_(operations) {}

  std::uint64_t run() {
    extend(1);
    return passed_;
  }

 private:
  void extend(std::uint64_t position) {
    if (::testing::Test::HasFatalFailure()) return;
    if (history_.entries.size() == operations_) {
      bool passed = false;
      expect_same(model_, history_, passed);
      passed_ += passed ? 1 : 0;
    } else if (busy_.size() < kProcesses) {
      std::uint32_t process = 0;
      while (std::find(busy_.begin(), busy_.end(), process) != busy_.end()) ++process;
      busy_.push_back(process);
      for (const Act& act : Sample<Model>::acts(process)) {
        history_.entries.push_back({act, position, Call<Act>::kNever});
        owner_.push_back(process);
        extend(position + 1);
        owner_.pop_back();
        history_.entries.pop_back();
      }
      busy_.pop_back();
    }
    for (std::size_t i = 0; i < history_.entries.size(); ++i) {
      if (history_.entries[i].returned != Call<Act>::kNever) continue;
      const std::vector<std::uint32_t> before = busy_;
      std::erase(busy_, owner_[i]);
      history_.entries[i].returned = position;
      extend(position + 1);
      history_.entries[i].returned = Call<Act>::kNever;
      busy_ = before;
    }
  }

  const Model model_ = Sample<Model>::model();
  std::size_t operations_;
  SmallHistory history_;
  std::vector<std::uint32_t> busy_;
  std::vector<std::uint32_t> owner_;
  std::uint64_t passed_ = 0;
};

template <class Model>
SmallHistory random_history(Rng& rng, std::size_t operations) {
  SmallHistory history;
  std::vector<std::optional<std::size_t>> open(kProcesses);
  for (std::uint64_t position = 1; history.entries.size() < operations; ++position) {
    const auto p = static_cast<std::uint32_t>(rng.below(kProcesses));
    if (open[p]) {
      if (rng.below(6) != 0) history.entries[*open[p]].returned = position;
      open[p].reset();
      continue;
    }
    const auto acts = Sample<Model>::acts(p);
    open[p] = history.entries.size();
    history.entries.push_back({acts[rng.below(acts.size())], position, Call<Act>::kNever});
  }
  std::uint64_t end = 1000;
  for (const auto& o : open) {
    if (o && rng.below(4) != 0) history.entries[*o].returned = ++end;
  }
  return history;
}

template <class Model>
void try_random(std::uint64_t seed, std::uint64_t count) {
  const Model model = Sample<Model>::model();
  Rng rng(seed);
  std::uint64_t passes = 0;
  for (std::uint64_t i = 0; i < count && !::testing::Test::HasFatalFailure(); ++i) {
    const std::size_t operations = 5 + rng.below(2);
    const SmallHistory history = random_history<Model>(rng, operations);
    bool passed = false;
    expect_same(model, history, passed);
    passes += passed ? 1 : 0;
  }
  EXPECT_GT(passes, count / 1000) << "too few histories are right to say much";
  EXPECT_LT(passes, count - count / 1000) << "too few histories are wrong to say much";
}

template <class Model>
class ModelsBruteForce : public ::testing::Test {};
template <class Model>
class ModelsBruteForceLong : public ::testing::Test {};

using AllModels = ::testing::Types<RegisterCells, PlainCells, TextCell, TextsApart, FifoQueue,
                                   Stack, Bag, SetOfValues, OffsetLog, Registers, Counter, Lock,
                                   IdGenerator, Apart<FifoQueue>, Apart<Stack>, Apart<Bag>>;
TYPED_TEST_SUITE(ModelsBruteForce, AllModels);
TYPED_TEST_SUITE(ModelsBruteForceLong, AllModels);

TYPED_TEST(ModelsBruteForce, AllHistoriesOfTwoOperations) {
  EXPECT_GT(Everything<TypeParam>(2).run(), 0U);
}
TYPED_TEST(ModelsBruteForce, RandomHistories) { try_random<TypeParam>(1, 10'000); }

TYPED_TEST(ModelsBruteForceLong, AllHistoriesOfFourOperations) {
  for (const std::size_t operations : {1U, 3U, 4U}) {
    EXPECT_GT(Everything<TypeParam>(operations).run(), 0U);
  }
}
TYPED_TEST(ModelsBruteForceLong, RandomHistories) { try_random<TypeParam>(2, 10'000'000); }

}  // namespace
}  // namespace seedbed
