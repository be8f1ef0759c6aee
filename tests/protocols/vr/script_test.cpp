// The arguments of the papers as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/vr/replica.h"
#include "tests/support/script_files.h"

namespace seedbed::vr {
namespace {

/// What a replica that is down will find when it comes back: next to nothing.
std::string describe_disk(const Recovered& disk) {
  const auto* life = disk.saved<Life>();
  return life == nullptr ? "down; on disk: nothing"
                         : fmt::format("down; on disk: life {}", life->nonce.life);
}

std::string describe(const World& world, NodeId n) {
  const auto* replica = static_cast<const Replica*>(world.process(n));
  if (replica == nullptr) return describe_disk(world.durable(n));
  std::string text = fmt::format("{:<11} view={} commit={} log=[", replica->role(), replica->view(),
                                 replica->commit());
  const SharedLog<Entry>& log = replica->log();
  if (log.first_index() > 1) text += fmt::format("..{}", log.first_index() - 1);
  for (Op op = log.first_index(); op <= log.last_index(); ++op) {
    text += (op > 1 ? "; " : "") + brief_text(log[op]);
  }
  return text + "]";
}

testing::Script make_script() {
  constexpr std::int64_t kHourInNs = kHour.count();
  return testing::Script(
      *find_protocol("vr"),
      {{"view_change_timeout", {kHourInNs, kHourInNs}}, {"heartbeat", {kHourInNs - 1, 0}}},
      {{"timeout", [](World& w, NodeId n) { w.inject(n, {}, ViewChangeTimeout{}); }},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, HeartbeatTimeout{}); }}},
      describe);
}

class VrScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(VrScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Vr, VrScripts, ::testing::ValuesIn(testing::script_files("vr")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(VrScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("vr"));
}

TEST(VrScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("vr"));
}

/// The published count (Liskov and Cowling 2012, section 4.1): 2(n-1) for each operation, of which
/// the next message tells that it is committed. Beside them is what a client sends and is sent.
TEST(VrMessageCounts, AreThePublishedOnes) {
  for (const std::uint64_t n : {3U, 5U, 7U}) {
    testing::Script script = make_script();
    script.run(fmt::format("cluster {}", n));
    script.run("stabilize");
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t before = script.world().messages().sent;
      script.run("propose 1 7 1");
      script.run("stabilize");
      EXPECT_EQ(script.world().messages().sent - before, 2 * (n - 1) + 2) << n;
    }
  }
}

/// Four one-way delays from client to client, of 1 ms each.
TEST(VrMessageCounts, AnOperationTakesFourDelays) {
  testing::Script script = make_script();
  script.run("cluster 5");
  script.run("stabilize");
  script.run("propose 1 7 1");
  EXPECT_EQ(script.run("run 3999us").find("Reply"), std::string::npos);
  EXPECT_NE(script.run("run 1us").find("Reply n6#0 done"), std::string::npos);
}

}  // namespace
}  // namespace seedbed::vr
