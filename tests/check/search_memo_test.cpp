#include "sim/check/search_memo.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/rng.h"

namespace seedbed {
namespace {

TEST(SequenceSet, ComparesWhole) {
  detail::SequenceSet set;
  // Signed: libstdc++ 12 takes vectors of unsigned integers for bytes where it is big-endian, and
  // compares a quarter of them.
  std::set<std::vector<std::int64_t>> reference;
  Rng rng{hash_of(9)};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint32_t> words(rng.below(5));
    for (auto& w : words) w = static_cast<std::uint32_t>(rng.below(8));
    const bool added = set.add(words, std::size_t{1} << 30) == detail::SequenceSet::Added::kNew;
    ASSERT_EQ(added, reference.emplace(words.begin(), words.end()).second);
  }
  EXPECT_EQ(set.size(), reference.size());
}

TEST(SequenceSet, CollisionsOfHashesDoNotMatter) {
  // So many that some share all 32 bits that are stored of their hash.
  detail::SequenceSet set;
  for (std::uint32_t word = 0; word < 300'000; ++word) {
    const auto added = set.add({&word, 1}, std::size_t{1} << 30);
    ASSERT_EQ(added, detail::SequenceSet::Added::kNew);
  }
}

}  // namespace
}  // namespace seedbed
