#include "sim/kernel/chunked_lists.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

using Lists = ChunkedLists<std::uint64_t, 7>;

std::vector<std::uint64_t> items(const Lists& lists, std::size_t list) {
  std::vector<std::uint64_t> all;
  lists.for_each(list, [&](std::uint64_t item) { all.push_back(item); });
  return all;
}

TEST(ChunkedLists, AgreeWithVectors) {
  Rng rng(1);
  Lists lists;
  std::array<std::vector<std::uint64_t>, 7> expected;
  for (std::uint64_t n = 0; n < 200'000; ++n) {
    const std::size_t list = rng.below(7);
    const std::uint64_t action = rng.below(1'000);
    if (action == 0) {  // one list is spread over those below it, as a radix heap does
      std::vector<std::uint64_t> taken;
      std::swap(taken, expected[list]);
      for (const std::uint64_t item : taken) expected[item % (list + 1)].push_back(item);
      lists.take(list, [&](std::uint64_t item) { lists.push_back(item % (list + 1), item); });
    } else if (action == 1) {
      const auto odd = [](std::uint64_t item) { return item % 2 != 0; };
      EXPECT_EQ(lists.erase_if(list, odd), std::erase_if(expected[list], odd));
    } else {
      lists.push_back(list, n);
      expected[list].push_back(n);
    }
    ASSERT_EQ(lists.size(list), expected[list].size());
    ASSERT_EQ(lists.empty(list), expected[list].empty());
  }
  const Lists copy = lists;
  for (std::size_t list = 0; list < 7; ++list) {
    EXPECT_EQ(items(lists, list), expected[list]);
    EXPECT_EQ(items(copy, list), expected[list]);
  }
}

}  // namespace
}  // namespace seedbed
