// What uplinks, streams and unchecked corruption do to real messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/chaos/partition.h"
#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::Probe;
using testing::ProbeWorld;

Probe::Scripts senders() {
  Probe::Scripts scripts;
  for (std::uint64_t i = 0; i < 40; ++i) {
    scripts.push_back([i](Probe&, Context& ctx) { ctx.send(NodeId{2}, testing::Ping{i}); });
  }
  return scripts;
}

WorldConfig config_with(NetworkConfig network) {
  WorldConfig config = ProbeWorld::calm();
  config.network = std::move(network);
  return config;
}

NetworkConfig fifo() {
  NetworkConfig network;
  network.latency = Latency::uniform({1_ms, 50_ms});
  network.streams = StreamConfig{};
  return network;
}

std::vector<std::string> pings(std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> all = {"start"};
  for (std::uint64_t i = from; i < to; ++i) all.push_back(fmt::format("ping {} from n1", i));
  return all;
}

TEST(Stream, KeepsTheOrderWhateverTheWeather) {
  NetworkConfig network = fifo();
  network.loss = Probability::percent(30);
  network.duplicate = Probability::percent(30);
  network.reorder = {Probability::percent(30), 80_ms};
  network.corrupt = Probability::percent(10);
  for (const TieBreak ties : {TieBreak::kFifo, TieBreak::kRandom}) {
    WorldConfig config = config_with(network);
    config.tie_break = ties;
    ProbeWorld w(2, senders(), config);
    for (std::uint32_t i = 0; i < 40; ++i) {
      w.act(1, i);
      w.run_for(1_ms);
    }
    w.run_for(60_s);
    EXPECT_EQ(w.probe(2).whats(), pings(0, 40)) << "all of them, once, in order";
    EXPECT_EQ(w.world.messages().delivered, 40U);
    EXPECT_EQ(w.world.messages().lost, 0U);
  }
}

TEST(Stream, ALostMessageHoldsUpWhatIsBehindIt) {
  NetworkConfig network;
  network.latency = Latency::constant(1_ms);
  network.loss = Probability::percent(50);
  network.streams = StreamConfig{};
  ProbeWorld w(2, senders(), config_with(network));
  for (std::uint32_t i = 0; i < 40; ++i) w.act(1, i), w.run_for(0_ms);
  w.run_for(60_s);
  const auto& seen = w.probe(2).seen;
  ASSERT_EQ(seen.size(), 41U);
  EXPECT_GE(seen.back().at - seen.front().at, 201_ms);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    // Sent at once, they arrive after 1 ms and 0, 200, 600, 1400, ... ms of timeouts.
    const std::int64_t waited = (seen[i].at - seen[0].at - 1_ms).count() / 200'000'000;
    EXPECT_EQ((seen[i].at - seen[0].at - 1_ms).count() % 200'000'000, 0);
    EXPECT_EQ((waited + 1) & waited, 0) << waited << ": a power of two less one";
  }
}

TEST(Stream, SurvivesAShortCutAndIsResetByALongOne) {
  NetworkConfig network;
  network.latency = Latency::constant(1_ms);
  network.streams = StreamConfig{};
  ProbeWorld w(3, senders(), config_with(network));
  const auto cut_for = [&](Duration span) {
    const std::uint32_t id = w.world.network().add_cut(cut_apart({NodeId{1}, NodeId{2}}));
    for (std::uint32_t i = 0; i < 5; ++i) w.act(1, i), w.run_for(1_ms);
    w.run_for(span);
    w.world.network().remove(id);
  };
  cut_for(3_s);
  w.run_for(10_s);
  EXPECT_EQ(w.probe(2).whats(), pings(0, 5)) << "sent again until the cut was over";
  EXPECT_EQ(w.world.messages().cut, 0U);
  cut_for(11_s);
  w.run_for(20_s);
  EXPECT_EQ(w.probe(2).whats().size(), 6U) << "all that was in flight is lost";
  EXPECT_EQ(w.world.messages().cut, 5U);
  w.act(1, 7);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(2).whats().back(), "ping 7 from n1") << "a new connection";
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(Stream, ACrashOfEitherEndResetsIt) {
  for (const std::uint32_t victim : {1U, 2U}) {
    ProbeWorld w(2, senders(), config_with(fifo()));
    for (std::uint32_t i = 0; i < 10; ++i) w.act(1, i), w.run_for(0_ms);
    w.world.crash(NodeId{victim}, {});
    w.world.restart(NodeId{victim});
    w.run_for(1_s);
    EXPECT_EQ(w.probe(2).whats(), pings(0, 0)) << "n" << victim;
    EXPECT_EQ(w.world.messages().cut, 10U);
    w.act(1, 12);
    w.run_for(1_s);
    EXPECT_EQ(w.probe(2).whats().back(), "ping 12 from n1");
    EXPECT_EQ(w.world.living_payloads(), 0U);
  }
}

