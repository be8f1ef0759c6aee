// Removing one fault from a scenario leaves every other decision as it was: the fate of each
// message that exists in both runs, and what the other faults drew. So shrinking converges.
#include <gtest/gtest.h>

#include <map>

#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

/// What was decided about every message, whatever the partitions did to it.
class Fates : public Observer {
 public:
  void on_send(const MessageKey& key, const PayloadHeader&, const Fate& fate, bool) override {
    fates[key] = fate;
  }
  std::map<MessageKey, Fate> fates;
};

bool same(const Fate& a, const Fate& b) {
  return a.lost == b.lost && a.duplicated == b.duplicated && a.delay == b.delay &&
         a.duplicate_delay == b.duplicate_delay && a.tie == b.tie;
}

/// An entry whose own effect is on the fates of messages, not on nodes or links.
bool is_weather(const ChaosEntry& entry) {
  return std::any_of(entry.one_of.begin(), entry.one_of.end(), [](const Fault& f) {
    return f.info == &faults::kLoss || f.info == &faults::kDelay || f.info == &faults::kDuplicate ||
           f.info == &faults::kReorder;
  });
}

using Window = std::pair<Time, Time>;

/// When the entry's own weather blew in the first run: there, fates may differ.
std::vector<Window> windows_of(const Run& run, std::size_t entry) {
  std::vector<Window> windows;
  for (const FaultRecord& fault : run.chaos().records()) {
    if (fault.entry == entry) windows.emplace_back(fault.at, fault.until.value_or(Time::never()));
  }
  return windows;
}

/// Firing times of each entry, by its stream: a draw for each interval.
std::map<std::uint64_t, std::vector<Time>> firings(const Run& run) {
  std::map<std::uint64_t, std::vector<Time>> times;
  for (const FaultRecord& fault : run.chaos().records()) {
    times[run.scenario().chaos[fault.entry].stream].push_back(fault.at);
  }
  return times;
}

struct Tally {
  std::uint64_t compared = 0;
  std::uint64_t removals = 0;
};

void compare_without(const Scenario& scenario, const Run& full, const Fates& fates,
                     std::size_t removed, Tally& tally) {
  auto fewer = std::make_shared<Scenario>(scenario);
  fewer->chaos.erase(fewer->chaos.begin() + static_cast<std::ptrdiff_t>(removed));
  seedbed::Run run(fewer);
  Fates other;
  run.observe(&other);
  run.to_end();
  const bool weather = is_weather(scenario.chaos[removed]);
  const std::vector<Window> windows = windows_of(full, removed);
  for (const auto& message : other.fates) {  // clang 14 captures no structured bindings
    const MessageKey& key = message.first;
    const Fate& fate = message.second;
    const auto both = fates.fates.find(key);
    if (both == fates.fates.end()) continue;
    const bool in_weather =
        weather && std::any_of(windows.begin(), windows.end(), [&](const Window& w) {
          return key.sent >= w.first && key.sent <= w.second;
        });
    if (in_weather) continue;
    ++tally.compared;
    ASSERT_TRUE(same(fate, both->second))
        << "seed " << scenario.world.seed << " without entry " << removed << ": from "
        << key.from.value << " to " << key.to.value << " at " << key.sent.count();
  }
  auto expected = firings(full);
  expected.erase(scenario.chaos[removed].stream);
  ASSERT_EQ(firings(run), expected);
  ++tally.removals;
}

/// Ten faults of every kind, so that a removal is one among others.
std::shared_ptr<Scenario> many_faults(std::uint64_t seed) {
  auto scenario = testing::read("raft/chaos.yaml", seed);
  scenario->duration = 6_s;
  scenario->settle = 1_s;
  scenario->on_violation = OnViolation::kContinue;
  const std::vector<Fault> kinds = scenario->chaos.front().one_of;
  scenario->chaos.clear();
  Rng rng(hash_of(seed, hash_text("removal test")));
  for (std::uint64_t i = 0; i < 10; ++i) {
    ChaosEntry entry;
    entry.stream = hash_of(i);
    if (rng.chance(Probability::percent(50))) {
      entry.at = Time{} + rng.between({500_ms, 5500_ms});
    } else {
      entry.every = {500_ms, 2_s};
      entry.until = Time{} + 5500_ms;
    }
    entry.one_of = {kinds[rng.below(kinds.size())]};
    scenario->chaos.push_back(std::move(entry));
  }
  return scenario;
}

TEST(Removal, LeavesTheFateOfEveryOtherMessageAndTheDrawsOfOtherFaults) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto scenario = many_faults(seed);
    seedbed::Run full(scenario);
    Fates fates;
    full.observe(&fates);
    full.to_end();
    for (std::size_t removed = 0; removed < 10; ++removed) {
      compare_without(*scenario, full, fates, removed, tally);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(tally.removals, 1000U);
  EXPECT_GT(tally.compared, 1'000'000U) << "messages that exist in both runs";
  RecordProperty("messages_compared", std::to_string(tally.compared));
}

}  // namespace
}  // namespace seedbed
