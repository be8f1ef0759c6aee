// Each law of the weather against what it promises: 10^6 draws, within four standard errors, from
// fixed seeds; and a digest of those draws that every compiler must find.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/world/network.h"

namespace seedbed {
namespace {

constexpr int kDraws = 1'000'000;

double share(int hits) { return static_cast<double>(hits) / kDraws; }
double error_of(double p) { return std::sqrt(p * (1 - p) / kDraws); }

/// Messages of one link, 10 us apart.
MessageKey message(int i) { return {NodeId{1}, NodeId{2}, Time{} + 10_us * i, 0}; }

template <class Each>
std::uint64_t draw_all(const NetworkConfig& config, Each each) {
  const Network network(config, 7, 2);
  std::uint64_t digest = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Fate fate = network.decide(message(i), 0);
    each(fate);
    const std::uint64_t flags =
        (fate.lost ? 1U : 0U) | (fate.duplicated ? 2U : 0U) | (fate.corrupted ? 4U : 0U);
    digest = fold(digest + kGolden, flags);
    digest = fold(digest, static_cast<std::uint64_t>(fate.delay.count()));
    digest = fold(digest, static_cast<std::uint64_t>(fate.duplicate_delay.count()));
  }
  return digest;
}

NetworkConfig calm() {
  NetworkConfig config;
  config.latency = Latency::constant(1_ms);
  return config;
}

/// A million draws of each law: their digests, whatever the compiler and its options.
TEST(Weather, GoldenDigestsOfAMillionDraws) {
  const std::pair<Latency, std::uint64_t> laws[] = {
      {Latency::constant(5_ms), 0x839ee8c9b36bb646},
      {Latency::uniform({1_ms, 5_ms}), 0x81d4c8894e7b72cf},
      {Latency::exponential(5_ms), 0xcfac1683d3983c01},
      {Latency::lognormal(1_ms, 12_ms), 0x3b354a43b049cad3},
      {Latency::pareto(1_ms, 1.5), 0x6249b84c0a4f44b4},
      {Latency::samples({9_ms, 1_ms, 2_ms, 1_ms}), 0x2584d2420f709a83},
  };
  for (const auto& [law, golden] : laws) {
    NetworkConfig config;
    config.latency = law;
    const std::uint64_t digest = draw_all(config, [](const Fate&) {});
    EXPECT_EQ(digest, golden) << law.text() << fmt::format(": {:#018x}", digest);
  }
}

TEST(Weather, IndependentLoss) {
  NetworkConfig config = calm();
  config.loss = Probability{5'000'000};
  int lost = 0, twice = 0;
  bool last = false;
  const std::uint64_t digest = draw_all(config, [&](const Fate& fate) {
    lost += fate.lost;
    twice += fate.lost && last;
    last = fate.lost;
  });
  EXPECT_NEAR(share(lost), 0.005, 4 * error_of(0.005));
  EXPECT_NEAR(share(twice), 0.005 * 0.005, 4 * error_of(0.005 * 0.005)) << "no memory";
  EXPECT_EQ(digest, 0xccd3e15d4c6e4e85U) << fmt::format("{:#018x}", digest);
}

TEST(Weather, Duplication) {
  NetworkConfig config = calm();
  config.latency = Latency::uniform({1_ms, 5_ms});
  config.duplicate = Probability::percent(2);
  int duplicated = 0, later = 0;
  const std::uint64_t digest = draw_all(config, [&](const Fate& fate) {
    duplicated += fate.duplicated;
    later += fate.duplicated && fate.duplicate_delay > fate.delay;
  });
  EXPECT_NEAR(share(duplicated), 0.02, 4 * error_of(0.02));
  EXPECT_NEAR(share(later), 0.01, 4 * error_of(0.01)) << "the second has a latency of its own";
  EXPECT_EQ(digest, 0x49d6d25f5e211af8U) << fmt::format("{:#018x}", digest);
}

TEST(Weather, Reordering) {
  NetworkConfig config = calm();
  config.reorder = {Probability::percent(1), 10_ms};
  int held = 0, wrong = 0;
  const std::uint64_t digest = draw_all(config, [&](const Fate& fate) {
    held += fate.delay == 11_ms;
    wrong += fate.delay != 11_ms && fate.delay != 1_ms;
  });
  EXPECT_NEAR(share(held), 0.01, 4 * error_of(0.01));
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(digest, 0xd36f50f0dd45690eU) << fmt::format("{:#018x}", digest);
}

TEST(Weather, Corruption) {
  NetworkConfig config = calm();
  config.corrupt = Probability::percent(1);
  int corrupted = 0;
  const std::uint64_t digest =
      draw_all(config, [&](const Fate& fate) { corrupted += fate.corrupted; });
  EXPECT_NEAR(share(corrupted), 0.01, 4 * error_of(0.01));
  EXPECT_EQ(digest, 0xfa9b09e3d5ab6c93U) << fmt::format("{:#018x}", digest);
}

/// Gilbert and Elliott: bursts as long and as often as they should be. 10^6 samples a step apart
/// see some 20,000 bursts.
TEST(Weather, BurstsAreAsLongAndAsOftenAsTheyShouldBe) {
  const Bursts bursts{400_us, 100_us};
  int bad = 0, begun = 0, longer = 0, run = 0;
  double together = 0;
  bool last = false;
  std::uint64_t digest = 0;
  for (int i = 0; i < kDraws; ++i) {
    const bool now = bursts.bad_at(Time{} + 10_us * i, 99);
    digest = fold(digest + kGolden, now ? 1 : 0);
    bad += now;
    begun += now && !last;
    together += now && last ? 1 : 0;
    if (!now && last) longer += run >= 10;
    run = now ? run + 1 : 0;
    last = now;
  }
  // Ten steps of 10 us: a rate of 1/100us + 1/400us forgets all within a step with 1 - e^-0.125.
  const double forget = 1 - std::exp(-10.0 * (1.0 / 100 + 1.0 / 400));
  const double enter = 0.2 * forget, leave = 0.8 * forget;
  // A sum over a chain of correlation r has the variance of independent draws times (1+r)/(1-r).
  const double r = 1 - forget;
  EXPECT_NEAR(share(bad), 0.2, 4 * error_of(0.2) * std::sqrt((1 + r) / (1 - r)));
  EXPECT_NEAR(share(begun), 0.8 * enter, 4 * error_of(0.8 * enter));
  const double stays = together / (together + begun);
  EXPECT_NEAR(bad / static_cast<double>(begun), 1 / leave, 4 / leave / std::sqrt(begun))
      << "steps in a burst: geometric, so its deviation is about its mean";
  EXPECT_NEAR(stays, 1 - leave, 4 * std::sqrt(leave / bad));
  const double long_ones = std::pow(1 - leave, 9);
  EXPECT_NEAR(longer / static_cast<double>(begun), long_ones,
              4 * std::sqrt(long_ones * (1 - long_ones) / begun));
  EXPECT_EQ(digest, 0xb97c9b694085dc60U) << fmt::format("{:#018x}", digest);
}

TEST(Weather, AChainInStepsIsTheChainOfThePapers) {
  const Bursts bursts = Bursts::stepping(1_ms, Probability::percent(1), Probability::percent(25));
  int bad = 0, from_good = 0, from_bad = 0, entered = 0, left = 0;
  bool last = false;
  for (int i = 0; i < kDraws; ++i) {
    const bool now = bursts.bad_at(Time{} + 1_ms * i, 5);
    if (i > 0) {
      (last ? from_bad : from_good) += 1;
      entered += !last && now;
      left += last && !now;
    }
    bad += now;
    last = now;
  }
  const auto near = [](int hits, int of, double p) {
    EXPECT_NEAR(static_cast<double>(hits) / of, p, 4 * std::sqrt(p * (1 - p) / of));
  };
  near(entered, from_good, 0.01);
  near(left, from_bad, 0.25);
  EXPECT_NEAR(share(bad), 0.01 / 0.26, 4 * error_of(0.01 / 0.26) * std::sqrt(1.74 / 0.26));
}

TEST(Weather, LossInBurstsIsThatOfTheState) {
  NetworkConfig config = calm();
  config.loss = Probability::percent(1);
  config.loss.bursts = {900_us, 100_us};
  config.loss.burst_chance = Probability::percent(50);
  int lost = 0, pairs = 0;
  bool last = false;
  const std::uint64_t digest = draw_all(config, [&](const Fate& fate) {
    lost += fate.lost;
    pairs += fate.lost && last;
    last = fate.lost;
  });
  const double overall = 0.1 * 0.5 + 0.9 * 0.01;
  // Losses k steps apart have the covariance (0.5 - 0.01)^2 * 0.1 * 0.9 * r^k, so their sum has a
  // wider error than that of independent ones.
  const double r = std::exp(-10.0 * (1.0 / 900 + 1.0 / 100));
  const double together = 2 * 0.49 * 0.49 * 0.09 * r / (1 - r);
  const double wider = std::sqrt(1 + together / (overall * (1 - overall)));
  EXPECT_NEAR(share(lost), overall, 4 * error_of(overall) * wider);
  EXPECT_GT(share(pairs), 5 * overall * overall) << "losses come together";
  EXPECT_EQ(digest, 0x4cb8a5f7969fe0ccU) << fmt::format("{:#018x}", digest);
}

TEST(Weather, EachDirectionHasItsOwnBursts) {
  NetworkConfig config = calm();
  config.loss.bursts = {1_ms, 1_ms};
  config.loss.burst_chance = Probability::percent(100);
  const Network network(config, 7, 3);
  int differ = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Time t = Time{} + 1_ms * i;
    differ += network.decide({NodeId{1}, NodeId{2}, t, 0}, 0).lost !=
              network.decide({NodeId{2}, NodeId{1}, t, 0}, 0).lost;
  }
  EXPECT_NEAR(differ, 5000, 300);
}

