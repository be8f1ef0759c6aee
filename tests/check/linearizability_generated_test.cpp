// Long histories of a register that is atomic, and the same with one answer changed: the verdict,
// what is named, and how much work that takes.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"
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

struct Workload {
  std::size_t count = 50'000;
  std::uint32_t clients = 8;
  std::uint32_t keys = 1;
  std::uint64_t values = 0;  // 0: every value is written once
  Probability info = {5'000'000};
};

/// Clients of an atomic register: each operation happens at one instant between its ends, or, if
/// info, perhaps much later or never.
class AtomicRegister {
 public:
  AtomicRegister(std::uint64_t seed, const Workload& w) : rng_(hash_of(seed)), w_(w) {
    state_.resize(w.keys, kNil);
    open_.resize(w.clients);
    next_client_ = w.clients;
    for (std::uint32_t c = 0; c < w.clients; ++c) open_[c].client = NodeId{c + 1};
  }

  std::vector<Operation> run() {
    while (history_.invocations() < w_.count) {
      now_ = now_ + 1_us;
      if (!ghosts_.empty() && rng_.below(400) == 0) {
        const std::size_t i = rng_.below(ghosts_.size());
        happen(ghosts_[i]);
        ghosts_.erase(ghosts_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      advance(open_[rng_.below(open_.size())]);
    }
    return history_.operations();
  }

 private:
  struct Open {
    enum class Phase { kIdle, kInvoked, kHappened } phase = Phase::kIdle;
    NodeId client;
    OperationId id = 0;
    kv::Command command;
    Completion completion = Completion::kOk;
    kv::Value result = kNil;
  };

  kv::Value fresh() {
    if (w_.values != 0) return static_cast<kv::Value>(rng_.below(w_.values));
    return static_cast<kv::Value>(++values_);
  }
  void advance(Open& o) {
    if (o.phase == Open::Phase::kIdle) return invoke(o);
    if (o.phase == Open::Phase::kInvoked && rng_.chance(w_.info)) {
      history_.complete(now_, o.id, Completion::kInfo);
      ghosts_.push_back(o);
      o.phase = Open::Phase::kIdle;
      o.client = NodeId{++next_client_};
    } else if (o.phase == Open::Phase::kInvoked) {
      happen(o);
      o.phase = Open::Phase::kHappened;
    } else {
      history_.complete(now_, o.id, o.completion, o.result);
      o.phase = Open::Phase::kIdle;
    }
  }
  void invoke(Open& o) {
    const auto key = static_cast<kv::Key>(rng_.below(w_.keys));
    const std::uint64_t kind = rng_.below(10);
    o.command = {Function::kRead, key, kNil, kNil};
    if (kind >= 5) o.command = {Function::kWrite, key, fresh(), kNil};
    if (kind == 9) o.command = {Function::kCas, key, fresh(), state_[key]};
    o.id = history_.invoke(now_, o.client, o.command);
    o.phase = Open::Phase::kInvoked;
  }
  void happen(Open& o) {
    kv::Value& state = state_[o.command.key];
    o.result = state;
    o.completion = Completion::kOk;
    if (o.command.function == Function::kWrite) state = o.command.value;
    if (o.command.function != Function::kCas) return;
    if (state == o.command.expected) {
      state = o.command.value;
    } else {
      o.completion = Completion::kFail;
    }
  }

  Rng rng_;
  Workload w_;
  History history_;
  Time now_;
  std::vector<kv::Value> state_;
  std::vector<Open> open_;
  std::vector<Open> ghosts_;
  std::uint64_t values_ = 0;
  std::uint32_t next_client_ = 0;
};

/// Makes an ok read, about in the middle, see what a read of the same key saw that returned `back`
/// reads before, with other values seen in between.
OperationId plant_stale_read(std::vector<Operation>& operations, kv::Key key,
                             std::size_t back = 40) {
  std::vector<Operation*> reads;
  for (Operation& op : operations) {
    const bool read = op.command.function == Function::kRead && op.completion == Completion::kOk;
    if (read && op.command.key == key) reads.push_back(&op);
  }
  const std::size_t middle = reads.size() / 2;
  reads[middle]->result = reads[middle - back]->result;
  return reads[middle]->id;
}

void expect_proof(const std::vector<Operation>& operations) {
  const SearchBudget budget;
  Meter meter(budget);
  for (const auto& part : partition(KvRegister(), calls_of(operations))) {
    const auto found = Linearizer(KvRegister(), std::span(part.calls), meter).run();
    ASSERT_EQ(found.verdict, Verdict::kPass);
    testing_check::expect_proof(part.calls, found.order);
  }
}

TEST(KvLinearizability, LongAtomicHistoryPassesInLinearTime) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto operations = AtomicRegister(seed, {}).run();
    const KvLinearizability r = check_kv_linearizable(operations);
    EXPECT_EQ(r.verdict, Verdict::kPass) << r.message;
    EXPECT_LE(r.steps, 4 * operations.size());
    EXPECT_LE(r.bytes, 200 * operations.size());
    RecordProperty("steps", std::to_string(r.steps));
    expect_proof(operations);
  }
}

