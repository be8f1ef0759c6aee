// How shards change hands, as scripts: testdata/*.txt, text in, text out; and where they are
// placed.
#include <gtest/gtest.h>

#include "protocols/sharded_store/placement.h"
#include "protocols/sharded_store/server.h"
#include "tests/support/script_files.h"

namespace seedbed::sharded_store {
namespace {

std::string describe(const World& world, NodeId n) {
  const auto* server = static_cast<const Server*>(world.process(n));
  if (server == nullptr) return "down";
  std::string text = fmt::format("{} epoch={}", server->role(), server->configuration().epoch);
  for (const auto& [shard, holding] : server->holdings()) {
    text += fmt::format(" {}:since={}", shard, holding.since);
    if (holding.is_giving()) {
      text += fmt::format(",to=n{},in={}", holding.to.value, holding.giving_since);
    }
    for (const kv::Record& r : holding.store.image()) {
      if (r.kind == kv::Record::Kind::kValue) text += fmt::format(",k{}={}", r.key, r.value);
    }
  }
  return text;
}

testing::Script make_script() {
  constexpr std::int64_t kHourInNs = (3'600'000_ms).count();
  return testing::Script(*find_protocol("sharded_store"),
                         {{"heartbeat", {kHourInNs, 0}}, {"shards", {4, 0}}, {"placement", {1, 0}}},
                         {{"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, Heartbeat{}); }}},
                         describe);
}

class ShardedStoreScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(ShardedStoreScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(ShardedStore, ShardedStoreScripts,
                         ::testing::ValuesIn(testing::script_files("sharded_store")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(ShardedStoreScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("sharded_store"));
}

/// Whatever the placement, every shard has an owner that is a member, and a newcomer takes shards
/// from others only; on a ring with bounded loads some move besides.
TEST(ShardedStorePlacement, ShardsMoveToTheNewcomer) {
  for (std::uint32_t placement = 0; placement <= 3; ++placement) {
    Parameters parameters;
    parameters.shards = 1000;
    parameters.placement = placement;
    const std::vector<NodeId> before = place(parameters, {1, 77, {1, 2, 5, 7}});
    const std::vector<NodeId> after = place(parameters, {2, 77, {1, 2, 5, 7, 9}});
    ASSERT_EQ(before.size(), 1000U);
    std::size_t moved = 0;
    for (std::size_t s = 0; s < before.size(); ++s) {
      const std::uint32_t owner = before[s].value;
      EXPECT_TRUE(owner == 1 || owner == 2 || owner == 5 || owner == 7);
      if (before[s] == after[s]) continue;
      ++moved;
      if (parameters.method() != Placement::kBounded) {
        EXPECT_EQ(after[s].value, 9U);
      }
    }
    EXPECT_GT(moved, 100U) << placement;
    EXPECT_LT(moved, 450U) << placement;
    EXPECT_EQ(place(parameters, {3, 77, {}}), std::vector<NodeId>(1000));
  }
}

TEST(ShardedStorePlacement, KeysAreSpreadOverTheShards) {
  std::vector<int> counts(10);
  for (kv::Key key = 0; key < 10'000; ++key) ++counts[shard_of(key, 10)];
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace seedbed::sharded_store