TEST(Stream, GivesUpInTheEnd) {
  NetworkConfig network = fifo();
  network.loss = Probability::percent(100);
  ProbeWorld w(2, senders(), config_with(network));
  for (std::uint32_t i = 0; i < 3; ++i) w.act(1, i);
  w.run_for(60_s);
  EXPECT_EQ(w.world.messages().delivered, 0U);
  EXPECT_EQ(w.world.messages().lost, 3U);
  EXPECT_EQ(w.world.messages().cut, 0U);
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(Stream, ACopyOfTheWorldContinuesTheSame) {
  NetworkConfig network = fifo();
  network.loss = Probability::percent(30);
  ProbeWorld w(2, senders(), config_with(network));
  for (std::uint32_t i = 0; i < 20; ++i) w.act(1, i), w.run_for(0_ms);
  w.run_for(20_ms);
  ProbeWorld copy = w;
  w.run_for(60_s);
  copy.run_for(60_s);
  EXPECT_EQ(w.probe(2).seen, copy.probe(2).seen);
  EXPECT_EQ(w.world.digest(), copy.world.digest());
}

TEST(Uplink, AFullQueueDropsWhatComesLast) {
  NetworkConfig network;
  network.latency = Latency::constant(1_ms);
  network.bandwidth = 64'000;  // 8 bytes, one ping, in a millisecond
  network.queue = 24;
  ProbeWorld w(2, senders(), config_with(network));
  for (std::uint32_t i = 0; i < 10; ++i) w.act(1, i), w.run_for(0_ms);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(2).whats(), pings(0, 3));
  EXPECT_EQ(w.world.messages().lost, 7U);
  EXPECT_EQ(w.probe(2).seen.back().at, Time{} + 4_ms) << "three transmissions and the way";
  w.act(1, 20);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(2).whats().back(), "ping 20 from n1") << "there is room again";
}

// --- corruption

struct Bare {
  static constexpr auto kName = "Bare";
  static constexpr bool kChecksum = false;
  std::uint64_t number = 0;
  std::string text;
  std::vector<std::uint32_t> list;
  constexpr void describe(auto& d) const { d("number", number)("text", text)("list", list); }
};
struct Go {
  static constexpr auto kName = "Go";
  std::uint64_t unused = 0;
  constexpr void describe(auto& d) const { d("unused", unused); }
};

class Receiver : public Process<Receiver, Bare, Go> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context&, const Envelope&, const Bare& m) { got.push_back(m); }
  void on(Context& ctx, const Go&) { ctx.broadcast(Bare{5, "hello", {1, 2, 3}}); }
  std::vector<Bare> got;
};

int bits_apart(const Bare& a, const Bare& b) {
  int bits = std::popcount(a.number ^ b.number);
  for (std::size_t i = 0; i < a.text.size(); ++i) {
    bits += std::popcount(static_cast<unsigned char>(a.text[i] ^ b.text.at(i)));
  }
  for (std::size_t i = 0; i < a.list.size(); ++i) bits += std::popcount(a.list[i] ^ b.list.at(i));
  return bits;
}

TEST(Corruption, WithoutAChecksumOneBitFlipsForOneReceiver) {
  WorldConfig config = ProbeWorld::calm();
  config.network.corrupt = Probability::percent(30);
  World world(config, 5);
  const auto prototype = std::make_shared<const Receiver>();
  for (int i = 0; i < 5; ++i) world.add_node({prototype});
  const auto run_dry = [&] {
    while (world.step()) {
    }
  };
  run_dry();
  for (int i = 0; i < 100; ++i) {
    world.inject(NodeId{1}, {}, Go{});
    run_dry();
  }
  int flipped = 0, whole = 0;
  for (std::uint32_t id = 2; id <= 5; ++id) {
    const auto& got = static_cast<const Receiver&>(*world.process({id})).got;
    EXPECT_EQ(got.size(), 100U) << "nothing is lost";
    for (const Bare& m : got) {
      const int bits = bits_apart(m, Bare{5, "hello", {1, 2, 3}});
      EXPECT_LE(bits, 1);
      (bits == 0 ? whole : flipped) += 1;
    }
  }
  EXPECT_NEAR(flipped, 120, 40);
  EXPECT_EQ(whole + flipped, 400);
  EXPECT_EQ(world.messages().lost, 0U);
  EXPECT_EQ(world.living_payloads(), 0U);
}

TEST(Corruption, WithAChecksumItIsALoss) {
  WorldConfig config = ProbeWorld::calm();
  config.network.corrupt = Probability::percent(100);
  ProbeWorld w(2, senders(), config);
  for (std::uint32_t i = 0; i < 10; ++i) w.act(1, i);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(2).whats(), pings(0, 0));
  EXPECT_EQ(w.world.messages().lost, 10U);
}

TEST(Corruption, EveryBitCanFlipAndNoOtherDoes) {
  const Bare whole{0, "ab", {7}};
  std::set<std::string> seen;
  Rng rng{1};
  for (int i = 0; i < 4000; ++i) {
    Bare m = whole;
    ASSERT_TRUE(flip_bit(m, rng.next()));
    ASSERT_EQ(bits_apart(whole, m), 1);
    seen.insert(to_text(m));
  }
  EXPECT_EQ(seen.size(), 64U + 16U + 32U);
}

}  // namespace
}  // namespace seedbed
