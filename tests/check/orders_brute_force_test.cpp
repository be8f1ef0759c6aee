// Every order against judges that try everything: all histories of a few operations, and random
// ones of a few more. And what implies what.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/orders/orders.h"
#include "sim/check/orders/shrink.h"
#include "tests/check/orders_brute_force.h"

namespace seedbed {
namespace {

using orders::History;
using orders::kNone;
using orders::Level;
using orders::Operation;
using testing_check::BruteForceOrders;

constexpr std::uint32_t kProcesses = 3;
constexpr std::uint32_t kValues = 3;  // of a key: the initial one and two others

constexpr std::string_view kCausalLevels[] = {
    "sequential",       "causal",          "causal-convergence", "weak-causal",        "pram",
    "read-your-writes", "monotonic-reads", "monotonic-writes",   "writes-follow-reads"};
constexpr std::string_view kTimedLevels[] = {"1-atomic",   "2-atomic",   "3-atomic",
                                             "stale:0ns",  "stale:10ns", "stale:15ns",
                                             "stale:30ns", "stale:100ns"};

struct Act {
  std::uint32_t key = 0;
  std::uint32_t reads = kNone;  // within its key
  std::uint32_t writes = kNone;
};

History empty_history(std::uint32_t keys) {
  History h;
  for (std::uint32_t k = 0; k < keys; ++k) h.initial.push_back(k * kValues);
  h.values = keys * kValues;
  return h;
}
Operation operation_of(const Act& act, std::uint32_t process, bool ok, std::uint64_t position) {
  Operation op{.process = process, .key = act.key, .ok = ok, .invoked = position};
  if (act.reads != kNone) op.reads = act.key * kValues + act.reads;
  if (act.writes != kNone) op.writes = act.key * kValues + act.writes;
  op.invoked_ns = static_cast<std::int64_t>(position * 10);
  return op;
}
void complete(Operation& op, std::uint64_t position) {
  op.returned = position;
  op.returned_ns = static_cast<std::int64_t>(position * 10);
  op.ok = true;
}

std::string text_of(const History& h) {
  std::string text;
  for (const Operation& op : h.operations) {
    text += "p" + std::to_string(op.process) + " key " + std::to_string(op.key);
    if (op.reads != kNone) text += " reads " + std::to_string(op.reads);
    if (op.writes != kNone) text += " writes " + std::to_string(op.writes);
    text += op.ok ? " ok @" + std::to_string(op.invoked) + ".." + std::to_string(op.returned)
                  : " info @" + std::to_string(op.invoked);
    text += "\n";
  }
  return text;
}

/// Both judges, and of what fails the part that is shown.
bool expect_same(const History& h, std::string_view name) {
  const Level level = *orders::level_named(name);
  const bool passes = BruteForceOrders(h).passes(level);
  const orders::Outcome found = orders::judge(h, level, {});
  EXPECT_EQ(found.verdict, passes ? Verdict::kPass : Verdict::kFail) << name << "\n" << text_of(h);
  if (passes || ::testing::Test::HasFailure()) return passes;
  EXPECT_FALSE(found.anomaly.empty());
  const History core = orders::part_of(h, found.core);
  EXPECT_FALSE(BruteForceOrders(core).passes(level)) << name << "\n"
                                                     << text_of(h) << "core\n"
                                                     << text_of(core);
  for (std::size_t i = 0; i < found.core.size(); ++i) {
    if (core.operations[i].writes != kNone) continue;
    std::vector<std::uint32_t> rest = found.core;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(BruteForceOrders(orders::part_of(h, rest)).passes(level))
        << name << ": a read can be left out of\n"
        << text_of(core);
  }
  return passes;
}

/// Whatever has the first has the second.
constexpr std::pair<std::string_view, std::string_view> kImplied[] = {
    {"1-atomic", "stale:0ns"},
    {"stale:0ns", "1-atomic"},
    {"1-atomic", "2-atomic"},
    {"2-atomic", "3-atomic"},
    {"stale:0ns", "stale:10ns"},
    {"stale:10ns", "stale:15ns"},
    {"1-atomic", "sequential"},
    {"sequential", "causal"},
    {"sequential", "causal-convergence"},
    {"causal", "weak-causal"},
    {"causal-convergence", "weak-causal"},
    {"causal", "pram"},
    {"causal", "writes-follow-reads"},
    {"pram", "read-your-writes"},
    {"pram", "monotonic-writes"},
    {"monotonic-writes", "monotonic-reads"},
    {"writes-follow-reads", "monotonic-reads"}};

void expect_lattice(const History& h) {
  const auto holds = [&](std::string_view name) {
    return orders::judge(h, *orders::level_named(name), {}).verdict == Verdict::kPass;
  };
  for (const auto& [stronger, weaker] : kImplied) {
    if (holds(stronger)) {
      EXPECT_TRUE(holds(weaker)) << stronger << " but not " << weaker << "\n" << text_of(h);
    }
  }
}

std::vector<Act> acts_of(std::uint32_t keys, bool cas) {
  std::vector<Act> acts;
  for (std::uint32_t key = 0; key < keys; ++key) {
    for (const std::uint32_t v : {0U, 1U, 2U}) acts.push_back({key, v, kNone});
    for (const std::uint32_t v : {1U, 2U}) acts.push_back({key, kNone, v});
    if (!cas) continue;
    acts.push_back({key, 0, 1});
    acts.push_back({key, 1, 2});
  }
  return acts;
}

/// Every history of so many operations, one after the other in real time, which these orders do not
/// look at; processes and keys in the order in which they first come.
class Everything {
 public:
  explicit Everything(std::size_t operations, bool cas)
      : operations_(operations), acts_(acts_of(2, cas)), history_(empty_history(2)) {}

