// Single messages, decided by hand.
#include <gtest/gtest.h>

#include "sim/world/network.h"

namespace seedbed {
namespace {

constexpr NodeId n1{1}, n2{2};
const MessageKey kMessage{n1, n2, Time{} + 1_s, 3};
const std::uint64_t kName = hash_text("Ping");

Fate fate_with(std::vector<Decision> decisions, const MessageKey& key = kMessage,
               std::uint64_t name = kName) {
  NetworkConfig config;
  config.latency = Latency::constant(2_ms);
  config.decisions = sorted(std::move(decisions));
  return Network(config, 1, 2).decide(key, name);
}

TEST(Decision, LosesDelaysAndDuplicates) {
  using Kind = Decision::Kind;
  EXPECT_TRUE(fate_with({{Kind::kLose, kMessage, "Ping", {}}}).lost);
  EXPECT_EQ(fate_with({{Kind::kDelay, kMessage, "Ping", 5_ms}}).delay, 7_ms);
  const Fate twice = fate_with(
      {{Kind::kDuplicate, kMessage, "Ping", 10_ms}, {Kind::kDelay, kMessage, "Ping", 5_ms}});
  EXPECT_TRUE(twice.duplicated);
  EXPECT_EQ(twice.delay, 7_ms);
  EXPECT_EQ(twice.duplicate_delay, 12_ms) << "counted from the weather's delay";
}

TEST(Decision, IsAboutThatMessageAlone) {
  const std::vector<Decision> lost = {{Decision::Kind::kLose, kMessage, "Ping", {}}};
  MessageKey other = kMessage;
  other.nth = 4;
  EXPECT_FALSE(fate_with(lost, other).lost);
  other = kMessage;
  other.sent += 1_ns;
  EXPECT_FALSE(fate_with(lost, other).lost);
  EXPECT_FALSE(fate_with(lost, kMessage, hash_text("Pong")).lost) << "it has another name";
  EXPECT_FALSE(fate_with({{Decision::Kind::kLose, {n2, n1, kMessage.sent, 3}, "Ping", {}}}).lost);
}

TEST(Decision, ANetworkWithAnyIsNotCalm) {
  NetworkConfig config;
  EXPECT_TRUE(Network(config, 1, 2).is_calm());
  config.decisions = sorted({{Decision::Kind::kLose, kMessage, "Ping", {}}});
  EXPECT_FALSE(Network(config, 1, 2).is_calm());
}

}  // namespace
}  // namespace seedbed
