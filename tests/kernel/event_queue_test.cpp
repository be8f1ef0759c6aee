#include "sim/kernel/event_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

using Queue = EventQueue<std::uint32_t>;

/// The order by definition: (time, tie, sequence).
class ReferenceQueue {
 public:
  void push(Time time, std::uint32_t tie, std::uint32_t slot) {
    entries_[{time, tie, sequence_++}] = slot;
  }
  std::pair<Time, std::uint32_t> pop() {
    const auto first = entries_.begin();
    const std::pair result{std::get<0>(first->first), first->second};
    entries_.erase(first);
    return result;
  }
  Time next_time() const { return std::get<0>(entries_.begin()->first); }
  void sweep(auto dead) {
    std::erase_if(entries_, [&](const auto& e) { return dead(e.second); });
  }
  bool empty() const { return entries_.empty(); }

 private:
  std::map<std::tuple<Time, std::uint32_t, std::uint64_t>, std::uint32_t> entries_;
  std::uint64_t sequence_ = 0;
};

/// Delays of every magnitude, zero included, so that all buckets and ties are used.
Duration draw_delay(Rng& rng) {
  const std::uint64_t bits = rng.below(40);
  return Duration(static_cast<std::int64_t>(rng.below((std::uint64_t{1} << bits) + 1)));
}

void compare_with_reference(std::uint64_t seed, bool random_ties) {
  Rng rng(seed);
  Queue queue;
  ReferenceQueue reference;
  std::uint32_t slot = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t action = rng.below(100);
    if (action < 55 || queue.empty()) {
      const Time at = queue.now() + draw_delay(rng);
      const auto tie = random_ties ? static_cast<std::uint32_t>(rng.below(4)) : 0;
      queue.push(at, tie, slot);
      reference.push(at, tie, slot++);
    } else if (action < 99) {
      const Queue::Entry entry = queue.pop();
      ASSERT_EQ(std::pair(entry.time, entry.item), reference.pop()) << "after " << i;
    } else {
      const auto dead = [](std::uint32_t s) { return s % 7 == 0; };
      queue.sweep([&](const Queue::Entry& e) { return dead(e.item); });
      reference.sweep(dead);
    }
    ASSERT_EQ(queue.empty(), reference.empty());
  }
  while (!queue.empty()) {
    const Queue::Entry entry = queue.pop();
    ASSERT_EQ(std::pair(entry.time, entry.item), reference.pop());
  }
}

TEST(EventQueue, AgreesWithTheDefinitionOfTheOrder) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) compare_with_reference(seed, false);
}

TEST(EventQueue, AgreesWithTheDefinitionOfTheOrderWithTies) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) compare_with_reference(seed, true);
}

/// The queue shrinks to a few, grows to many, and crowds come at one instant or near it, later ones
/// sooner: windows are all of it, a part of it, and longer than a window should be.
void compare_through_sizes(std::uint64_t seed, bool random_ties) {
  Rng rng(seed);
  Queue queue;
  ReferenceQueue reference;
  std::uint32_t slot = 0;
  const auto push = [&](Time at) {
    const auto tie = random_ties ? static_cast<std::uint32_t>(rng.below(4)) : 0;
    queue.push(at, tie, slot);
    reference.push(at, tie, slot++);
  };
  const auto pop = [&] {
    const Queue::Entry entry = queue.pop();
    ASSERT_EQ(std::pair(entry.time, entry.item), reference.pop());
  };
  for (int wave = 0; wave < 60; ++wave) {
    const std::uint64_t size = rng.below(std::uint64_t{1} << rng.below(12));
    while (queue.size() < size) push(queue.now() + draw_delay(rng));
    Duration crowd = draw_delay(rng);
    for (std::uint64_t crowds = rng.below(5); crowds > 0; --crowds, crowd = crowd / 2) {
      const std::uint64_t wide = 1 + rng.below(3) * rng.below(1'000);
      for (int i = 0; i < 100; ++i) {
        push(queue.now() + crowd + Duration(static_cast<std::int64_t>(rng.below(wide))));
      }
    }
    for (int i = 0; i < 300 && !queue.empty(); ++i) {
      ASSERT_EQ(queue.next_time(), reference.next_time());
      pop();
      push(queue.now() + draw_delay(rng));
    }
    while (queue.size() > rng.below(20)) pop();
  }
}

TEST(EventQueue, AgreesWhateverItsSize) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    compare_through_sizes(seed, false);
    compare_through_sizes(seed, true);
  }
}

TEST(EventQueue, ShowsWhatComesNext) {
  Rng rng(3);
  Queue queue;
  for (std::uint32_t i = 0; i < 5'000; ++i) queue.push(Time{} + draw_delay(rng), 0, i);
  for (int i = 0; i < 4'000; ++i) {
    const std::uint32_t next = queue.window().empty() ? 0 : queue.window().front().item;
    const bool known = !queue.window().empty();
    const Queue::Entry entry = queue.pop();
    if (known) {
      ASSERT_EQ(entry.item, next);
    }
  }
}

TEST(EventQueue, ACopyPopsTheSame) {
  Rng rng(7);
  Queue queue;
  for (std::uint32_t i = 0; i < 1000; ++i) queue.push(queue.now() + draw_delay(rng), 0, i);
  for (int i = 0; i < 300; ++i) queue.pop();
  Queue copy = queue;
  while (!queue.empty()) EXPECT_EQ(queue.pop().item, copy.pop().item);
  EXPECT_TRUE(copy.empty());
}

TEST(EventQueue, RefusesThePast) {
  Queue queue;
  queue.push(Time{} + 5_ms, 0, 1);
  queue.pop();
  EXPECT_THROW(queue.push(Time{} + 4_ms, 0, 2), AssertionFailed);
  EXPECT_THROW(queue.pop(), AssertionFailed);
}

}  // namespace
}  // namespace seedbed
