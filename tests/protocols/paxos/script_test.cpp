// The arguments of the papers as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/paxos/replica.h"
#include "tests/support/script_files.h"

namespace seedbed::paxos {
namespace {

/// What a replica that is down will find when it comes back.
std::string describe_disk(const Recovered& disk) {
  std::string text = "down; on disk:";
  if (const auto* state = disk.saved<AcceptorState>()) {
    text += " promised=" + brief_text(state->promised);
  }
  if (const auto* snapshot = disk.saved<Snapshot>()) {
    text += fmt::format(" snapshot={}", snapshot->slot);
  }
  const auto journal = disk.log<Proposal>();
  text += " journal=[";
  for (auto i = journal.first_index(); i <= journal.last_index(); ++i) {
    text += (i > journal.first_index() ? "; " : "") + brief_text(journal[i]);
  }
  return text + "]";
}

std::string describe(const World& world, NodeId n) {
  const auto* replica = static_cast<const Replica*>(world.process(n));
  if (replica == nullptr) return describe_disk(world.durable(n));
  std::string text = fmt::format("{:<9} promised={} chosen={} log=[", replica->role(),
                                 brief_text(replica->promised()), replica->chosen());
  const SharedLog<Proposal>& log = replica->log();
  if (log.first_index() > 1) text += fmt::format("..{}", log.first_index() - 1);
  for (Slot slot = log.first_index(); slot <= log.last_index(); ++slot) {
    text += (slot > 1 ? "; " : "") + brief_text(log[slot]);
  }
  return text + "]";
}

testing::Script make_script() {
  constexpr std::int64_t kHourInNs = kHour.count();
  return testing::Script(
      *find_protocol("paxos"),
      {{"election_timeout", {kHourInNs, kHourInNs}}, {"heartbeat", {kHourInNs - 1, 0}}},
      {{"timeout", [](World& w, NodeId n) { w.inject(n, {}, ElectionTimeout{}); }},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, HeartbeatTimeout{}); }}},
      describe);
}

class PaxosScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(PaxosScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Paxos, PaxosScripts, ::testing::ValuesIn(testing::script_files("paxos")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(PaxosScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("paxos"));
}

TEST(PaxosScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("paxos"));
}

/// The published counts (Lamport 2001; Kirsch and Amir 2008): 2(n-1) for phase 1, once, and 2(n-1)
/// for each decree, of which the next message tells that it is chosen. Beside them are the new
/// leader's first heartbeat, and what a client sends and is sent.
TEST(PaxosMessageCounts, AreThePublishedOnes) {
  for (const std::uint64_t n : {3U, 5U, 7U}) {
    testing::Script script = make_script();
    const auto sent_by = [&](const std::string& command) {
      const std::uint64_t before = script.world().messages().sent;
      script.run(command);
      script.run("stabilize");
      return script.world().messages().sent - before;
    };
    script.run(fmt::format("cluster {}", n));
    script.run("stabilize");
    EXPECT_EQ(sent_by("timeout 1"), 3 * (n - 1)) << n;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(sent_by("propose 1 7 1"), 2 * (n - 1) + 2) << n;
  }
}

}  // namespace
}  // namespace seedbed::paxos
