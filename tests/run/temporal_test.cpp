// Temporal properties: each operator holds and fails, windows to the nanosecond, and what happens.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/formula_text.h"
#include "sim/world/context.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

using temporal::Formula;
using temporal::Operator;
using temporal::Property;

struct Tick {
  static constexpr auto kName = "Tick";
  bool yes = true;
  constexpr void describe(auto& d) const { d("yes", yes); }
};
struct Told {
  static constexpr auto kName = "Told";
  std::uint32_t level = 0;
  constexpr void describe(auto& d) const { d("level", level); }
};

/// Every server counts tenths of a second, exactly; from five on it is grown up. n1 tells the
/// others of each step.
class Counter : public Process<Counter, Tick, Told> {
 public:
  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const Tick&);
  void on(Context&, const Envelope&, const Told& m);
  std::string_view role() const override { return level_ < 5 ? "child" : "adult"; }
  std::uint64_t epoch() const override { return 7; }
  void describe(auto& d) const { d("level", level_)("heard", heard_)("leader", leader_); }

 private:
  std::uint32_t level_ = 0;
  std::uint32_t heard_ = 0;
  NodeId leader_;
};
void Counter::start(Context& ctx, const Recovered&) { ctx.after(100_ms, Tick{}); }
void Counter::on(Context& ctx, const Tick&) {
  ++level_;
  leader_ = {1};
  if (ctx.self() == NodeId{1}) {
    for (const NodeId peer : ctx.peers()) ctx.send(peer, Told{level_});
  }
  ctx.after(100_ms, Tick{});
}
void Counter::on(Context&, const Envelope&, const Told& m) { heard_ = m.level; }

constexpr std::array kRoles = {RoleInfo{"child", "children"}, RoleInfo{"adult", "adults"}};
constinit const Protocol kCounter = {
    .name = "counter",
    .roles = kRoles,
    .make = [](std::span<const Value>) -> std::unique_ptr<ProcessBase> {
      return std::make_unique<Counter>();
    },
};

Formula formula(std::string_view text, const Protocol& protocol = kCounter) {
  auto parsed = parse_formula(text, words_of_properties(protocol));
  EXPECT_TRUE(parsed.value) << parsed.error;
  return parsed.value.value_or(Formula{});
}
Property always(std::string_view what) { return {"p", Operator::kAlways, formula(what), {}, {}}; }
Property sometimes(std::string_view what) {
  return {"p", Operator::kSometimes, formula(what), {}, {}};
}
Property eventually(std::string_view what, Duration within) {
  return {"p", Operator::kEventually, formula(what), {}, within};
}
Property leads(std::string_view from, std::string_view to, Duration within) {
  return {"p", Operator::kLeadsTo, formula(to), formula(from), within};
}

/// Three counters for a second. n1 is down from 350 ms to 650 ms, if it crashes.
std::shared_ptr<Scenario> counters(std::vector<Property> properties, bool crash = false) {
  auto scenario = testing::quiet(kCounter, 3);
  scenario->duration = 1_s;
  scenario->settle = {};
  scenario->progress = false;
  scenario->properties = std::move(properties);
  if (crash) {
    ChaosEntry& entry = scenario->chaos.emplace_back();
    entry.at = Time{} + 350_ms;
    Fault& fault = entry.one_of.emplace_back();
    fault.info = &faults::kCrash;
    fault.lasts = Range<Duration>{300_ms, 300_ms};
    fault.who = {.kind = Selector::Kind::kNodes, .nodes = {NodeId{1}}, .role = ""};
  }
  return scenario;
}

CheckResult verdict_of(const std::shared_ptr<Scenario>& scenario, std::string_view name = "p") {
  seedbed::Run run(scenario);
  run.to_end();
  for (CheckResult& check : judge(run).checks) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}
CheckResult verdict_of(const Property& property, bool crash = false) {
  return verdict_of(counters({property}, crash));
}
bool passes(const Property& property, bool crash = false) {
  return verdict_of(property, crash).verdict == Verdict::kPass;
}
bool fails(const Property& property, bool crash = false) {
  return verdict_of(property, crash).verdict == Verdict::kFail;
}

