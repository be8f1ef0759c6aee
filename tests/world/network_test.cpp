#include "sim/world/network.h"

#include <gtest/gtest.h>

namespace seedbed {
namespace {

NetworkConfig stormy() {
  NetworkConfig config;
  config.latency = Latency::uniform({1_ms, 5_ms});
  config.loss = Probability::percent(10);
  config.duplicate = Probability::percent(10);
  config.reorder = {Probability::percent(10), 7_ms};
  return config;
}

MessageKey key(std::uint32_t i) {
  return {NodeId{i % 5 + 1}, NodeId{i % 3 + 2}, Time{} + Duration(i * 1000), i % 4};
}

bool same(const Fate& a, const Fate& b) {
  return a.lost == b.lost && a.duplicated == b.duplicated && a.delay == b.delay &&
         a.duplicate_delay == b.duplicate_delay;
}

TEST(Network, AFateIsAFunctionOfTheMessageAndTheSeed) {
  const Network a(stormy(), 1, 5), b(stormy(), 1, 5), other(stormy(), 2, 5);
  int differ = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    b.decide(key(i + 5000), 0);  // whatever else is asked
    EXPECT_TRUE(same(a.decide(key(i), 0), b.decide(key(i), 0)));
    EXPECT_EQ(a.tie(key(i)), b.tie(key(i)));
    differ += !same(a.decide(key(i), 0), other.decide(key(i), 0));
  }
  EXPECT_GT(differ, 900);
}

TEST(Network, NoOptionMovesTheDrawOfAnother) {
  NetworkConfig calm = stormy();
  calm.loss = calm.duplicate = calm.reorder.chance = {};
  const Network a(stormy(), 1, 5), b(calm, 1, 5);
  int compared = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const Duration delay = a.decide(key(i), 0).delay;
    const Duration calm_delay = b.decide(key(i), 0).delay;
    EXPECT_TRUE(delay == calm_delay || delay == calm_delay + 7_ms);
    compared += delay == calm_delay;
  }
  EXPECT_GT(compared, 800);
}

TEST(Network, RatesAreWhatTheySay) {
  const Network network(stormy(), 3, 5);
  int lost = 0, duplicated = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const Fate fate = network.decide(key(i), 0);
    lost += fate.lost;
    duplicated += fate.duplicated;
  }
  EXPECT_NEAR(lost, 10'000, 500);
  EXPECT_NEAR(duplicated, 10'000, 500);
}

TEST(Network, AnOverlayTouchesOnlyItsNodesAndItsMessages) {
  Network network(stormy(), 1, 5);
  const Network before = network;
  const std::uint32_t id = network.add_overlay({.stream = 9,
                                                .kind = Overlay::Kind::kLoss,
                                                .chance = Probability::percent(100),
                                                .only = 77,
                                                .nodes = {false, true}});
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const bool meant = key(i).from == NodeId{1} || key(i).to == NodeId{1};
    EXPECT_TRUE(same(network.decide(key(i), 78), before.decide(key(i), 78)));
    if (meant) {
      EXPECT_TRUE(network.decide(key(i), 77).lost);
    } else {
      EXPECT_TRUE(same(network.decide(key(i), 77), before.decide(key(i), 77)));
    }
  }
  network.remove(id);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_TRUE(same(network.decide(key(i), 77), before.decide(key(i), 77)));
  }
}

TEST(Network, ClientsAreSparedUnlessNamed) {
  Network network(NetworkConfig{}, 1, 2);
  Overlay all{.stream = 1,
              .kind = Overlay::Kind::kLoss,
              .chance = Probability::percent(100),
              .nodes = {false, true, true}};
  const MessageKey from_client{NodeId{3}, NodeId{1}, Time{}, 0};
  network.add_overlay(all);
  EXPECT_FALSE(network.decide(from_client, 0).lost);
  all.spares_clients = false;
  network.add_overlay(all);
  EXPECT_TRUE(network.decide(from_client, 0).lost);
}

TEST(Network, OnALineACutInTheMiddleCutsTheEnds) {
  NetworkConfig config;
  config.latency = Latency::constant(2_ms);
  config.topology.kind = TopologyKind::kLine;
  Network network(config, 1, 4);
  EXPECT_EQ(network.decide({NodeId{1}, NodeId{4}, Time{}, 0}, 0).delay, 6_ms) << "three hops";
  Cut cut;
  cut.class_of = {0, 0, 0, 1, 2};
  cut.classes = 3;
  cut.blocked = {false, false, false, false, false, true, false, true, false};
  const std::uint32_t id = network.add_cut(cut);
  EXPECT_TRUE(network.is_cut(NodeId{1}, NodeId{4}));
  EXPECT_TRUE(network.is_cut(NodeId{3}, NodeId{4}));
  EXPECT_FALSE(network.is_cut(NodeId{1}, NodeId{3}));
  EXPECT_FALSE(network.is_cut(NodeId{5}, NodeId{4})) << "a client";
  network.remove(id);
  EXPECT_FALSE(network.is_cut(NodeId{1}, NodeId{4}));
}

TEST(Network, OnARingACutReroutes) {
  NetworkConfig config;
  config.latency = Latency::constant(2_ms);
  config.topology.kind = TopologyKind::kRing;
  Network network(config, 1, 5);
  Cut cut;
  cut.class_of = {0, 1, 2};
  cut.classes = 3;
  cut.blocked = {false, false, false, false, false, true, false, true, false};
  network.add_cut(cut);
  EXPECT_FALSE(network.is_cut(NodeId{1}, NodeId{2}));
  EXPECT_EQ(network.decide({NodeId{1}, NodeId{2}, Time{}, 0}, 0).delay, 8_ms) << "the other way";
}

}  // namespace
}  // namespace seedbed