TEST(KvLinearizability, LongAtomicHistoryWithRepeatedValuesPasses) {
  for (const std::uint64_t values : {2U, 5U, 50U}) {
    Workload w;
    w.values = values;
    w.keys = 3;
    const auto operations = AtomicRegister(4, w).run();
    const KvLinearizability r = check_kv_linearizable(operations);
    EXPECT_EQ(r.verdict, Verdict::kPass) << r.message;
    EXPECT_LE(r.steps, 4 * operations.size());
    expect_proof(operations);
  }
}

TEST(KvLinearizability, ManyClientsAndManyLostAnswersStayLinear) {
  for (const std::uint32_t clients : {32U, 100U}) {
    Workload w;
    w.clients = clients;
    w.count = 20'000;
    w.info = Probability::percent(10);
    auto operations = AtomicRegister(11, w).run();
    EXPECT_EQ(check_kv_linearizable(operations).verdict, Verdict::kPass);
    expect_proof(operations);
    const OperationId bad = plant_stale_read(operations, 0, 20 * clients);
    const KvLinearizability r = check_kv_linearizable(operations);
    ASSERT_EQ(r.verdict, Verdict::kFail) << r.message;
    EXPECT_EQ(r.unplaced.front(), bad);
    EXPECT_LE(r.steps, 4 * operations.size());
    EXPECT_LE(r.core.size(), 8U);
  }
}

TEST(KvLinearizability, SlowOperationsDoNotMakeConfigurationsLarge) {
  // One read is open all the time: what a configuration takes must not grow with what it overlaps.
  History history;
  const OperationId slow = history.invoke(Time(0), NodeId{9}, {Function::kRead, 0, kNil, kNil});
  std::int64_t t = 0;
  for (kv::Value v = 1; v <= 50'000; ++v) {
    const OperationId w = history.invoke(Time(++t), NodeId{1}, {Function::kWrite, 0, v, kNil});
    history.complete(Time(++t), w, Completion::kOk);
  }
  history.complete(Time(++t), slow, Completion::kOk, 49'999);
  const auto operations = history.operations();
  const KvLinearizability r = check_kv_linearizable(operations);
  EXPECT_EQ(r.verdict, Verdict::kPass) << r.message;
  EXPECT_LE(r.steps, 4 * operations.size());
  EXPECT_LE(r.bytes, 200 * operations.size());
}

TEST(KvLinearizability, OneStaleReadInALongHistoryIsNamed) {
  for (const std::uint64_t seed : {5U, 6U, 7U}) {
    Workload w;
    w.keys = 2;
    auto operations = AtomicRegister(seed, w).run();
    const OperationId bad = plant_stale_read(operations, 1);
    const KvLinearizability r = check_kv_linearizable(operations);
    ASSERT_EQ(r.verdict, Verdict::kFail);
    EXPECT_EQ(r.key, 1U);
    EXPECT_EQ(r.unplaced.front(), bad);
    EXPECT_EQ(r.at, operations[bad].returned_at);
    EXPECT_LE(r.core.size(), 6U);
    EXPECT_FALSE(r.shape.empty());
    EXPECT_FALSE(BruteForce(r.core).linearizable());
    EXPECT_LE(r.steps, 40 * operations.size());
  }
}

TEST(KvLinearizability, OneStaleReadAmongRepeatedValuesIsNamed) {
  Workload w;
  w.values = 40;
  w.count = 20'000;
  w.info = {0};
  auto operations = AtomicRegister(8, w).run();
  std::vector<Operation*> reads;
  for (Operation& op : operations) {
    const bool read = op.command.function == Function::kRead && op.completion == Completion::kOk;
    if (read) reads.push_back(&op);
  }
  reads[reads.size() / 2]->result = 1'000;  // no, never
  const KvLinearizability r = check_kv_linearizable(operations);
  ASSERT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.unplaced.front(), reads[reads.size() / 2]->id);
}

TEST(KvLinearizability, TheSameHistoryGivesTheSameReport) {
  auto operations = AtomicRegister(5, {}).run();
  plant_stale_read(operations, 0);
  const KvLinearizability a = check_kv_linearizable(operations);
  const KvLinearizability b = check_kv_linearizable(operations);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.shape, b.shape);
  ASSERT_EQ(a.core.size(), b.core.size());
  for (std::size_t i = 0; i < a.core.size(); ++i) EXPECT_EQ(a.core[i].id, b.core[i].id);
}

}  // namespace
}  // namespace seedbed
