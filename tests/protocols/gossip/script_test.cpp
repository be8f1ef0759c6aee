// The arguments of the paper as scripts: testdata/*.txt, text in, text out. No cycle begins by
// itself: `cycle 1` lets n1's begin, `compare 1` its anti-entropy.
#include <gtest/gtest.h>

#include "protocols/gossip/gossiper.h"
#include "tests/support/script_files.h"

namespace seedbed::gossip {
namespace {

/// What it has (a cross: a death certificate; in brackets: a dormant one), and what is hot.
std::string describe(const World& world, NodeId n) {
  const auto* site = static_cast<const Gossiper*>(world.process(n));
  if (site == nullptr) return "down";
  std::string text = "has";
  for (const auto& [value, item] : site->items()) {
    const std::string one = fmt::format("{}{}", value, item.dead ? "x" : "");
    text += item.dormant ? fmt::format(" [{}]", one) : " " + one;
  }
  text += " hot";
  for (const Rumour& r : site->hot()) text += fmt::format(" {}:{}", r.value, r.counter);
  return text;
}

void ask(World& world, NodeId n, broadcast::Function function, Value value) {
  world.inject(n, {}, broadcast::Request{{NodeId{world.nodes()}, value}, function, value});
}

testing::Script make_script() {
  constexpr std::int64_t kHour = (3'600'000_ms).count();
  const auto next = [](const World& w, NodeId n) {
    return static_cast<const Gossiper*>(w.process(n))->items().size() + 1;
  };
  return testing::Script(
      *find_protocol("gossip"),
      {{"cycle", {kHour, 0}}, {"anti_entropy", {kHour, 0}}, {"in_step", {1, 0}}},
      {{"broadcast",
        [next](World& w, NodeId n) { ask(w, n, broadcast::Function::kBroadcast, next(w, n)); }},
       {"retract_1", [](World& w, NodeId n) { ask(w, n, broadcast::Function::kRetract, 1); }},
       {"cycle", [](World& w, NodeId n) { w.inject(n, {}, NextCycle{}); }},
       {"compare", [](World& w, NodeId n) { w.inject(n, {}, NextResolution{}); }}},
      describe);
}

class GossipScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(GossipScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Gossip, GossipScripts,
                         ::testing::ValuesIn(testing::script_files("gossip")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

}  // namespace
}  // namespace seedbed::gossip
