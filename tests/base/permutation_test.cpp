// A keyed bijection is one, for every size; and its orders look random.
#include "sim/base/permutation.h"

#include <gtest/gtest.h>

#include <vector>

namespace seedbed {
namespace {

TEST(Permutation, IsABijectionOfEverySize) {
  for (std::uint32_t n = 1; n <= 300; ++n) {
    for (std::uint64_t key = 0; key < 5; ++key) {
      std::vector<bool> seen(n);
      const Permutation order(key, n);
      for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t image = order(i);
        ASSERT_LT(image, n);
        ASSERT_FALSE(seen[image]) << n << " elements, key " << key;
        seen[image] = true;
      }
    }
  }
}

TEST(Permutation, PutsEachAtEachPlaceAboutAsOften) {
  constexpr std::uint32_t kSize = 10;
  constexpr std::uint32_t kKeys = 20'000;
  std::vector<std::vector<std::uint32_t>> times(kSize, std::vector<std::uint32_t>(kSize));
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const Permutation order(key, kSize);
    for (std::uint32_t i = 0; i < kSize; ++i) ++times[i][order(i)];
  }
  for (const auto& places : times) {
    for (const std::uint32_t count : places) EXPECT_NEAR(count, kKeys / kSize, 250);  // 6 sigma
  }
}

TEST(Permutation, SuccessorsAreIndependent) {
  constexpr std::uint32_t kSize = 8;
  constexpr std::uint32_t kKeys = 56'000;
  std::vector<std::uint32_t> pairs(kSize * kSize);
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const Permutation order(key, kSize);
    ++pairs[order(0) * kSize + order(1)];
  }
  for (std::uint32_t a = 0; a < kSize; ++a) {
    for (std::uint32_t b = 0; b < kSize; ++b) {
      const std::uint32_t count = pairs[a * kSize + b];
      if (a == b) {
        EXPECT_EQ(count, 0U);
      } else {
        EXPECT_NEAR(count, kKeys / (kSize * (kSize - 1)), 200);  // 6 sigma
      }
    }
  }
}

TEST(Permutation, IsTheSameOnEveryMachine) {
  const Permutation order(7, 1000);
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) sum += std::uint64_t{i} * order(i);
  EXPECT_EQ(order(0), 157U);
  EXPECT_EQ(sum, 250'557'366U);
}

}  // namespace
}  // namespace seedbed
