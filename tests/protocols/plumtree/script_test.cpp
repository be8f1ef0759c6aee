// The arguments of the papers as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/plumtree/peer.h"
#include "tests/support/script_files.h"

namespace seedbed::plumtree {
namespace {

/// Its links (a tilde: lazy), who it knows besides, and what it has received after how many hops.
std::string describe(const World& world, NodeId n) {
  const auto* peer = static_cast<const Peer*>(world.process(n));
  if (peer == nullptr) return "down";
  std::string text = "links";
  for (const Link& l : peer->views().active()) {
    text += fmt::format(" {}n{}", l.eager ? "" : "~", l.node.value);
  }
  if (!peer->views().passive().empty()) text += " knows";
  for (const NodeId other : peer->views().passive()) text += fmt::format(" n{}", other.value);
  text += " has";
  for (const auto& [value, received] : peer->received()) {
    text += fmt::format(" {}({})", value, received.round);
  }
  return text;
}

testing::Script make_script() {
  constexpr std::int64_t kHour = (3'600'000_ms).count();
  constexpr std::int64_t kSoon = (20_ms).count();
  const auto broadcast = [](World& w, NodeId n) {
    const Value value = static_cast<const Peer*>(w.process(n))->received().size() + 1;
    w.inject(
        n, {},
        broadcast::Request{{NodeId{w.nodes()}, value}, broadcast::Function::kBroadcast, value});
  };
  return testing::Script(
      *find_protocol("plumtree"),
      {{"heartbeat", {kHour, 0}},
       {"suspect", {(1'000_ms).count(), 0}},
       {"shuffle", {kHour, 0}},
       {"recovery", {0, 0}},
       {"graft_after", {kSoon, 0}},
       {"graft_again", {kSoon, 0}}},
      {{"broadcast", broadcast},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, NextHeartbeat{}); }},
       {"shuffle", [](World& w, NodeId n) { w.inject(n, {}, NextShuffle{}); }},
       {"recover", [](World& w, NodeId n) { w.inject(n, {}, NextRecovery{}); }}},
      describe);
}

class PlumtreeScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(PlumtreeScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Plumtree, PlumtreeScripts,
                         ::testing::ValuesIn(testing::script_files("plumtree")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

}  // namespace
}  // namespace seedbed::plumtree
