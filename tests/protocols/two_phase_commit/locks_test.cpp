// The lock table: what it grants, who waits and who dies; and that nobody ever waits for ever.
#include "protocols/two_phase_commit/locks.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/base/rng.h"

namespace seedbed::two_phase_commit {
namespace {

constexpr TxnId txn(std::int64_t age) { return {Time{} + 1_ms * age, {1}, 1}; }
constexpr auto kShared = LockMode::kShared;
constexpr auto kExclusive = LockMode::kExclusive;

TEST(Locks, ReadersShareAndWritersDoNot) {
  LockTable locks;
  EXPECT_EQ(locks.ask(7, txn(1), kShared), LockAnswer::kGranted);
  EXPECT_EQ(locks.ask(7, txn(2), kShared), LockAnswer::kGranted);
  EXPECT_EQ(locks.ask(8, txn(2), kExclusive), LockAnswer::kGranted);
  EXPECT_EQ(locks.ask(8, txn(2), kShared), LockAnswer::kGranted) << "its own";
  EXPECT_TRUE(locks.holds(8, txn(2), kShared));
  EXPECT_FALSE(locks.holds(7, txn(2), kExclusive));
  EXPECT_EQ(locks.held(), 3U);
}

TEST(Locks, TheOlderWaitsAndTheYoungerDies) {
  LockTable locks;
  EXPECT_EQ(locks.ask(7, txn(5), kExclusive), LockAnswer::kGranted);
  EXPECT_EQ(locks.ask(7, txn(6), kShared), LockAnswer::kDies);
  EXPECT_EQ(locks.ask(7, txn(4), kShared), LockAnswer::kWaits);
  EXPECT_EQ(locks.release(txn(5)), std::vector{txn(4)});
  EXPECT_TRUE(locks.holds(7, txn(4), kShared));
}

TEST(Locks, AReaderMayBecomeAWriterWhenItIsAlone) {
  LockTable locks;
  locks.ask(7, txn(1), kShared);
  EXPECT_EQ(locks.ask(7, txn(1), kExclusive), LockAnswer::kGranted);
  locks.release(txn(1));
  EXPECT_TRUE(locks.empty());
  locks.ask(7, txn(2), kShared);
  locks.ask(7, txn(3), kShared);
  EXPECT_EQ(locks.ask(7, txn(3), kExclusive), LockAnswer::kDies);
  EXPECT_EQ(locks.ask(7, txn(2), kExclusive), LockAnswer::kWaits);
  EXPECT_EQ(locks.release(txn(3)), std::vector{txn(2)});
  EXPECT_TRUE(locks.holds(7, txn(2), kExclusive));
}

TEST(Locks, AWriterThatWaitsIsNotOvertakenForEver) {
  LockTable locks;
  locks.ask(7, txn(5), kShared);
  EXPECT_EQ(locks.ask(7, txn(3), kExclusive), LockAnswer::kWaits);
  EXPECT_EQ(locks.ask(7, txn(4), kShared), LockAnswer::kDies) << "it is younger than who waits";
  EXPECT_EQ(locks.ask(7, txn(2), kShared), LockAnswer::kWaits);
  EXPECT_EQ(locks.release(txn(5)), std::vector{txn(3)});
  EXPECT_EQ(locks.release(txn(3)), std::vector{txn(2)});
}

/// Transactions that want keys one after the other, in any order: each ends, for whoever is the
/// youngest of those that are left waits for nobody.
TEST(Locks, EverybodyEndsAndNoTwoHoldWhatOnlyOneMay) {
  constexpr std::int64_t kTransactions = 8;
  constexpr tx::Key kKeys = 4;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Rng rng(seed);
    LockTable locks;
    std::map<std::int64_t, int> wants;  // how many locks more
    std::map<std::int64_t, bool> waits;
    for (std::int64_t t = 1; t <= kTransactions; ++t) wants[t] = 4;
    const auto end = [&](std::int64_t t) {
      wants.erase(t);
      for (const TxnId& woken : locks.release(txn(t)))
        waits[(woken.age - Time{}).count() / (1_ms).count()] = false;
    };
    int steps = 0;
    while (!wants.empty()) {
      ASSERT_LT(++steps, 10'000) << "seed " << seed << ": somebody waits for ever";
      auto it = wants.begin();
      std::advance(it, static_cast<std::ptrdiff_t>(rng.below(wants.size())));
      const std::int64_t t = it->first;
      if (waits[t]) continue;
      if (it->second-- == 0) {
        end(t);
        continue;
      }
      const auto key = static_cast<tx::Key>(rng.below(kKeys));
      const LockMode mode = rng.below(2) == 0 ? kShared : kExclusive;
      const LockAnswer answer = locks.ask(key, txn(t), mode);
      if (answer == LockAnswer::kDies) end(t);
      if (answer == LockAnswer::kWaits) waits[t] = true;
      for (std::int64_t a = 1; a <= kTransactions; ++a) {
        for (std::int64_t b = 1; b <= kTransactions; ++b) {
          const bool both =
              a != b && locks.holds(key, txn(a), kExclusive) && locks.holds(key, txn(b), kShared);
          ASSERT_FALSE(both) << "seed " << seed;
        }
      }
    }
    EXPECT_TRUE(locks.empty());
  }
}

}  // namespace
}  // namespace seedbed::two_phase_commit
