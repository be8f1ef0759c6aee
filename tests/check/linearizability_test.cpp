#include "sim/check/linearizability.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "sim/base/rng.h"
#include "sim/check/kv_linearizability.h"

namespace seedbed {
namespace {

using kv::Function;
using kv::kNil;

constexpr kv::Key kKey = 2;

/// Operations by hand: begin and end in the order in which they are called.
class Sketch {
 public:
  OperationId begin(std::uint32_t client, Function f, kv::Value value, kv::Value expected = kNil,
                    kv::Key key = kKey) {
    return history_.invoke(now(), NodeId{client}, {f, key, value, expected});
  }
  OperationId begin_read(std::uint32_t client) { return begin(client, Function::kRead, kNil); }
  void ok(OperationId id, kv::Value result = kNil) {
    history_.complete(now(), id, Completion::kOk, result);
  }
  void fail(OperationId id) { history_.complete(now(), id, Completion::kFail); }
  void info(OperationId id) { history_.complete(now(), id, Completion::kInfo); }

  void write(std::uint32_t client, kv::Value value) { ok(begin(client, Function::kWrite, value)); }
  OperationId read(std::uint32_t client, kv::Value result) {
    const OperationId id = begin_read(client);
    ok(id, result);
    return id;
  }
  OperationId cas(std::uint32_t client, kv::Value expected, kv::Value value) {
    const OperationId id = begin(client, Function::kCas, value, expected);
    ok(id);
    return id;
  }
  std::vector<Operation> operations() const { return history_.operations(); }
  KvLinearizability check() const { return check_kv_linearizable(operations()); }

 private:
  Time now() { return time_ = time_ + 50_us; }

