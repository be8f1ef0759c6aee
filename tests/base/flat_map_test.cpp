#include "sim/base/flat_map.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

template <class Map>
void behaves_like_a_map() {
  Rng rng(7);
  Map map;
  std::map<std::uint32_t, int> reference;
  for (int step = 0; step < 20'000; ++step) {
    const auto key = static_cast<std::uint32_t>(20 + rng.below(30));
    const auto found = map.find(key);
    ASSERT_EQ(found != map.end(), reference.contains(key));
    if (rng.below(3) != 0) {
      map[key] = reference[key] = step;
    } else if (found != map.end()) {
      ASSERT_EQ(map.at(key), reference.at(key));
      map.erase(found);
      reference.erase(key);
    } else {
      EXPECT_THROW(map.at(key), AssertionFailed);
    }
    ASSERT_EQ(map.size(), reference.size());
    ASSERT_TRUE(std::equal(
        map.begin(), map.end(), reference.begin(),
        [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }));
  }
  map.erase_if([](const auto& item) { return item.first % 2 == 0; });
  for (const auto& [key, value] : map) EXPECT_EQ(key % 2, 1U);
}

TEST(FlatMap, BehavesLikeAMap) { behaves_like_a_map<FlatMap<std::uint32_t, int>>(); }
TEST(FlatMap, WithRoomInsideBehavesTheSame) {
  behaves_like_a_map<FlatMap<std::uint32_t, int, 1>>();
  behaves_like_a_map<FlatMap<std::uint32_t, int, 20>>();
}

}  // namespace
}  // namespace seedbed