/// Whatever else is sent, whenever it is asked: a fate stays what it was.
TEST(Weather, BurstsAreAFunctionOfTime) {
  const Bursts bursts{2_s, 50_ms};
  std::vector<bool> forth, back;
  for (int i = 0; i < 2000; ++i) forth.push_back(bursts.bad_at(Time{} + 7_ms * i, 3));
  for (int i = 1999; i >= 0; --i) back.push_back(bursts.bad_at(Time{} + 7_ms * i, 3));
  std::reverse(back.begin(), back.end());
  EXPECT_EQ(forth, back);
}

// --- links and regions

TEST(Links, WhatALinkSaysReplacesWhatTheNetworkSays) {
  NetworkConfig config = calm();
  config.loss = Probability::percent(100);
  LinkConfig link{.from = {false, true}, .to = {false, false, true}};
  link.latency = Latency::constant(50_ms);
  link.loss = Loss{};
  config.links = {link};
  const Network network(config, 1, 3);
  const Fate there = network.decide({NodeId{1}, NodeId{2}, Time{}, 0}, 0);
  EXPECT_EQ(there.delay, 50_ms);
  EXPECT_FALSE(there.lost);
  const Fate back = network.decide({NodeId{2}, NodeId{1}, Time{}, 0}, 0);
  EXPECT_EQ(back.delay, 1_ms) << "one way only";
  EXPECT_TRUE(back.lost);
  config.links[0].both_ways = true;
  const Network both(config, 1, 3);
  EXPECT_EQ(both.decide({NodeId{2}, NodeId{1}, Time{}, 0}, 0).delay, 50_ms);
}

