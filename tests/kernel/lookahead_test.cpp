#include "sim/kernel/lookahead.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "sim/base/pages.h"

namespace seedbed {
namespace {

TEST(Lookahead, VisitsEachOfAWindowOnceBeforeItIsPopped) {
  Lookahead ahead(3);
  std::deque<int> window;
  std::vector<int> visited;
  for (int n = 0; n < 20; ++n) {
    if (window.empty()) {
      for (int i = 0; i < 5; ++i) window.push_back(n + i);
    }
    ahead.advance(window, [&](int entry) { visited.push_back(entry); });
    ASSERT_EQ(visited.back(), std::min(n + 2, n / 5 * 5 + 4)) << "three ahead, or the window's end";
    window.pop_front();
    ahead.popped();
  }
  for (int n = 0; n < 20; ++n) EXPECT_EQ(visited[static_cast<std::size_t>(n)], n);
}

TEST(Lookahead, FindsItsPlaceAgainWhereEntriesVanished) {
  Lookahead ahead(3);
  std::vector<int> visited;
  const auto note = [&](int entry) { visited.push_back(entry); };
  ahead.advance(std::vector{1, 2, 3, 4}, note);
  ahead.advance(std::vector<int>{}, note);  // all were cancelled
  ahead.advance(std::vector{5, 6, 7, 8}, note);
  EXPECT_EQ(visited, (std::vector{1, 2, 3, 5, 6, 7}));
}

TEST(Pages, AVectorInHugePagesIsAVector) {
  PagedVector<std::uint64_t> numbers;
  for (std::uint64_t n = 0; n < 1'000'000; ++n) numbers.push_back(n);
  const PagedVector<std::uint64_t> copy = numbers;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % 64, 0U);
  EXPECT_EQ(copy, numbers);
  EXPECT_EQ(copy.back(), 999'999U);
}

}  // namespace
}  // namespace seedbed
