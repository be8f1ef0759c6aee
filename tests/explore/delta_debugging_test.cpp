#include "sim/explore/delta_debugging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Items = std::vector<int>;

/// One to a hundred, reduced by `fails`; counts the tests.
Items reduce(const std::function<bool(const Items&)>& fails, int* tests = nullptr) {
  Items all(100);
  std::iota(all.begin(), all.end(), 1);
  const FirstFailing<Items> first = [&](std::size_t count, const auto& make) {
    for (std::size_t i = 0; i < count; ++i) {
      if (tests != nullptr) ++*tests;
      if (fails(make(i))) return std::optional(i);
    }
    return std::optional<std::size_t>{};
  };
  return fewest<int>(all, first);
}

bool has(const Items& items, int item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

TEST(DeltaDebugging, KeepsWhatMatters) {
  int tests = 0;
  const Items few = reduce(
      [](const Items& items) { return has(items, 3) && has(items, 57) && has(items, 91); }, &tests);
  EXPECT_THAT(few, ElementsAre(3, 57, 91));
  EXPECT_LT(tests, 150) << "by halves, not one by one";
}

TEST(DeltaDebugging, WhereNothingMattersNothingIsLeft) {
  EXPECT_THAT(reduce([](const Items&) { return true; }), IsEmpty());
}

TEST(DeltaDebugging, WhereAllMattersAllIsLeft) {
  EXPECT_EQ(reduce([](const Items& items) { return items.size() == 100; }).size(), 100U);
}

TEST(DeltaDebugging, NoSingleItemCanGo) {
  const auto odd = [](const Items& items) { return items.size() % 7 == 2; };
  const Items few = reduce(odd);
  EXPECT_TRUE(odd(few));
  for (std::size_t i = 0; i < few.size(); ++i) {
    Items fewer = few;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(odd(fewer));
  }
}

}  // namespace
}  // namespace seedbed
