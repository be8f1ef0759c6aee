// Every history of up to three small transactions, and random ones of four and five, at every
// level: the judge says what the definitions say, tried over all orders.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/transactions/judge.h"
#include "tests/check/transactions_small.h"

namespace seedbed::txn {
namespace {

using testing_small::history_of;
using testing_small::holds;
using testing_small::Small;
using testing_small::SmallOperation;
using testing_small::SmallTransaction;
using testing_small::text_of;

/// Judged at each level by both; counts what passed and failed.
class Comparison {
 public:
  void compare(const Small& small) {
    const History history = history_of(small);
    std::set<std::string> judged;
    for (const Level& level : all_levels()) {
      const Rules rules = rules_of(level, small.model);
      if (rules.real_time && !small.timed) continue;
      const std::string same = std::to_string(static_cast<int>(rules.axioms)) +
                               (rules.sessions ? "s" : "") + (rules.real_time ? "t" : "");
      if (!judged.insert(same).second) continue;
      const Judgement j = check_transactions(history, level, {.explain = false});
      const bool expected = holds(small, rules);
      ++counts_[{level.name, expected}];
      ASSERT_EQ(name_of(j.verdict), name_of(expected ? Verdict::kPass : Verdict::kFail))
          << level.name << "\n"
          << text_of(small) << j.message;
    }
  }
  /// Each level was met on both sides.
  void expect_variety() const {
    for (const auto& [at, count] : counts_) {
      EXPECT_GT(counts_.count({at.first, !at.second}), 0U) << at.first;
    }
    EXPECT_FALSE(counts_.empty());
  }

 private:
  std::map<std::pair<std::string_view, bool>, std::uint64_t> counts_;
};

/// Which operations a transaction has: one or two of reading and writing one of two keys.
std::vector<std::vector<SmallOperation>> shapes(unsigned most) {
  std::vector<std::vector<SmallOperation>> all, longest = {{}};
  for (unsigned length = 1; length <= most; ++length) {
    std::vector<std::vector<SmallOperation>> next;
    for (const auto& begin : longest) {
      for (unsigned which = 0; which < 4; ++which) {
        next.push_back(begin);
        next.back().push_back({which >= 2, which % 2, 0, {}});
      }
    }
    all.insert(all.end(), next.begin(), next.end());
    longest = next;
  }
  return all;
}

/// Gives each write a value of its own, and calls `visit` for all that the reads may say.
class Readings {
 public:
  explicit Readings(Small small) : small_(std::move(small)) {
    unsigned value = 0;
    for (SmallTransaction& t : small_.transactions) {
      for (SmallOperation& o : t.operations) {
        if (!o.write) {
          reads_.push_back(&o);
          continue;
        }
        o.value = ++value;
        written_[o.key].push_back(o.value);
      }
    }
  }
  Readings(const Readings&) = delete;
  Readings& operator=(const Readings&) = delete;

  template <class Visit>
  void for_each(const Visit& visit, std::size_t next = 0) {
    if (next == reads_.size()) return visit(small_);
    SmallOperation& o = *reads_[next];
    if (small_.model == Model::kRegister) {
      o.value = 0;
      for_each(visit, next + 1);
      for (const unsigned v : written_[o.key]) {
        o.value = v;
        for_each(visit, next + 1);
      }
      return;
    }
    for_each_list(visit, next, {});
  }

 private:
  template <class Visit>
  void for_each_list(const Visit& visit, std::size_t next, const std::vector<unsigned>& list) {
    SmallOperation& o = *reads_[next];
    o.list = list;
    for_each(visit, next + 1);
    for (const unsigned v : written_[o.key]) {
      if (std::find(list.begin(), list.end(), v) != list.end()) continue;
      std::vector<unsigned> longer = list;
      longer.push_back(v);
      for_each_list(visit, next, longer);
    }
  }

