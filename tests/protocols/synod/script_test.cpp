// The arguments of the papers as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/synod/replica.h"
#include "tests/support/scenarios.h"
#include "tests/support/script_files.h"

namespace seedbed::synod {
namespace {

/// The instances that are not decided, as an acceptor's journal has them.
std::string describe_open(const SharedLog<Ballot>& journal, Slot chosen) {
  FlatMap<Slot, Ballot> open;
  for (auto i = journal.first_index(); i <= journal.last_index(); ++i) {
    if (journal[i].slot > chosen) open[journal[i].slot] = journal[i];
  }
  std::string text;
  for (const auto& [slot, ballot] : open) {
    text += fmt::format(" {}: promised {}", slot, brief_text(ballot.promised));
    if (ballot.voted == kNone) continue;
    text += fmt::format(", accepted {} in {}", brief_text(ballot.decree), brief_text(ballot.voted));
  }
  return text;
}

std::string describe_log(const SharedLog<Decree>& log) {
  std::string text = "chosen=[";
  for (Slot slot = 1; slot <= log.last_index(); ++slot) {
    text += (slot > 1 ? "; " : "") + brief_text(log[slot]);
  }
  return text + "]";
}

std::string describe(const World& world, NodeId n) {
  const auto* replica = static_cast<const Replica*>(world.process(n));
  if (replica == nullptr) {
    const Recovered disk = world.durable(n);
    const auto log = disk.log<Decree>();
    return "down; on disk: " + describe_log(log) +
           describe_open(disk.log<Ballot>(), log.last_index());
  }
  return fmt::format("{:<8} {}{}", replica->role(), describe_log(replica->log()),
                     describe_open(replica->journal(), replica->chosen()));
}

constexpr std::int64_t kHourInNs = kHour.count();

testing::Script make_script() {
  return testing::Script(
      *find_protocol("synod"),
      {{"election_timeout", {kHourInNs, kHourInNs}}, {"heartbeat", {kHourInNs - 1, 0}}},
      {{"timeout", [](World& w, NodeId n) { w.inject(n, {}, ElectionTimeout{}); }},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, HeartbeatTimeout{}); }}},
      describe);
}

class SynodScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(SynodScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Synod, SynodScripts, ::testing::ValuesIn(testing::script_files("synod")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(SynodScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("synod"));
}

TEST(SynodScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("synod"));
}

/// The published count (Lamport 2001): 4(n-1) for the two phases, and n-1 to tell the learners;
/// beside them is what the client sends and is sent.
TEST(SynodMessageCounts, AreThePublishedOnes) {
  for (const std::uint64_t n : {3U, 5U, 7U}) {
    testing::Script script = make_script();
    script.run(fmt::format("cluster {}", n));
    script.run("timeout 1");
    script.run("stabilize");
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t before = script.world().messages().sent;
      script.run("propose 1 7 1");
      script.run("stabilize");
      EXPECT_EQ(script.world().messages().sent - before, 4 * (n - 1) + (n - 1) + 2) << n;
    }
  }
}

/// Six one-way delays from client to client, of 1 ms each, if disks take no time.
TEST(SynodMessageCounts, ADecreeTakesSixDelays) {
  testing::Script script = make_script();
  script.run("cluster 5 sync=0ms..0ms");
  script.run("timeout 1");
  script.run("stabilize");
  script.run("propose 1 7 1");
  EXPECT_EQ(script.run("run 5999us").find("Reply"), std::string::npos);
  EXPECT_NE(script.run("run 1us").find("Reply n6#0 done"), std::string::npos);
}

// --- the fast round

struct Go {
  static constexpr auto kName = "Go";
  constexpr void describe(auto&) const {}
};

/// A client that is its own proposer, as in the paper: it asks all acceptors.
class ProposingClient : public Process<ProposingClient, Go, kv::Reply> {
 public:
  explicit ProposingClient(std::uint32_t acceptors) : acceptors_(acceptors) {}
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const Go&) {
    const kv::Request request{.id = {ctx.self(), 0}, .command = {kv::Function::kWrite, 7, 1}};
    asked_ = ctx.true_now();
    for (std::uint32_t id = 1; id <= acceptors_; ++id) ctx.send(NodeId{id}, Propose{request});
  }
  void on(Context& ctx, const Envelope&, const kv::Reply& m) {
    if (m.outcome == kv::Outcome::kDone && replies_++ == 0) took_ = ctx.true_now() - asked_;
  }
  Duration took() const { return took_; }
  std::uint32_t replies() const { return replies_; }

 private:
  std::uint32_t acceptors_;
  Time asked_;
  Duration took_;
  std::uint32_t replies_ = 0;
};

std::shared_ptr<Scenario> fast_scenario(std::uint32_t acceptors) {
  auto scenario = testing::quiet(*find_protocol("synod"), acceptors);
  const std::map<std::string_view, Value> parameters = {
      {"election_timeout", {kHourInNs, kHourInNs}},
      {"heartbeat", {kHourInNs, 0}},
      {"fast", {1, 0}}};
  for (std::size_t i = 0; i < scenario->parameters.size(); ++i) {
    const auto set = parameters.find(scenario->protocol->parameters[i].name);
    if (set != parameters.end()) scenario->parameters[i] = set->second;
  }
  scenario->world.network.latency = Latency::constant(1_ms);
  scenario->world.disk.sync = {};
  return scenario;
}

/// The published counts (Lamport 2006): n proposals; n votes for each learner, of which it casts
/// one itself; three delays. Every learner answers.
TEST(FastPaxosMessageCounts, AreThePublishedOnes) {
  for (const std::uint32_t n : {3U, 5U, 7U}) {
    seedbed::Run run(fast_scenario(n));
    const NodeId client = run.world().add_node({std::make_shared<const ProposingClient>(n)});
    const auto run_until = [&](Time until) {
      while (run.world().next_event_at() <= until && run.step()) {
      }
    };
    run_until(Time{});
    run.world().inject(client, {}, Go{});
    run_until(Time{} + 1_s);
    const auto* asked = static_cast<const ProposingClient*>(run.world().process(client));
    EXPECT_EQ(asked->took(), 3_ms) << n;
    EXPECT_EQ(asked->replies(), n);
    EXPECT_EQ(run.world().messages().sent, n + n * (n - 1) + n) << n;
  }
}

/// Any two fast quorums and any majority have an acceptor in common, and smaller ones need not.
TEST(FastPaxosQuorums, AreTheSmallestThatMeet) {
  for (std::uint32_t n = 1; n <= 64; ++n) {
    const Quorums quorums = Quorums::of(n);
    EXPECT_LE(quorums.fast, n);
    EXPECT_GT(quorums.classic + 2 * quorums.fast, 2 * n) << n;
    EXPECT_LE(quorums.classic + 2 * (quorums.fast - 1), 2 * n) << n;
  }
}

}  // namespace
}  // namespace seedbed::synod
