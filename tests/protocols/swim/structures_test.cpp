// The plain parts of SWIM: the table of members, the news to spread, the timeouts.
#include <gtest/gtest.h>

#include <map>

#include "protocols/swim/gossip.h"
#include "protocols/swim/members.h"
#include "protocols/swim/suspicion.h"

namespace seedbed::swim {
namespace {

TEST(Members, AreThoseOfTheBeginningAndWhatChanged) {
  Members members(3);
  EXPECT_EQ(members.size(), 3U);
  EXPECT_TRUE(members.holds({3}));
  EXPECT_FALSE(members.of({4})) << "never heard of";
  members.set({2}, {0, State::kSuspect});
  EXPECT_TRUE(members.holds({2})) << "a suspected member is one";
  EXPECT_EQ(members.size(), 3U);
  members.set({2}, {0, State::kDead});
  EXPECT_FALSE(members.holds({2}));
  EXPECT_EQ(members.size(), 2U);
  members.set({2}, {1, State::kAlive});
  members.set({7}, {0, State::kAlive});
  EXPECT_EQ(members.size(), 4U);
  EXPECT_EQ(members.changed().size(), 2U) << "only what differs costs anything";
}

Update alive(std::uint32_t n, Incarnation incarnation = 0) {
  return {NodeId{n}, State::kAlive, incarnation, kNobody};
}

TEST(Gossip, TellsFirstWhatWasToldLeast) {
  Gossip gossip;
  gossip.add(alive(1));
  EXPECT_EQ(gossip.take(1, 10), News{alive(1)});
  gossip.add(alive(2));
  gossip.add(alive(3));
  EXPECT_EQ(gossip.take(2, 10), (News{alive(2), alive(3)}));
  EXPECT_EQ(gossip.take(2, 10), (News{alive(1), alive(2)})) << "all were told once";
}

TEST(Gossip, TellsEachPieceALimitedNumberOfTimes) {
  Gossip gossip;
  for (std::uint32_t n = 1; n <= 5; ++n) gossip.add(alive(n));
  std::map<std::uint32_t, int> told;
  while (!gossip.empty()) {
    EXPECT_LT(gossip.most_sent(), 4U);
    for (const Update& update : gossip.take(2, 4)) ++told[update.member.value];
  }
  for (std::uint32_t n = 1; n <= 5; ++n) EXPECT_EQ(told[n], 4);
}

TEST(Gossip, SaysOneThingAboutAMember) {
  Gossip gossip;
  gossip.add(alive(1));
  gossip.take(1, 10);
  gossip.add(alive(1, 5));
  EXPECT_EQ(gossip.take(6, 10), News{alive(1, 5)});
}

TEST(Suspicion, LastsByTheLogarithmOfTheGroup) {
  const Parameters p{.period = 1_s, .suspicion = 4};
  EXPECT_EQ(shortest_suspicion(p, 2), 4_s) << "one log at least";
  EXPECT_EQ(shortest_suspicion(p, 10), 4_s);
  EXPECT_NEAR(static_cast<double>(shortest_suspicion(p, 100).count()), 8e9, 10);
  EXPECT_EQ(suspicion_timeout(p, 100, 0), shortest_suspicion(p, 100));
}

TEST(Suspicion, GetsShorterAsOthersShareIt) {
  const Parameters p{.period = 1_s, .suspicion = 5, .lha_suspicion = true, .suspicion_max = 6};
  const auto seconds = [&](std::uint32_t shared) {
    return static_cast<double>(suspicion_timeout(p, 10, shared).count()) / 1e9;
  };
  // max - (max - min) log(C + 1) / log(K + 1), with 30 s, 5 s and K = 3.
  EXPECT_NEAR(seconds(0), 30, 1e-6);
  EXPECT_NEAR(seconds(1), 17.5, 1e-6);
  EXPECT_NEAR(seconds(2), 10.18797, 1e-4);
  EXPECT_NEAR(seconds(3), 5, 1e-6);
  EXPECT_EQ(suspicion_timeout(p, 2, 0), 5_s) << "nobody is left to share it";
}

TEST(Suspicion, CountsEachAccuserOnce) {
  Suspicion s;
  s.by.push_back({1});
  EXPECT_FALSE(s.shares({1}, 3)) << "it began";
  EXPECT_TRUE(s.shares({2}, 3));
  EXPECT_FALSE(s.shares({2}, 3));
  EXPECT_TRUE(s.shares({3}, 3));
  EXPECT_TRUE(s.shares({4}, 3));
  EXPECT_FALSE(s.shares({5}, 3)) << "enough";
  EXPECT_EQ(s.shared(), 3U);
}

TEST(Retransmissions, AreLambdaLogN) {
  const Parameters p{.retransmit = 3};
  EXPECT_EQ(retransmit_limit(p, 4), 5U);
  EXPECT_EQ(retransmit_limit(p, 99), 14U);
  EXPECT_EQ(retransmit_limit(p, 9'999), 28U);
}

}  // namespace
}  // namespace seedbed::swim