TEST(Temporal, Always) {
  EXPECT_TRUE(passes(always("all(level <= 10)")));
  const CheckResult check = verdict_of(always("all(level < 5) and up <= 3"));
  ASSERT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.kind, "temporal");
  ASSERT_EQ(check.violations.size(), 1U);
  const Violation& v = check.violations[0];
  EXPECT_EQ(v.at, Time{} + 500_ms);
  EXPECT_EQ(v.message, "always all(level < 5): is false: n1 (level=5)");
  EXPECT_EQ(v.shape, "always all(level < #)");
  EXPECT_EQ(v.nodes, std::vector<NodeId>{{1}});
}

TEST(Temporal, AnInvariantStateIsToldOfOnceEachTimeItBreaks) {
  auto scenario = counters({always("not any(level == 2) and not any(level == 7)")});
  scenario->on_violation = OnViolation::kContinue;
  const CheckResult check = verdict_of(scenario);
  ASSERT_EQ(check.violations.size(), 2U);
  EXPECT_EQ(check.violations[0].at, Time{} + 200_ms);
  EXPECT_EQ(check.violations[1].at, Time{} + 700_ms);
  EXPECT_EQ(check.violations[0].fingerprint(), check.violations[1].fingerprint());
}

TEST(Temporal, Sometimes) {
  EXPECT_TRUE(passes(sometimes("any(level == 7)")));
  EXPECT_TRUE(passes(sometimes("count(level == 7) == 1")));  // the first that gets there
  const CheckResult check = verdict_of(sometimes("any(level == 700)"));
  ASSERT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.violations[0].at, Time{} + 1_s);
  EXPECT_EQ(check.violations[0].message.substr(0, 72),
            "sometimes any(level == 700): never held; at the end it is false: n1 (lev");
}

TEST(Temporal, EventuallyToTheNanosecond) {
  EXPECT_TRUE(passes(eventually("any(level == 5)", 500_ms)));
  EXPECT_TRUE(fails(eventually("any(level == 5)", 500_ms - 1_ns)));
  EXPECT_TRUE(fails(eventually("any(level == 50)", 1_s)));
  EXPECT_EQ(verdict_of(eventually("any(level == 50)", 1_s + 1_ns)).verdict, Verdict::kUnknown);
}

TEST(Temporal, LeadsToTheNanosecond) {
  EXPECT_TRUE(passes(leads("any(level == 3)", "any(level == 5)", 200_ms)));
  EXPECT_TRUE(passes(leads("any(level == 3)", "any(level == 3)", 0_ns)));  // at once
  EXPECT_TRUE(passes(
      leads("any(level == 3) and time < 350ms", "all(level == 3)", 0_ns)));  // in the same instant
  EXPECT_TRUE(passes(leads("any(level == 300)", "any(level == 500)", 0_ns)));
  const CheckResult check = verdict_of(leads("all(level == 3)", "any(level == 5)", 200_ms - 1_ns));
  ASSERT_EQ(check.verdict, Verdict::kFail);
  EXPECT_TRUE(check.violations[0].message.starts_with(
      "leads_to any(level == 5): did not follow until 0.499999s on all(level == 3) at 0.300000s"))
      << check.violations[0].message;
}

TEST(Temporal, AWindowThatTheEndCutsOffIsUnknown) {
  EXPECT_TRUE(fails(leads("all(level == 9)", "any(level == 50)", 100_ms)));
  const CheckResult check = verdict_of(leads("all(level == 9)", "any(level == 50)", 101_ms));
  EXPECT_EQ(check.verdict, Verdict::kUnknown);
  EXPECT_EQ(check.note,
            "the run ended at 1.000000s, before the window from 0.900000s to "
            "1.001000s closed");
}

TEST(Temporal, TheFirstTriggerCounts) {
  EXPECT_TRUE(fails(leads("any(level >= 3)", "any(level == 7)", 399_ms)));
  EXPECT_TRUE(passes(leads("any(level >= 3) and time <= 700ms", "any(level == 7)", 400_ms)));
}

TEST(Temporal, ARunThatStopsLeavesTheRestUndecided) {
  auto stopper = always("all(level < 5)");
  stopper.name = "stop";
  const auto with = [&](const Property& p) { return verdict_of(counters({stopper, p})).verdict; };
  EXPECT_EQ(with(sometimes("any(level == 7)")), Verdict::kUnknown);
  EXPECT_EQ(with(sometimes("any(level == 3)")), Verdict::kPass);
  EXPECT_EQ(with(eventually("any(level == 7)", 800_ms)), Verdict::kUnknown);
  EXPECT_EQ(with(leads("any(level == 4)", "any(level == 7)", 400_ms)), Verdict::kUnknown);
  EXPECT_EQ(with(leads("any(level == 4)", "any(level == 5)", 400_ms)), Verdict::kPass);
}