  History history_;
  Time time_ = Time{} + 12_s;
};

TEST(KvLinearizability, EmptyHistoryPasses) {
  EXPECT_EQ(Sketch().check().verdict, Verdict::kPass);
}

TEST(KvLinearizability, ConcurrentWritesMayBeSeenInEitherOrder) {
  Sketch s;
  const auto w1 = s.begin(1, Function::kWrite, 1);
  const auto w2 = s.begin(2, Function::kWrite, 2);
  s.read(3, 2);
  s.read(3, 1);
  s.ok(w1);
  s.ok(w2);
  s.read(3, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
}

TEST(KvLinearizability, ReadMayReturnBeforeTheWriteItSaw) {
  Sketch s;
  const auto r = s.begin_read(1);
  const auto w = s.begin(2, Function::kWrite, 7);
  s.ok(r, 7);
  s.ok(w);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
}

TEST(KvLinearizability, StaleReadFails) {
  Sketch s;
  s.write(1, 20);
  s.write(1, 21);
  const OperationId stale = s.read(3, 20);
  s.write(1, 22);
  const KvLinearizability r = s.check();
  EXPECT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.key, kKey);
  EXPECT_EQ(r.unplaced, std::vector<OperationId>{stale});
  EXPECT_TRUE(r.concurrent.empty());
  EXPECT_EQ(r.placed, 2U);
  EXPECT_EQ(r.core.size(), 3U);
  EXPECT_EQ(r.nodes, (std::vector<NodeId>{{1}, {3}}));
  EXPECT_EQ(r.shape, "kv: read ok, write ok");
  EXPECT_EQ(r.message,
            "key 2: read by n3 at 12.000250s..12.000300s saw 20, but no order of the operations "
            "before it allows that (last state placed: 21)");
}

TEST(KvLinearizability, MessageCountsConcurrentOperations) {
  Sketch s;
  s.write(1, 20);
  s.write(1, 21);
  const auto w = s.begin(2, Function::kWrite, 22);
  const auto r = s.begin_read(3);
  s.ok(r, 20);
  s.ok(w);
  const KvLinearizability found = check_kv_linearizable(
      s.operations(), {}, [](NodeId n) { return "c" + std::to_string(n.value); });
  EXPECT_EQ(found.verdict, Verdict::kFail);
  EXPECT_EQ(found.unplaced.front(), r);
  EXPECT_EQ(found.concurrent, std::vector<OperationId>{w});
  EXPECT_NE(found.message.find("read by c3"), std::string::npos) << found.message;
  EXPECT_NE(found.message.find("order of it and the operation concurrent"), std::string::npos)
      << found.message;
}

TEST(KvLinearizability, LostUpdateByCasFails) {
  Sketch s;
  s.write(1, 1);
  s.read(2, 1);
  const auto a = s.begin(1, Function::kCas, 2, 1);
  const auto b = s.begin(2, Function::kCas, 3, 1);
  s.ok(a);
  s.ok(b);
  const KvLinearizability r = s.check();
  EXPECT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.shape, "kv: cas ok, write ok");
  EXPECT_EQ(r.core.size(), 3U);
}

TEST(KvLinearizability, CasThatFailedDidNotHappen) {
  Sketch s;
  s.write(1, 1);
  s.fail(s.begin(2, Function::kCas, 3, 9));
  s.fail(s.begin(2, Function::kWrite, 4));
  s.read(2, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
  s.read(2, 4);
  EXPECT_EQ(s.check().verdict, Verdict::kFail);
}

TEST(KvLinearizability, CasOfAValueWithItselfOnlySeesIt) {
  Sketch s;
  s.write(1, 1);
  s.cas(2, 1, 1);
  s.read(1, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
  s.write(1, 2);
  s.cas(2, 1, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kFail);
}

TEST(KvLinearizability, InfoWriteMayShowUpLater) {
  Sketch s;
  s.write(1, 1);
  s.info(s.begin(2, Function::kWrite, 2));
  s.read(3, 1);
  s.write(1, 3);
  s.read(3, 3);
  s.read(3, 2);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
}

TEST(KvLinearizability, InfoWriteMayNotVanishAgain) {
  Sketch s;
  s.write(1, 1);
  s.begin(2, Function::kWrite, 2);  // left open: the same as info
  s.read(3, 2);
  const OperationId bad = s.read(3, 1);
  const KvLinearizability r = s.check();
  EXPECT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.unplaced.front(), bad);
  EXPECT_EQ(r.shape, "kv: read ok, write info, write ok");
}

TEST(KvLinearizability, InfoWriteHappensAtMostOnce) {
  Sketch s;
  s.begin(2, Function::kWrite, 2);
  s.read(3, 2);
  s.write(1, 1);
  s.read(3, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
  s.read(3, 2);
  EXPECT_EQ(s.check().verdict, Verdict::kFail);
}

TEST(KvLinearizability, InfoCasChains) {
  Sketch s;
  s.begin(1, Function::kCas, 3, 2);
  s.begin(2, Function::kCas, 2, 1);
  s.begin(3, Function::kWrite, 1);
  s.write(4, 9);
  s.read(4, 3);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
  s.read(4, 2);
  EXPECT_EQ(s.check().verdict, Verdict::kFail);
}

TEST(KvLinearizability, AValueIsNotSpentWhileAnInfoCasMayNeedIt) {
  for (const bool first_is_nine : {false, true}) {
    Sketch s;
    const auto r1 = s.begin_read(1);
    const auto a = s.begin(2, Function::kWrite, first_is_nine ? 9 : 1);
    const auto b = s.begin(3, Function::kWrite, first_is_nine ? 1 : 9);
    s.begin(4, Function::kCas, 2, 1);
    s.read(5, 9);
    s.ok(a);
    s.ok(b);
    s.ok(r1, 1);
    s.read(5, 2);  // 9, 1, 2: any other order of the writes loses the 1 that the cas needs
    EXPECT_EQ(s.check().verdict, Verdict::kPass);
  }
}

TEST(KvLinearizability, ReadOfAValueNeverWrittenFails) {
  Sketch s;
  s.write(1, 1);
  const OperationId bad = s.read(2, 17);
  const KvLinearizability r = s.check();
  EXPECT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.unplaced.front(), bad);
  ASSERT_EQ(r.core.size(), 1U);
  EXPECT_EQ(r.core[0].id, bad);
  EXPECT_EQ(r.shape, "kv: read ok");
  EXPECT_NE(r.message.find("saw 17, but nobody had written 17"), std::string::npos);
}

TEST(KvLinearizability, FirstReadsSeeNil) {
  Sketch s;
  s.read(1, kNil);
  s.write(1, 1);
  EXPECT_EQ(s.check().verdict, Verdict::kPass);
  s.read(1, kNil);
  EXPECT_EQ(s.check().verdict, Verdict::kFail);
}

// ---- Against brute force

/// Both keys at once, all orders that respect true time, every subset of the optional operations.
class BruteForce {
 public:
  explicit BruteForce(const std::vector<Operation>& operations) {
    for (const Operation& op : operations) {
      if (op.completion != Completion::kFail) operations_.push_back(op);
    }
  }
  bool linearizable() { return search(0); }

 private:
  bool search(std::uint32_t placed) {
    bool complete = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if ((placed >> i & 1) != 0) continue;
      if (operations_[i].completion == Completion::kOk) complete = false;
      if (may_come_next(placed, i) && try_next(placed, i)) return true;
    }
    return complete;
  }
  bool may_come_next(std::uint32_t placed, std::size_t i) const {
    for (std::size_t k = 0; k < operations_.size(); ++k) {
      if ((placed >> k & 1) == 0 && operations_[k].returned < operations_[i].invoked) return false;
    }
    return true;
  }
  bool try_next(std::uint32_t placed, std::size_t i) {
    const Operation& op = operations_[i];
    kv::Value& state = state_[op.command.key];
    const kv::Value before = state;
    if (op.command.function == Function::kRead) {
      if (op.completion == Completion::kOk && op.result != state) return false;
    } else {
      if (op.command.function == Function::kCas && op.command.expected != state) return false;
      state = op.command.value;
    }
    const bool found = search(placed | 1U << i);
    state = before;
    return found;
  }

  std::vector<Operation> operations_;
  std::array<kv::Value, 2> state_{kNil, kNil};
};

/// The same model without what the engine knows about registers.
struct PlainRegister {
  using State = kv::Value;
  using Op = Operation;
  State init() const { return kNil; }
  std::uint64_t hash(State) const { return 7; }  // collisions must not matter
  kv::Key key(const Op& op) const { return op.command.key; }
  std::optional<State> step(State s, const Op& op) const { return KvRegister().step(s, op); }
};

std::vector<Call<Operation>> calls_of(const std::vector<Operation>& operations) {
  std::vector<Call<Operation>> calls;
  for (const Operation& op : operations) {
    if (op.completion == Completion::kFail) continue;
    const bool ok = op.completion == Completion::kOk;
    if (!ok && op.command.function == Function::kRead) continue;
    calls.push_back({&op, op.invoked, ok ? op.returned : Operation::kNever});
  }
  return calls;
}

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

/// The order that proves a pass, judged without the engine.
void expect_proof(const std::vector<Call<Operation>>& calls,
                  const std::vector<std::uint32_t>& order) {
  const KvRegister model;
  std::vector<bool> placed(calls.size(), false);
  kv::Value state = kNil;
  std::uint64_t latest_invoke = 0;
  for (const std::uint32_t i : order) {
    ASSERT_FALSE(placed[i]);
    placed[i] = true;
    ASSERT_GT(calls[i].returned, latest_invoke);
    latest_invoke = std::max(latest_invoke, calls[i].invoked);
    const auto next = model.step(state, *calls[i].op);
    ASSERT_TRUE(next.has_value());
    state = *next;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_TRUE(placed[i] || calls[i].returned == Operation::kNever);
  }
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

// ---- Long histories

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
    expect_proof(part.calls, found.order);
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

// ---- Budget

/// Many writes at once, of values that repeat, and reads that almost fit.
std::vector<Operation> adversarial() {
  History history;
  std::vector<OperationId> open;
  std::int64_t t = 0;
  for (std::uint32_t c = 1; c <= 40; ++c) {
    const kv::Value value = c % 20;
    open.push_back(history.invoke(Time(++t), NodeId{c}, {Function::kWrite, 0, value, kNil}));
  }
  for (std::uint32_t c = 41; c <= 60; ++c) {
    const kv::Value value = c % 20;
    const kv::Value expected = (c * 7) % 20;
    history.invoke(Time(++t), NodeId{c}, {Function::kCas, 0, value, expected});
  }
  for (const kv::Value v : {3, 5, 3, 5, 3, 5, 3, 5, 3, 9, 9, 5}) {
    const OperationId r = history.invoke(Time(++t), NodeId{99}, {Function::kRead, 0, kNil, kNil});
    history.complete(Time(++t), r, Completion::kOk, v);
  }
  for (const OperationId id : open) history.complete(Time(++t), id, Completion::kOk);
  return history.operations();
}

TEST(KvLinearizability, OutOfStepsIsUnknown) {
  SearchBudget budget;
  budget.steps = 10'000;
  const KvLinearizability r = check_kv_linearizable(adversarial(), budget);
  EXPECT_EQ(r.verdict, Verdict::kUnknown);
  EXPECT_EQ(r.steps, budget.steps);
  EXPECT_FALSE(r.message.empty());
}

TEST(KvLinearizability, OutOfMemoryIsUnknown) {
  SearchBudget budget;
  budget.bytes = 50'000;
  const KvLinearizability r = check_kv_linearizable(adversarial(), budget);
  EXPECT_EQ(r.verdict, Verdict::kUnknown);
  EXPECT_LE(r.bytes, budget.bytes);
}

TEST(KvLinearizability, ExpiredIsUnknown) {
  int polls = 0;
  SearchBudget budget;
  budget.expired = [&] { return ++polls == 3; };
  const KvLinearizability r = check_kv_linearizable(adversarial(), budget);
  EXPECT_EQ(r.verdict, Verdict::kUnknown);
  EXPECT_EQ(polls, 3);
  EXPECT_EQ(r.steps, 2U * 4096);
}

TEST(KvLinearizability, AnUndecidedKeyDoesNotHideAFailure) {
  auto operations = adversarial();
  Sketch s;
  s.write(1, 1);
  const OperationId bad = s.read(1, 2);
  for (Operation op : s.operations()) {
    op.id += 1'000;
    operations.push_back(op);
  }
  SearchBudget budget;
  budget.steps = 10'000;
  const KvLinearizability r = check_kv_linearizable(operations, budget);
  EXPECT_EQ(r.verdict, Verdict::kFail);
  EXPECT_EQ(r.key, kKey);
  EXPECT_EQ(r.unplaced.front(), bad + 1'000);
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

// ---- Parts of the engine

TEST(SequenceSet, ComparesWhole) {
  detail::SequenceSet set;
  std::set<std::vector<std::uint32_t>> reference;
  Rng rng{hash_of(9)};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint32_t> words(rng.below(5));
    for (auto& w : words) w = static_cast<std::uint32_t>(rng.below(8));
    const bool added = set.add(words, std::size_t{1} << 30) == detail::SequenceSet::Added::kNew;
    ASSERT_EQ(added, reference.insert(words).second);
  }
  EXPECT_EQ(set.size(), reference.size());
}

TEST(SequenceSet, CollisionsOfHashesDoNotMatter) {
  // So many that some share all 32 bits that are stored of their hash.
  detail::SequenceSet set;
  for (std::uint32_t word = 0; word < 300'000; ++word) {
    const auto added = set.add({&word, 1}, std::size_t{1} << 30);
    ASSERT_EQ(added, detail::SequenceSet::Added::kNew);
  }
}

}  // namespace
}  // namespace seedbed
