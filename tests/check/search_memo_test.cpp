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
  // So many that some share all that is stored of their hash.
  detail::SequenceSet set;
  for (std::uint32_t word = 0; word < 300'000; ++word) {
    const auto added = set.add({&word, 1}, std::size_t{1} << 30);
    ASSERT_EQ(added, detail::SequenceSet::Added::kNew);
  }
}

TEST(SequenceSet, TakesSequencesOfAnyLength) {
  using Added = detail::SequenceSet::Added;
  detail::SequenceSet set;
  std::vector<std::uint32_t> words;
  const std::vector<std::size_t> lengths = {0,   1,      100,    254,     255,    256,
                                            300, 65'533, 65'534, 65'535,  65'536, 65'537,
                                            7,   70'000, 90'000, 200'000, 3};
  for (const std::size_t length : lengths) {
    words.assign(length, 7);
    ASSERT_EQ(set.add(words, std::size_t{1} << 30), Added::kNew) << length;
    if (length == 0) continue;
    words.back() = 8;
    ASSERT_EQ(set.add(words, std::size_t{1} << 30), Added::kNew) << length;
  }
  for (const std::size_t length : lengths) {
    words.assign(length, 7);
    ASSERT_EQ(set.add(words, std::size_t{1} << 30), Added::kOld) << length;
  }
}

TEST(SequenceSet, IsFullWhereItsMemoryEnds) {
  using Added = detail::SequenceSet::Added;
  constexpr std::size_t kBytes = 1 << 20;
  detail::SequenceSet set;
  std::vector<std::uint32_t> words(10);
  Added added = Added::kNew;
  for (words[0] = 0; added == Added::kNew; ++words[0]) added = set.add(words, kBytes);
  EXPECT_EQ(added, Added::kFull);
  EXPECT_LE(set.bytes(), kBytes);
  EXPECT_GT(set.size(), kBytes / 100);
  words[0] = 0;
  EXPECT_EQ(set.add(words, kBytes), Added::kOld) << "what it has it knows";
}

}  // namespace
}  // namespace seedbed
