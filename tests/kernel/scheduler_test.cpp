#include "sim/kernel/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

TEST(Scheduler, FiresInOrderAndOnlyWhatIsAlive) {
  Scheduler<int> scheduler;
  const EventId two = scheduler.at(Time{} + 2_ms, 0, 2);
  scheduler.at(Time{} + 1_ms, 0, 1);
  scheduler.at(Time{} + 3_ms, 0, 3);
  EXPECT_TRUE(scheduler.cancel(two));
  EXPECT_FALSE(scheduler.cancel(two)) << "cancelled already";
  std::vector<int> fired;
  for (Scheduler<int>::Due due; scheduler.next(due);) fired.push_back(due.event);
  EXPECT_EQ(fired, (std::vector{1, 3}));
  EXPECT_EQ(scheduler.now(), Time{} + 3_ms);
}

TEST(Scheduler, AnOldIdNeverMeansANewEvent) {
  Scheduler<int> scheduler;
  const EventId first = scheduler.at(Time{} + 1_ms, 0, 1);
  Scheduler<int>::Due due;
  ASSERT_TRUE(scheduler.next(due));
  const EventId second = scheduler.at(Time{} + 2_ms, 0, 2);
  EXPECT_EQ(first.slot, second.slot) << "the slot is used again";
  EXPECT_FALSE(scheduler.cancel(first));
  EXPECT_TRUE(scheduler.find(second));
}

TEST(Scheduler, ReArmingForEverLeavesNothingBehindThatGrows) {
  Scheduler<int> scheduler;
  for (int i = 0; i < 100; ++i) scheduler.at(Time{} + 3'600_s, 0, i);
  EventId timer;
  std::size_t most = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    scheduler.cancel(timer);
    timer = scheduler.at(Time{} + 1'000_s, 0, i);
    most = std::max(most, scheduler.queued());
  }
  EXPECT_EQ(scheduler.pending(), 101U);
  EXPECT_LE(most, 2 * 101U + 128U);
}

/// Against a list that is sorted anew at every step: events are added, cancelled, fired and moved.
TEST(Scheduler, WhatIsLiftedComesAtItsNewTimeUnderItsOldId) {
  struct Expected {
    Time time;
    std::uint64_t order;
    int event;
    EventId id;
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed);
    Scheduler<int> scheduler;
    std::vector<Expected> expected;
    std::uint64_t order = 0;
    int lifts = 0;
    const auto by_time = [](const Expected& a, const Expected& b) {
      return a.time != b.time ? a.time < b.time : a.order < b.order;
    };
    for (int i = 0; i < 4000; ++i) {
      const std::uint64_t action = rng.below(100);
      if (action < 55 || expected.empty()) {
        const Time at = scheduler.now() + Duration(static_cast<std::int64_t>(rng.below(500)));
        expected.push_back({at, order++, i, scheduler.at(at, 0, i)});
      } else if (action < 65) {
        const auto victim =
            expected.begin() + static_cast<std::ptrdiff_t>(rng.below(expected.size()));
        EXPECT_TRUE(scheduler.cancel(victim->id));
        expected.erase(victim);
      } else if (action < 97) {
        const auto first = std::min_element(expected.begin(), expected.end(), by_time);
        Scheduler<int>::Due due;
        ASSERT_TRUE(scheduler.next(due));
        ASSERT_EQ(due.event, first->event);
        ASSERT_EQ(due.id, first->id);
        ASSERT_EQ(scheduler.now(), first->time);
        expected.erase(first);
      } else {  // every third event is halfway nearer
        ++lifts;
        const Time now = scheduler.now();
        const auto nearer = [&](Time t) { return now + (t - now) / 2; };
        std::sort(expected.begin(), expected.end(), by_time);
        for (Expected& e : expected) {
          if (e.event % 3 == 0) e = {nearer(e.time), order++, e.event, e.id};
        }
        for (EventQueue::Entry entry :
             scheduler.lift([](int event, Time) { return event % 3 == 0; })) {
          EXPECT_EQ(scheduler.event_of(entry) % 3, 0);
          entry.time = nearer(entry.time);
          scheduler.put_back(entry);
        }
      }
      ASSERT_EQ(scheduler.pending(), expected.size());
    }
    EXPECT_GT(lifts, 50);
  }
}

}  // namespace
}  // namespace seedbed