  void run() { extend(0, 0); }
  std::uint64_t count() const { return count_; }
  std::uint64_t passed(std::size_t level) const { return passed_[level]; }

 private:
  void extend(std::uint32_t processes, std::uint32_t keys) {
    if (::testing::Test::HasFailure()) return;
    if (history_.operations.size() == operations_) return judge();
    const std::uint64_t position = history_.operations.size() * 2 + 1;
    for (std::uint32_t p = 0; p <= processes && p < kProcesses; ++p) {
      for (const Act& act : acts_) {
        if (act.key > keys) continue;
        for (const bool ok : {true, false}) {
          if (!ok && act.writes == kNone) continue;
          history_.operations.push_back(operation_of(act, p, ok, position));
          if (ok) complete(history_.operations.back(), position + 1);
          extend(std::max(processes, p + 1), std::max(keys, std::min(act.key + 1, 1U)));
          history_.operations.pop_back();
        }
      }
    }
  }
  void judge() {
    ++count_;
    for (std::size_t l = 0; l < std::size(kCausalLevels); ++l) {
      passed_[l] += expect_same(history_, kCausalLevels[l]) ? 1U : 0U;
    }
  }

  std::size_t operations_;
  std::vector<Act> acts_;
  History history_;
  std::uint64_t count_ = 0;
  std::uint64_t passed_[std::size(kCausalLevels)] = {};
};

History random_history(Rng& rng, std::uint32_t keys, std::size_t operations) {
  const std::vector<Act> acts = acts_of(keys, rng.below(3) == 0);
  History h = empty_history(keys);
  std::vector<std::optional<std::size_t>> open(kProcesses);
  for (std::uint64_t position = 1;; ++position) {
    const auto p = static_cast<std::uint32_t>(rng.below(kProcesses));
    if (open[p]) {
      Operation& op = h.operations[*open[p]];
      if (op.writes == kNone || rng.below(6) != 0) complete(op, position);
      open[p].reset();
    } else if (h.operations.size() < operations) {
      open[p] = h.operations.size();
      h.operations.push_back(operation_of(acts[rng.below(acts.size())], p, false, position));
    } else {
      break;
    }
  }
  // A read that never returned says nothing.
  std::erase_if(h.operations, [](const Operation& op) { return !op.ok && op.writes == kNone; });
  return h;
}

void try_random(std::uint64_t seed, std::uint64_t count, std::span<const std::string_view> levels) {
  Rng rng(seed);
  std::vector<std::uint64_t> passes(levels.size(), 0);
  for (std::uint64_t i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    const std::uint32_t keys = 1 + static_cast<std::uint32_t>(rng.below(2));
    const std::size_t operations = 5 + rng.below(2);
    const History h = random_history(rng, keys, operations);
    for (std::size_t l = 0; l < levels.size(); ++l) {
      passes[l] += expect_same(h, levels[l]) ? 1U : 0U;
    }
    if (i % 8 == 0) expect_lattice(h);
  }
  for (std::size_t l = 0; l < levels.size() && !::testing::Test::HasFailure(); ++l) {
    EXPECT_GT(passes[l], count / 100) << levels[l] << ": too few are right to say much";
    EXPECT_LT(passes[l], count - count / 100) << levels[l] << ": too few are wrong to say much";
  }
}

void try_everything(std::size_t operations, bool cas) {
  Everything everything(operations, cas);
  everything.run();
  for (std::size_t l = 0; l < std::size(kCausalLevels); ++l) {
    EXPECT_GT(everything.passed(l), 0U);
    EXPECT_LT(everything.passed(l), everything.count()) << kCausalLevels[l];
  }
}

TEST(OrdersBruteForce, AllHistoriesOfThreeOperations) {
  for (const std::size_t operations : {1U, 2U, 3U}) try_everything(operations, true);
}
TEST(OrdersBruteForce, AllHistoriesOfFourReadsAndWrites) { try_everything(4, false); }
TEST(OrdersBruteForce, RandomHistories) { try_random(1, 20'000, kCausalLevels); }
TEST(OrdersBruteForce, RandomHistoriesInRealTime) { try_random(2, 20'000, kTimedLevels); }

TEST(OrdersBruteForceLong, AllHistoriesOfFourOperations) { try_everything(4, true); }
TEST(OrdersBruteForceLong, RandomHistories) { try_random(3, 10'000'000, kCausalLevels); }
TEST(OrdersBruteForceLong, RandomHistoriesInRealTime) { try_random(4, 10'000'000, kTimedLevels); }

}  // namespace
}  // namespace seedbed
