// Histories by hand, each with what is to be said about it; and what a budget ends.
#include "sim/check/linearizability.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/kv_linearizability.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"

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

TEST(KvLinearizability, EmptyHistoryPasses) { EXPECT_EQ(Sketch().check().verdict, Verdict::kPass); }

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

}  // namespace
}  // namespace seedbed