TEST(Links, OnALineALinksLatencyIsThatOfItsEdge) {
  NetworkConfig config = calm();
  config.topology.kind = TopologyKind::kLine;
  LinkConfig link{.from = {false, false, true}, .to = {false, false, false, true}};
  link.latency = Latency::constant(50_ms);
  config.links = {link};
  const Network network(config, 1, 4);
  EXPECT_EQ(network.decide({NodeId{1}, NodeId{4}, Time{}, 0}, 0).delay, 52_ms);
  EXPECT_EQ(network.decide({NodeId{4}, NodeId{1}, Time{}, 0}, 0).delay, 3_ms);
}

TEST(Links, AnOverlayOfALinkHitsOneDirection) {
  Network network(calm(), 1, 3);
  network.add_overlay({.stream = 1,
                       .kind = Overlay::Kind::kCorrupt,
                       .chance = Probability::percent(100),
                       .nodes = {false, true},
                       .to = {false, false, true}});
  EXPECT_TRUE(network.decide({NodeId{1}, NodeId{2}, Time{}, 0}, 0).corrupted);
  EXPECT_FALSE(network.decide({NodeId{2}, NodeId{1}, Time{}, 0}, 0).corrupted);
  EXPECT_FALSE(network.decide({NodeId{1}, NodeId{3}, Time{}, 0}, 0).corrupted);
}

TEST(Links, RegionsAreAsFarApartAsTheMatrixSays) {
  auto regions = std::make_shared<Regions>();
  regions->places = {{"east", 2}, {"west", 1}};
  regions->latency = {std::nullopt, 40_ms, 45_ms, 300_us};
  regions->clients = 1;
  NetworkConfig config = calm();
  config.topology.kind = TopologyKind::kRegions;
  config.topology.regions = regions;
  EXPECT_EQ(config.topology.nodes(), 3U);
  const auto delay = [&](std::uint32_t a, std::uint32_t b) {
    return Network(config, 1, 3).decide({NodeId{a}, NodeId{b}, Time{}, 0}, 0).delay;
  };
  EXPECT_EQ(delay(1, 2), 1_ms) << "not measured: the network's";
  EXPECT_EQ(delay(1, 3), 40_ms);
  EXPECT_EQ(delay(3, 2), 45_ms);
  EXPECT_EQ(delay(4, 3), 300_us) << "a client in the west";
  EXPECT_EQ(delay(2, 4), 40_ms);
}

}  // namespace
}  // namespace seedbed
