// All that clients may say in a few operations, judged by brute force as well; and in a few more,
// by the search without what it knows of registers.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/rng.h"
#include "sim/check/kv_linearizability.h"
#include "sim/check/linearizer.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"
#include "tests/check/linearizability_support.h"

namespace seedbed {
namespace {

using kv::Function;
using kv::kNil;
using testing_check::BruteForce;
using testing_check::calls_of;
using testing_check::expect_proof;

/// The same model without what the engine knows about registers.
struct PlainRegister {
  using State = kv::Value;
  using Op = Operation;
  State init() const { return kNil; }
  std::uint64_t hash(State) const { return 7; }  // collisions must not matter
  kv::Key key(const Op& op) const { return op.command.key; }
  std::optional<State> step(State s, const Op& op) const { return KvRegister().step(s, op); }
};

template <class Model>
Verdict check_with(const Model& model, const std::vector<Operation>& operations) {
  const SearchBudget budget;
  Meter meter(budget);
  Verdict verdict = Verdict::kPass;
  for (const auto& part : partition(model, calls_of(operations))) {
    verdict = worse(verdict, Linearizer<Model>(model, part.calls, meter).run().verdict);
  }
  return verdict;
}

struct SmallWorld {
  std::uint64_t clients = 3;
  std::uint64_t keys = 2;
  std::uint64_t values = 2;
  std::uint64_t largest = 6;
};

/// Anything that clients may say: a register answers, and is forgetful or lies now and then.
std::vector<Operation> random_history(Rng& rng, const SmallWorld& world) {
  History history;
  std::array<kv::Value, 2> state{kNil, kNil};
  const auto value = [&] { return static_cast<kv::Value>(rng.below(world.values) + 1); };
  const auto any = [&] { return rng.below(6) == 0 ? kNil : value(); };
  struct Open {
    OperationId id;
    kv::Command command;
    bool done;
    kv::Value seen;
  };
  std::map<std::uint64_t, Open> open;
  const std::uint64_t count = 1 + rng.below(world.largest);
  const bool liar = rng.below(2) == 0;
  std::uint32_t dead_clients = 0;
  for (std::int64_t t = 0; history.invocations() < count || !open.empty(); ++t) {
    const std::uint64_t client = rng.below(world.clients);
    const auto at = open.find(client);
    if (at == open.end()) {
      if (history.invocations() == count) continue;
      kv::Command c{static_cast<Function>(rng.below(3)),
                    static_cast<kv::Key>(rng.below(world.keys)), kNil, kNil};
      if (c.function != Function::kRead) c.value = value();
      if (c.function == Function::kCas) c.expected = any();
      const NodeId node{static_cast<std::uint32_t>(client + 1 + dead_clients)};
      open[client] = {history.invoke(Time(t), node, c), c, false, kNil};
      continue;
    }
    Open& o = at->second;
    kv::Value& s = state[o.command.key];
    if (!o.done) {
      o.done = true;
      o.seen = liar && rng.below(2) == 0 ? any() : s;
      const bool matches = o.command.function == Function::kWrite || o.command.expected == o.seen;
      if (o.command.function != Function::kRead && matches) s = o.command.value;
      continue;
    }
    const bool mismatch = o.command.function == Function::kCas && o.seen != o.command.expected;
    const Completion completion = rng.below(4) == 0 ? Completion::kInfo
                                  : mismatch        ? Completion::kFail
                                                    : Completion::kOk;
    if (completion == Completion::kInfo) dead_clients += 3;
    history.complete(Time(t), o.id, completion, o.seen);
    open.erase(at);
  }
  return history.operations();
}

/// What was known at `position`, as operations.
std::vector<Operation> known_at(std::vector<Operation> operations, std::uint64_t position) {
  std::erase_if(operations, [&](const Operation& op) { return op.invoked > position; });
  for (Operation& op : operations) {
    if (op.returned <= position) continue;
    op.returned = Operation::kNever;
    op.completion = op.completion == Completion::kFail ? Completion::kFail : Completion::kInfo;
  }
  return operations;
}

/// What a core promises: it fails by itself, with the same return as the whole and not before, and
/// no read in it sees what nobody in it wrote, unless nobody at all had.
void expect_core(const std::vector<Operation>& all, const KvLinearizability& r) {
  ASSERT_FALSE(r.core.empty());
  const std::uint64_t at = all[r.unplaced.front()].returned;
  ASSERT_FALSE(BruteForce(known_at(r.core, at)).linearizable());
  ASSERT_TRUE(BruteForce(known_at(r.core, at - 1)).linearizable());
  const KvRegister model;
  const auto left = [&](const std::vector<Operation>& operations, kv::Value v, std::uint64_t by) {
    return std::any_of(operations.begin(), operations.end(), [&](const Operation& op) {
      return op.command.key == r.key && op.completion != Completion::kFail && op.invoked < by &&
             model.leaves(op) == v;
    });
  };
  for (const Operation& op : r.core) {
    ASSERT_EQ(op.command.key, r.key);
    const auto needed = model.needs(op);
    if (!model.is_read(op) || *needed == kNil) continue;
    ASSERT_TRUE(left(r.core, *needed, op.returned) || !left(all, *needed, op.returned));
  }
}

/// The operation in the way is the one with whose return the key stops being linearizable.
void expect_first_failure(std::vector<Operation> operations, const KvLinearizability& r) {
  const std::uint64_t at = operations[r.unplaced.front()].returned;
  std::erase_if(operations, [&](const Operation& op) { return op.command.key != r.key; });
  ASSERT_TRUE(BruteForce(known_at(operations, at - 1)).linearizable());
  ASSERT_FALSE(BruteForce(known_at(operations, at)).linearizable());
}

void compare_with_brute_force(std::uint64_t seed, int histories, const SmallWorld& world) {
  Rng rng{hash_of(seed)};
  int passed = 0;
  for (int i = 0; i < histories; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Operation> operations = random_history(rng, world);
    const bool linearizable = BruteForce(operations).linearizable();
    const Verdict expected = linearizable ? Verdict::kPass : Verdict::kFail;
    const KvLinearizability r = check_kv_linearizable(operations);
    ASSERT_EQ(r.verdict, expected) << r.message;
    ASSERT_EQ(check_with(PlainRegister(), operations), expected);
    passed += linearizable;
    if (!linearizable) {
      expect_core(operations, r);
      expect_first_failure(operations, r);
    }
    const SearchBudget budget;
    Meter meter(budget);
    for (const auto& part : partition(KvRegister(), calls_of(operations))) {
      const auto found = Linearizer(KvRegister(), std::span(part.calls), meter).run();
      if (found.verdict == Verdict::kPass) expect_proof(part.calls, found.order);
    }
    if (testing::Test::HasFatalFailure()) return;
  }
  // Both answers are well represented, or the comparison says little.
  EXPECT_GT(passed, histories / 2);
  EXPECT_LT(passed, histories - histories / 8);
}

TEST(KvLinearizability, AgreesWithBruteForceOnTwoKeys) {
  compare_with_brute_force(1, 40'000, {3, 2, 2, 6});
}
TEST(KvLinearizability, AgreesWithBruteForceOnOneKey) {
  compare_with_brute_force(2, 30'000, {4, 1, 3, 7});
}
TEST(KvLinearizability, AgreesWithBruteForceOnManyValues) {
  compare_with_brute_force(3, 15'000, {4, 1, 8, 7});
}

/// Longer histories, where the search without what it knows of registers is the judge.
void compare_with_plain_search(std::uint64_t seed, int histories, const SmallWorld& world) {
  Rng rng{hash_of(seed)};
  int passed = 0;
  for (int i = 0; i < histories; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Operation> operations = random_history(rng, world);
    const Verdict expected = check_with(PlainRegister(), operations);
    const KvLinearizability r = check_kv_linearizable(operations);
    ASSERT_NE(expected, Verdict::kUnknown);
    ASSERT_EQ(r.verdict, expected) << r.message;
    passed += expected == Verdict::kPass;
    if (expected == Verdict::kPass) continue;
    std::vector<Operation> of_key = operations;
    std::erase_if(of_key, [&](const Operation& op) { return op.command.key != r.key; });
    const std::uint64_t at = operations[r.unplaced.front()].returned;
    ASSERT_EQ(check_with(PlainRegister(), known_at(of_key, at - 1)), Verdict::kPass);
    ASSERT_EQ(check_with(PlainRegister(), known_at(of_key, at)), Verdict::kFail);
    ASSERT_EQ(check_with(PlainRegister(), known_at(r.core, at - 1)), Verdict::kPass);
    ASSERT_EQ(check_with(PlainRegister(), known_at(r.core, at)), Verdict::kFail);
  }
  EXPECT_GT(passed, histories / 8);
  EXPECT_LT(passed, histories - histories / 8);
}

TEST(KvLinearizability, AgreesWithPlainSearchOnFewValues) {
  compare_with_plain_search(4, 4'000, {5, 1, 3, 14});
}
TEST(KvLinearizability, AgreesWithPlainSearchOnManyValues) {
  compare_with_plain_search(5, 4'000, {6, 1, 12, 16});
}

}  // namespace
}  // namespace seedbed
