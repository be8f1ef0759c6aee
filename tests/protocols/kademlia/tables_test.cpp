// The plain data of Kademlia: ids, k-buckets, lookups, tables that are filled at deployment.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "protocols/kademlia/deployment.h"
#include "protocols/kademlia/lookup.h"
#include "sim/base/rng.h"

namespace seedbed::kademlia {
namespace {

using Seen = RoutingTable::Seen;

std::vector<std::uint32_t> contacts_of(const RoutingTable& table, std::uint32_t index) {
  std::vector<std::uint32_t> ids;
  const Bucket* bucket = table.bucket(index);
  if (bucket == nullptr) return ids;
  for (const Contact& c : bucket->contacts) ids.push_back(c.node.value);
  return ids;
}

using Ids = std::vector<std::uint32_t>;

TEST(KademliaSpace, IdsAreDifferentAndFit) {
  for (const std::uint32_t bits : {16U, 17U, 32U, 63U, 64U}) {
    const Space space(5, bits);
    std::set<Id> ids;
    for (std::uint32_t n = 1; n <= 5000; ++n) {
      const Id id = space.id_of({n});
      EXPECT_TRUE(bits == 64 || id >> bits == 0);
      ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 5000U) << bits;
    EXPECT_TRUE(bits == 64 || space.id_of_key(17) >> bits == 0);
  }
  EXPECT_NE(Space(1, 64).id_of({1}), Space(2, 64).id_of({1}));
}

TEST(KademliaSpace, ABucketIsTheHighestBitOfADistance) {
  EXPECT_EQ(bucket_of(1), 0U);
  EXPECT_EQ(bucket_of(2), 1U);
  EXPECT_EQ(bucket_of(3), 1U);
  EXPECT_EQ(bucket_of(~Id{0}), 63U);
}

TEST(KBucket, WhoIsSeenGoesToTheTail) {
  RoutingTable table(3);
  EXPECT_EQ(table.see(7, {1}), Seen::kNew);
  EXPECT_EQ(table.see(7, {2}), Seen::kNew);
  EXPECT_EQ(table.see(7, {3}), Seen::kNew);
  EXPECT_EQ(table.see(7, {1}), Seen::kKnown);
  EXPECT_EQ(contacts_of(table, 7), (Ids{2, 3, 1}));
  EXPECT_EQ(table.least_recent(7), NodeId{2});
  EXPECT_TRUE(contacts_of(table, 6).empty());
  EXPECT_EQ(table.least_recent(6), kNobody);
}

TEST(KBucket, AFullOneLetsNewcomersWait) {
  RoutingTable table(2);
  table.see(7, {1});
  table.see(7, {2});
  EXPECT_EQ(table.see(7, {3}), Seen::kFull);
  EXPECT_EQ(table.see(7, {4}), Seen::kFull);
  EXPECT_EQ(table.see(7, {3}), Seen::kFull);
  EXPECT_EQ(contacts_of(table, 7), (Ids{1, 2}));
  table.silent(7, {1});
  EXPECT_EQ(contacts_of(table, 7), (Ids{2, 3})) << "of those who wait the one seen last";
  table.silent(7, {2});
  EXPECT_EQ(contacts_of(table, 7), (Ids{4, 3})) << "in the order in which they were seen";
  EXPECT_TRUE(table.bucket(7)->waiting.empty());
}

TEST(KBucket, ASilentContactStaysWhereNobodyWaits) {
  RoutingTable table(2);
  table.see(7, {1});
  table.silent(7, {1});
  ASSERT_EQ(contacts_of(table, 7), (Ids{1}));
  EXPECT_TRUE(table.bucket(7)->contacts[0].is_silent);
  table.see(7, {1});
  EXPECT_FALSE(table.bucket(7)->contacts[0].is_silent);
  table.silent(7, {9});  // is nowhere
  table.silent(3, {1});
  EXPECT_EQ(table.size(), 1U);
}

TEST(KBucket, WhoWaitsAndIsSilentWaitsNoMore) {
  RoutingTable table(1);
  table.see(7, {1});
  table.see(7, {2});
  table.silent(7, {2});
  EXPECT_TRUE(table.bucket(7)->waiting.empty());
  table.evict_least_recent(7);  // nobody waits
  EXPECT_EQ(contacts_of(table, 7), (Ids{1}));
}

/// Nodes 1, 2, 3, ... at distances 1, 2, 3, ...
bool add(Lookup& lookup, std::uint32_t n) { return lookup.add({n}, n, std::less<>{}); }

TEST(KademliaLookup, AsksTheClosestFirstAlphaAtATime) {
  Lookup lookup(0);
  for (const std::uint32_t n : {5U, 3U, 9U, 3U, 7U}) add(lookup, n);
  EXPECT_EQ(lookup.next(4, 2), NodeId{3});
  EXPECT_EQ(lookup.next(4, 2), NodeId{5});
  EXPECT_EQ(lookup.next(4, 2), std::nullopt);
  EXPECT_TRUE(add(lookup, 1)) << "closer than all";
  lookup.answered({3}, true);
  EXPECT_EQ(lookup.next(4, 2), NodeId{1});
  lookup.answered({5}, false);
  EXPECT_EQ(lookup.next(4, 2), NodeId{7}) << "the last of the k closest; 9 is not one";
  EXPECT_FALSE(lookup.is_over(4));
  lookup.answered({1}, false);
  lookup.set({7}, Candidate::State::kSilent);
  EXPECT_FALSE(lookup.is_over(4));
  EXPECT_EQ(lookup.next(4, 2), NodeId{9}) << "takes the place of who is silent";
  lookup.answered({9}, false);
  EXPECT_TRUE(lookup.is_over(4));
  EXPECT_EQ(lookup.closest(4), (std::vector<NodeId>{{1}, {3}, {5}, {9}}));
  EXPECT_EQ(lookup.closest(1), (std::vector<NodeId>{{1}}));
}

TEST(KademliaLookup, ASlowNodeDoesNotCountAsUnderWay) {
  Lookup lookup(0);
  for (std::uint32_t n = 1; n <= 3; ++n) add(lookup, n);
  EXPECT_EQ(lookup.next(3, 1), NodeId{1});
  EXPECT_EQ(lookup.next(3, 1), std::nullopt);
  lookup.set({1}, Candidate::State::kSlow);
  EXPECT_EQ(lookup.next(3, 1), NodeId{2});
  EXPECT_FALSE(lookup.is_over(1)) << "but it is waited for";
}

TEST(KademliaLookup, AsksAllOfTheKClosestAfterARoundInVain) {
  Lookup lookup(0);
  for (std::uint32_t n = 1; n <= 9; ++n) add(lookup, n);
  EXPECT_EQ(lookup.next(5, 2), NodeId{1});
  EXPECT_EQ(lookup.next(5, 2), NodeId{2});
  lookup.answered({1}, false);
  EXPECT_EQ(lookup.next(5, 2), NodeId{3});
  EXPECT_EQ(lookup.next(5, 2), std::nullopt);
  lookup.answered({2}, false);
  EXPECT_EQ(lookup.next(5, 2), NodeId{4});
  EXPECT_EQ(lookup.next(5, 2), NodeId{5});
  EXPECT_EQ(lookup.next(5, 2), std::nullopt) << "6 is not one of the 5 closest";
}

TEST(KademliaLookup, ForgetsTheFurthestThatWereNeverAsked) {
  Lookup lookup(0);
  for (std::uint32_t n = 1; n <= 9; ++n) add(lookup, n);
  lookup.set({8}, Candidate::State::kAnswered);
  lookup.trim(4);
  EXPECT_EQ(lookup.candidates().size(), 8U);
}

/// Each bucket has all nodes of its range, or k of them.
TEST(KademliaDeployment, FillsEveryBucket) {
  const Deployed deployed = Deployed::make(3, 64, 300, true);
  for (std::uint32_t self = 1; self <= 300; self += 37) {
    RoutingTable table(8);
    fill(table, deployed, {self}, 8, self);
    const Id own = deployed.space.id_of({self});
    for (std::uint32_t index = 0; index < 64; ++index) {
      std::set<std::uint32_t> range;
      for (std::uint32_t n = 1; n <= 300; ++n) {
        const Id distance = own ^ deployed.space.id_of({n});
        if (distance != 0 && bucket_of(distance) == index) range.insert(n);
      }
      const Ids contacts = contacts_of(table, index);
      EXPECT_EQ(contacts.size(), std::min<std::size_t>(range.size(), 8));
      EXPECT_EQ(std::set<std::uint32_t>(contacts.begin(), contacts.end()).size(), contacts.size());
      for (const std::uint32_t n : contacts) EXPECT_TRUE(range.contains(n));
    }
  }
}

}  // namespace
}  // namespace seedbed::kademlia