  Small small_;
  std::vector<SmallOperation*> reads_;
  std::map<unsigned, std::vector<unsigned>> written_;
};

/// Every `step`-th history of `count` transactions of up to `most` operations.
void compare_all(Model model, unsigned count, unsigned most, std::uint64_t step) {
  const auto all = shapes(most);
  const std::vector<std::vector<unsigned>> sessions =
      count == 3 ? std::vector<std::vector<unsigned>>{{0, 1, 2},
                                                      {0, 0, 1},
                                                      {0, 1, 0},
                                                      {0, 1, 1},
                                                      {0, 0, 0}}
                 : std::vector<std::vector<unsigned>>{{0, 1}, {0, 0}};
  Comparison comparison;
  std::uint64_t number = 0, shape_count = 1;
  for (unsigned i = 0; i < count; ++i) shape_count *= all.size();
  for (std::uint64_t shape = 0; shape < shape_count; ++shape) {
    for (const auto& session : sessions) {
      Small small{.model = model, .transactions = {}};
      std::uint64_t rest = shape;
      for (unsigned t = 0; t < count; ++t, rest /= all.size()) {
        small.transactions.push_back({.operations = all[rest % all.size()], .session = session[t]});
      }
      Readings(small).for_each([&](const Small& s) {
        if (number++ % step == 0 && !::testing::Test::HasFatalFailure()) comparison.compare(s);
      });
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
  comparison.expect_variety();
  ::testing::Test::RecordProperty("histories", std::to_string(number / step));
}

TEST(TransactionsBruteForce, RegistersOfTwo) { compare_all(Model::kRegister, 2, 2, 1); }
TEST(TransactionsBruteForce, ListsOfTwo) { compare_all(Model::kList, 2, 2, 1); }
TEST(TransactionsBruteForce, SomeRegistersOfThree) { compare_all(Model::kRegister, 3, 2, 29); }
TEST(TransactionsBruteForce, SomeListsOfThree) { compare_all(Model::kList, 3, 2, 307); }
TEST(TransactionsBruteForceLong, RegistersOfTwoWithThreeOperations) {
  compare_all(Model::kRegister, 2, 3, 1);
}
TEST(TransactionsBruteForceLong, ListsOfTwoWithThreeOperations) {
  compare_all(Model::kList, 2, 3, 1);
}
TEST(TransactionsBruteForceLong, RegistersOfThree) { compare_all(Model::kRegister, 3, 2, 1); }
TEST(TransactionsBruteForceLong, ListsOfThree) { compare_all(Model::kList, 3, 2, 1); }

/// What to make of histories at random; most are near some order, so that both verdicts are met.
class Random {
 public:
  explicit Random(std::uint64_t seed) : rng_(hash_of(seed, hash_text("small transactions"))) {}

  Small next(Model model, unsigned count) {
    Small small{.model = model, .transactions = {}};
    small.timed = rng_.below(2) == 0;
    small.partial = rng_.below(4) == 0;
    unsigned value = 0;
    for (unsigned t = 0; t < count; ++t) {
      SmallTransaction made;
      made.session = static_cast<unsigned>(small.timed ? t : rng_.below(3));
      const std::uint64_t fate = rng_.below(16);
      if (fate == 0) made.outcome = Outcome::kAborted;
      if (fate == 1 || fate == 2) made.outcome = Outcome::kIndeterminate;
      const std::uint64_t size = 1 + rng_.below(3);
      for (std::uint64_t i = 0; i < size; ++i) {
        SmallOperation o;
        o.write = rng_.below(2) == 0;
        o.key = static_cast<unsigned>(rng_.below(2));
        if (o.write) o.value = ++value;
        made.operations.push_back(o);
      }
      small.transactions.push_back(made);
    }
    place_in_time(small);
    model == Model::kRegister ? read_registers(small) : read_lists(small);
    return small;
  }

 private:
  void place_in_time(Small& small) {
    std::vector<std::uint64_t> times;
    for (std::uint64_t i = 1; i <= 2 * small.transactions.size(); ++i) times.push_back(i);
    shuffle(times);
    for (SmallTransaction& t : small.transactions) {
      const std::uint64_t a = times.back();
      times.pop_back();
      const std::uint64_t b = times.back();
      times.pop_back();
      t.invoked = std::min(a, b);
      t.returned = std::max(a, b);
    }
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[rng_.below(i)]);
  }
  /// Each from what an order says; now and then from anywhere.
  void read_registers(Small& small) {
    std::vector<std::size_t> order(small.transactions.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order);
    std::map<unsigned, unsigned> now;
    std::map<unsigned, std::vector<unsigned>> ever;
    for (const std::size_t t : order) {
      for (SmallOperation& o : small.transactions[t].operations) {
        if (o.write) {
          now[o.key] = o.value;
          ever[o.key].push_back(o.value);
        } else {
          o.value = now[o.key];
          const auto& values = ever[o.key];
          if (rng_.below(4) == 0 && !values.empty()) o.value = values[rng_.below(values.size())];
          if (rng_.below(32) == 0) o.value = 0;
          if (rng_.below(64) == 0) o.value = 90;
        }
      }
    }
  }
  void read_lists(Small& small) {
    std::vector<std::size_t> order(small.transactions.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order);
    std::map<unsigned, std::vector<unsigned>> now;
    for (const std::size_t t : order) {
      for (SmallOperation& o : small.transactions[t].operations) {
        std::vector<unsigned>& list = now[o.key];
        if (o.write) {
          list.push_back(o.value);
          continue;
        }
        o.list = list;
        if (rng_.below(4) == 0) o.list.resize(rng_.below(list.size() + 1));
        if (o.list.size() > 1 && rng_.below(32) == 0) std::swap(o.list[0], o.list[1]);
        if (rng_.below(64) == 0) o.list.push_back(90);
      }
    }
  }

  Rng rng_;
};

void compare_random(Model model, unsigned size, std::uint64_t seed, int count) {
  Random random(seed);
  Comparison comparison;
  for (int i = 0; i < count && !::testing::Test::HasFatalFailure(); ++i) {
    comparison.compare(random.next(model, size));
  }
  comparison.expect_variety();
}

TEST(TransactionsBruteForce, RandomRegisters) {
  compare_random(Model::kRegister, 4, 1, 10'000);
  compare_random(Model::kRegister, 5, 2, 3'000);
}
TEST(TransactionsBruteForce, RandomLists) {
  compare_random(Model::kList, 4, 3, 10'000);
  compare_random(Model::kList, 5, 4, 3'000);
}
TEST(TransactionsBruteForceLong, RandomRegistersOfFour) {
  compare_random(Model::kRegister, 4, 5, 500'000);
}
TEST(TransactionsBruteForceLong, RandomRegistersOfFive) {
  compare_random(Model::kRegister, 5, 6, 500'000);
}
TEST(TransactionsBruteForceLong, RandomListsOfFour) { compare_random(Model::kList, 4, 7, 500'000); }
TEST(TransactionsBruteForceLong, RandomListsOfFive) { compare_random(Model::kList, 5, 8, 500'000); }

}  // namespace
}  // namespace seedbed::txn