TEST(Temporal, WhoIsDownIsNotAsked) {
  EXPECT_TRUE(passes(sometimes("up == 2 and count(level >= 3) == 2"), true));
  EXPECT_TRUE(fails(sometimes("up == 2 and time > 0s")));
  EXPECT_TRUE(fails(always("time < 1ms or up == 3"), true));
  EXPECT_TRUE(passes(always("time < 1ms or up == 3")));
  EXPECT_TRUE(passes(always("count(level == 3) <= 3")));
}

TEST(Temporal, FaultsBeginAndEnd) {
  EXPECT_TRUE(passes(leads("fault crash", "over crash", 300_ms), true));
  EXPECT_TRUE(fails(leads("fault crash", "over crash", 299_ms), true));
  EXPECT_TRUE(passes(leads("over crash", "up == 3", 0_ns), true));
  EXPECT_TRUE(fails(sometimes("fault crash")));
  EXPECT_TRUE(fails(always("not fault crash"), true));
}

TEST(Temporal, RolesMessagesAndTimers) {
  EXPECT_TRUE(passes(sometimes("becomes adult")));
  EXPECT_TRUE(passes(always("not becomes adult or any(role == adult)")));
  EXPECT_TRUE(passes(leads("becomes adult", "all(role == adult and epoch == 7)", 0_ns)));
  EXPECT_TRUE(passes(always("not delivered Told or any(heard >= 1)")));
  EXPECT_TRUE(passes(leads("sent Told", "delivered Told or time > 900ms", 50_ms)));
  EXPECT_TRUE(passes(leads("fired Tick", "any(level >= 1)", 0_ns)));
  EXPECT_TRUE(fails(sometimes("delivered Told and any(level == 0)")));
  EXPECT_TRUE(passes(sometimes("any(leader == n1)")));
  EXPECT_TRUE(passes(sometimes("any(heard < level)")));
}

TEST(Temporal, WhatABusyNodeTurnsToIsDeliveredThen) {
  auto scenario = counters({leads("sent Told", "delivered Told", 50_ms)});
  scenario->world.cpu.per_message = 200_ms;
  EXPECT_EQ(verdict_of(scenario).verdict, Verdict::kFail);
  scenario->properties = {sometimes("delivered Told")};
  EXPECT_EQ(verdict_of(scenario).verdict, Verdict::kPass);
}

TEST(Temporal, Operations) {
  const Protocol& raft = *find_protocol("raft");
  auto scenario = testing::quiet(raft, 3);
  scenario->duration = 5_s;
  scenario->settle = 1_s;
  scenario->workload = WorkloadConfig{.clients = 2, .rate_millihertz = 20'000};
  const auto with = [&](std::string_view from, std::string_view to, Duration within) {
    scenario->properties = {
        {"p", Operator::kLeadsTo, formula(to, raft), formula(from, raft), within}};
    return verdict_of(scenario).verdict;
  };
  EXPECT_EQ(with("invoke operation", "ok operation", 2_s), Verdict::kPass);
  EXPECT_EQ(with("invoke write", "ok write", 1_ns), Verdict::kFail);
  EXPECT_EQ(with("ok write", "any(role == leader and commit_index > 0)", 0_ns), Verdict::kPass);
  EXPECT_EQ(with("ok cas or fail cas or info read", "time > 0s", 0_ns), Verdict::kPass);
}

TEST(Temporal, AskingChangesNothing) {
  const auto digest = [](std::vector<Property> properties) {
    seedbed::Run run(counters(std::move(properties), true));
    run.to_end();
    return run.world().digest();
  };
  EXPECT_EQ(digest({}), digest({sometimes("delivered Told"), always("all(level < 100)")}));
}

TEST(Temporal, ACopyGoesOnAlike) {
  const auto scenario = counters({leads("sent Told", "delivered Told and time > 800ms", 50_ms)});
  seedbed::Run original(scenario);
  while (original.world().now() < Time{} + 120_ms) original.step();
  seedbed::Run copy = original;
  original.to_end();
  copy.to_end();
  ASSERT_EQ(original.violations().size(), 1U);
  ASSERT_EQ(copy.violations().size(), 1U);
  EXPECT_EQ(copy.violations()[0].message, original.violations()[0].message);
}

}  // namespace
}  // namespace seedbed
