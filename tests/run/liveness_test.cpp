// The checks `progress` and `recovery`: whether a service goes on answering, and comes back.
#include <gtest/gtest.h>

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

/// Every server has the store, and is silent for ever after a crash.
class Fragile : public Process<Fragile, kv::Request> {
 public:
  struct Booted {
    static constexpr auto kName = "Booted";
    bool yes = true;
    constexpr void describe(auto& d) const { d("yes", yes); }
  };
  void start(Context& ctx, const Recovered& durable) {
    mute_ = durable.saved<Booted>() != nullptr;
    ctx.save(Booted{});
  }
  void on(Context& ctx, const Envelope& from, const kv::Request& m) {
    if (mute_) return;
    if (const auto reply = store_.apply(m)) ctx.reply(from, *reply);
  }

 private:
  bool mute_ = false;
  kv::Store store_;
};

constinit const Protocol kFragile = {
    .name = "fragile",
    .workload = "kv",
    .recovery = [](std::span<const Value>, const WorldConfig&, bool) -> std::optional<Duration> {
      return 2_s;
    },
    .make = [](std::span<const Value>) -> std::unique_ptr<ProcessBase> {
      return std::make_unique<Fragile>();
    },
};

ChaosEntry hit(const FaultInfo* kind, Duration at, std::optional<Duration> lasts) {
  ChaosEntry entry;
  entry.at = Time{} + at;
  Fault& fault = entry.one_of.emplace_back();
  fault.info = kind;
  if (lasts) fault.lasts = Range<Duration>{*lasts, *lasts};
  return entry;
}
ChaosEntry hit_first(const FaultInfo* kind, Duration at, std::optional<Duration> lasts) {
  ChaosEntry entry = hit(kind, at, lasts);
  entry.one_of[0].who = {.kind = Selector::Kind::kNodes, .nodes = {NodeId{1}}, .role = ""};
  return entry;
}

/// One fragile server, a client that asks 50 times a second for 20 s.
std::shared_ptr<Scenario> fragile(ChaosPlan plan, std::uint32_t nodes = 1) {
  auto scenario = testing::quiet(kFragile, nodes);
  scenario->duration = 20_s;
  scenario->settle = 4_s;
  scenario->workload = WorkloadConfig{.clients = 1, .rate_millihertz = 50'000};
  scenario->workload->keys = 1;
  scenario->checks = {"recovery"};
  scenario->chaos = std::move(plan);
  return scenario;
}

std::optional<CheckResult> find(const Result& result, std::string_view name) {
  for (const CheckResult& check : result.checks) {
    if (check.name == name) return check;
  }
  return std::nullopt;
}
Result run_of(const std::shared_ptr<Scenario>& scenario) {
  seedbed::Run run(scenario);
  run.to_end();
  return judge(run);
}

TEST(Progress, NoSilenceIsLongerThanAllowed) {
  const auto scenario = fragile({hit(&faults::kPause, 5_s, 3_s)});
  scenario->workload->timeout = 500_ms;
  for (const Duration within : {2_s, 4_s}) {
    scenario->steady = Steadiness{within, {}};
    const CheckResult check = *find(run_of(scenario), "progress");
    EXPECT_EQ(check.verdict, within == 4_s ? Verdict::kPass : Verdict::kFail);
    if (within == 4_s) continue;
    const Violation& v = check.violations.at(0);
    EXPECT_EQ(v.shape, "the service fell silent");
    EXPECT_TRUE(v.at > Time{} + 6900_ms && v.at <= Time{} + 7100_ms) << to_text(v.at);
    EXPECT_EQ(v.message.find("no operation was acknowledged for 3"), 0U) << v.message;
  }
  scenario->steady = Steadiness{2_s, 7_s};
  EXPECT_EQ(find(run_of(scenario), "progress")->verdict, Verdict::kPass) << "judged from 7 s on";
}

TEST(Progress, ASilenceMayLastToTheEnd) {
  const auto scenario = fragile({hit(&faults::kCrash, 15_s, 1_s)});
  scenario->steady = Steadiness{4_s, {}};
  scenario->checks = {"linearizable"};
  scenario->expect_violates = "progress";
  const Result result = run_of(scenario);
  EXPECT_EQ(find(result, "progress")->verdict, Verdict::kFail);
  EXPECT_TRUE(result.as_expected);
}

TEST(Progress, AWorkloadThatIsDoneOwesNothing) {
  const auto scenario = fragile({});
  scenario->workload->operations = 100;
  scenario->steady = Steadiness{1_s, {}};
  EXPECT_EQ(find(run_of(scenario), "progress")->verdict, Verdict::kPass);
}

TEST(Recovery, AServiceThatIsBackPasses) {
  const Result result = run_of(fragile({hit(&faults::kPause, 5_s, 3_s)}));
  EXPECT_EQ(find(result, "recovery")->verdict, Verdict::kPass);
  EXPECT_EQ(find(run_of(fragile({})), "recovery")->verdict, Verdict::kPass);
}

TEST(Recovery, AServiceThatStaysAwayFails) {
  const auto scenario = fragile({hit(&faults::kCrash, 5_s, 1_s)});
  scenario->expect_violates = "recovery";
  const Result result = run_of(scenario);
  const CheckResult check = *find(result, "recovery");
  ASSERT_EQ(check.verdict, Verdict::kFail);
  EXPECT_TRUE(result.as_expected);
  const Violation& v = check.violations.at(0);
  EXPECT_EQ(v.shape, "the service did not come back");
  EXPECT_EQ(
      v.message.find("all faults had ended at 6.000000s and the service had 2s to come back; "), 0U)
      << v.message;
  EXPECT_NE(v.message.find(" that c1 began at 8"), std::string::npos) << v.message;
}

TEST(Recovery, IsJudgedOnlyWhereItCanBe) {
  // Too late: nothing is asked more than 2 s after the end but by the reading back, at 22 s.
  auto late = fragile({hit(&faults::kCrash, 5_s, std::nullopt)});
  EXPECT_FALSE(find(run_of(late), "recovery"));
  late->settle = 8_s;
  EXPECT_TRUE(find(run_of(late), "recovery")) << "read back at 24 s";
  // A killed server is missed if it was one of a majority.
  auto killed = fragile({hit_first(&faults::kKill, 5_s, std::nullopt)}, 2);
  killed->settle = 8_s;
  EXPECT_FALSE(find(run_of(killed), "recovery"));
  killed->nodes = 3;
  EXPECT_TRUE(find(run_of(killed), "recovery"));
  // Not asked for, or no promise.
  auto unasked = fragile({});
  unasked->checks = {"linearizable"};
  EXPECT_FALSE(find(run_of(unasked), "recovery"));
  auto unasked_for_anything = fragile({});
  unasked_for_anything->checks.reset();
  EXPECT_TRUE(find(run_of(unasked_for_anything), "recovery"));
  Protocol promises_nothing = kFragile;
  promises_nothing.recovery = nullptr;
  unasked_for_anything->protocol = &promises_nothing;
  EXPECT_FALSE(find(run_of(unasked_for_anything), "recovery"));
}

}  // namespace
}  // namespace seedbed
