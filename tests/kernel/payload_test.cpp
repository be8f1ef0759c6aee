#include "sim/kernel/payload.h"

#include <gtest/gtest.h>

#include <set>

namespace seedbed {
namespace {

struct Text {
  static constexpr auto kName = "Text";
  std::string text;
  constexpr void describe(auto& d) const { d("text", text); }
};
struct Block {
  static constexpr auto kName = "Block";
  std::array<std::uint64_t, 100> words{};
  constexpr void describe(auto& d) const { d("words", words); }
};

const std::string kLong(200, 'x');

TEST(Payload, LivesUntilTheLastReferenceGoes) {
  PayloadPool pool;
  const Payload p = pool.make(Text{kLong});
  pool.retain(p, 2);
  pool.release(p);
  pool.release(p);
  EXPECT_EQ(pool.get<Text>(p).text, kLong);
  EXPECT_EQ(pool.living(), 1U);
  pool.release(p);
  EXPECT_EQ(pool.living(), 0U);
}

TEST(Payload, ACopiedPoolKeepsHandlesAndOwnsItsPayloads) {
  PayloadPool copy;
  Payload text, block;
  {
    PayloadPool pool;
    text = pool.make(Text{kLong});
    block = pool.make(Block{{1, 2, 3}});
    pool.release(pool.make(Text{"gone"}));
    copy = pool;
  }
  EXPECT_EQ(copy.get<Text>(text).text, kLong);
  EXPECT_EQ(copy.get<Block>(block).words[2], 3U);
  EXPECT_EQ(copy.living(), 2U);
}

TEST(Payload, ACopyGivesOutTheSameHandlesNext) {
  PayloadPool pool;
  std::vector<Payload> made;
  for (int i = 0; i < 100; ++i) made.push_back(pool.make(Text{std::to_string(i)}));
  pool.release(made[17]);
  PayloadPool copy = pool;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(pool.make(Text{}), copy.make(Text{}));
}

TEST(Payload, FreedBlocksAreUsedAgain) {
  PayloadPool pool;
  std::set<std::uint32_t> handles;
  for (int i = 0; i < 10'000; ++i) {
    const Payload p = pool.make(Text{});
    handles.insert(p.value);
    pool.release(p);
  }
  EXPECT_EQ(handles.size(), 1U);
}

TEST(Payload, KnowsItsDigestAndWireSize) {
  PayloadPool pool;
  const auto& a = pool.header(pool.make(Text{"abc"}));
  const auto& b = pool.header(pool.make(Text{"abd"}));
  EXPECT_EQ(a.bytes, 4U + 3U);
  EXPECT_NE(a.digest, b.digest);
  EXPECT_EQ(a.type->name, "Text");
  EXPECT_THROW(pool.get<Block>(pool.make(Text{})), AssertionFailed);
}

}  // namespace
}  // namespace seedbed
