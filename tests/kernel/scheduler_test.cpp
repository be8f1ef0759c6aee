#include "sim/kernel/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

struct Alarm {
  int number = 0;
  bool for_good = false;  // cannot be cancelled
  Payload payload;
  std::uint32_t word = 0;
  Alarm() = default;
  Alarm(int n) : number(n) {}  // NOLINT: converts on purpose
  bool can_be_cancelled() const { return !for_good; }
  std::uint32_t& record() { return word; }
  std::uint32_t record() const { return word; }
};

TEST(Scheduler, FiresInOrderAndOnlyWhatIsAlive) {
  Scheduler<Alarm> scheduler;
  const EventId two = scheduler.arm(Time{} + 2_ms, 0, 2);
  scheduler.arm(Time{} + 1_ms, 0, 1);
  scheduler.arm(Time{} + 3_ms, 0, 3);
  EXPECT_TRUE(scheduler.cancel(two));
  EXPECT_FALSE(scheduler.cancel(two)) << "cancelled already";
  std::vector<int> fired;
  for (Scheduler<Alarm>::Due due; scheduler.next(due);) fired.push_back(due.event.number);
  EXPECT_EQ(fired, (std::vector{1, 3}));
  EXPECT_EQ(scheduler.now(), Time{} + 3_ms);
}

TEST(Scheduler, WhatCannotBeCancelledHasNoIdAndKeepsItsPlace) {
  Scheduler<Alarm> scheduler;
  for (int i = 0; i < 300; ++i) {
    Alarm alarm(i);
    alarm.for_good = i % 3 != 0;
    const Time at = Time{} + Duration(i % 10);
    if (alarm.for_good) {
      scheduler.at(at, 0, alarm);
    } else {
      const EventId id = scheduler.arm(at, 0, alarm);
      if (i % 2 == 0) scheduler.cancel(id);
    }
  }
  std::vector<std::pair<Time, int>> fired;
  for (Scheduler<Alarm>::Due due; scheduler.next(due);) {
    EXPECT_EQ(static_cast<bool>(due.id), !due.event.for_good);
    EXPECT_EQ(due.event.word, 0U) << "the scheduler's word is its own";
    fired.emplace_back(scheduler.now(), due.event.number);
  }
  EXPECT_EQ(fired.size(), 250U);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

TEST(Scheduler, CancellingGivesThePayloadBackOnce) {
  Scheduler<Alarm> scheduler;
  Alarm alarm(1);
  alarm.payload = {77};
  const EventId id = scheduler.arm(Time{} + 1_ms, 0, alarm);
  EXPECT_EQ(scheduler.cancel(id), Payload{77});
  EXPECT_EQ(scheduler.cancel(id), std::nullopt);
  EXPECT_EQ(scheduler.cancel({}), std::nullopt);
}

TEST(Scheduler, AnOldIdNeverMeansANewEvent) {
  Scheduler<Alarm> scheduler;
  const EventId first = scheduler.arm(Time{} + 1_ms, 0, 1);
  Scheduler<Alarm>::Due due;
  ASSERT_TRUE(scheduler.next(due));
  const EventId second = scheduler.arm(Time{} + 2_ms, 0, 2);
  EXPECT_EQ(first.record, second.record) << "the record is used again";
  EXPECT_FALSE(scheduler.cancel(first));
  EXPECT_TRUE(scheduler.cancel(second));
}

TEST(Scheduler, ReArmingForEverLeavesNothingBehindThatGrows) {
  Scheduler<Alarm> scheduler;
  for (int i = 0; i < 100; ++i) scheduler.arm(Time{} + 3'600_s, 0, i);
  EventId timer;
  std::size_t most = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    scheduler.cancel(timer);
    timer = scheduler.arm(Time{} + 1'000_s, 0, i);
    most = std::max(most, scheduler.queued());
  }
  EXPECT_EQ(scheduler.pending(), 101U);
  EXPECT_LE(most, 2 * 101U + 128U);
}

TEST(Scheduler, WhatIsPutOffWaitsWhereItStands) {
  Scheduler<Alarm> scheduler;
  const EventId id = scheduler.arm(Time{} + 5_ms, 0, 5);
  EXPECT_FALSE(scheduler.put_off(id, Time{} + 9_ms)) << "nobody said that it may be";
  scheduler.may_be_put_off(id, Time{} + 5_ms);
  EXPECT_FALSE(scheduler.put_off(id, Time{} + 4_ms)) << "it would come too late";
  for (int ms = 6; ms <= 1000; ++ms) {
    EXPECT_TRUE(scheduler.put_off(id, Time{} + Duration(ms * 1'000'000LL)));
    EXPECT_EQ(scheduler.queued(), 1U);
  }
  EXPECT_TRUE(scheduler.put_off(id, Time{} + 9_ms)) << "and back again";
  const EventId between = scheduler.arm(Time{} + 7_ms, 0, 7);
  Scheduler<Alarm>::Due due;
  ASSERT_TRUE(scheduler.next(due));
  EXPECT_EQ(due.id, between);
  EXPECT_EQ(scheduler.pending(), 1U);
  ASSERT_TRUE(scheduler.next(due));
  EXPECT_EQ(due.id, id);
  EXPECT_EQ(due.event.number, 5);
  EXPECT_EQ(scheduler.now(), Time{} + 9_ms);
  EXPECT_FALSE(scheduler.put_off(id, Time{} + 20_ms)) << "it has fired";
  EXPECT_FALSE(scheduler.next(due));
}

/// Against cancelling and arming anew; some are cancelled, and some moved from outside.
TEST(Scheduler, PuttingOffIsCancellingAndArmingAnew) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Rng rng(seed);
    Scheduler<Alarm> lazy;
    Scheduler<Alarm> eager;
    std::vector<EventId> ids(8);
    std::vector<EventId> plain(ids.size());
    for (int step = 0; step < 3000; ++step) {
      const std::size_t i = rng.below(ids.size());
      const Time now = std::max(lazy.now(), eager.now());  // tombstones may have led one further
      const Time at = now + Duration(static_cast<std::int64_t>(rng.below(1U << 30)));
      const std::uint64_t action = rng.below(20);
      if (action < 16) {
        eager.cancel(plain[i]);
        plain[i] = eager.arm(at, 0, static_cast<int>(i));
        if (lazy.put_off(ids[i], at)) continue;
        lazy.cancel(ids[i]);
        ids[i] = lazy.arm(at, 0, static_cast<int>(i));
        lazy.may_be_put_off(ids[i], at);
      } else if (action < 17) {
        EXPECT_EQ(lazy.cancel(ids[i]).has_value(), eager.cancel(plain[i]).has_value());
      } else if (action < 18) {
        for (Scheduler<Alarm>* scheduler : {&lazy, &eager}) {
          for (auto& entry : scheduler->lift([](const Alarm&a, Time) { return a.number < 4; })) {
            entry.time = now + (entry.time - now) / 2;
            scheduler->put_back(entry);
          }
        }
      } else {
        Scheduler<Alarm>::Due mine;
        Scheduler<Alarm>::Due its;
        const bool any = lazy.next(mine);
        ASSERT_EQ(any, eager.next(its));
        if (!any) continue;
        EXPECT_EQ(mine.event.number, its.event.number);
        EXPECT_EQ(lazy.now(), eager.now());
      }
      ASSERT_EQ(lazy.pending(), eager.pending());
    }
  }
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
    Scheduler<Alarm> scheduler;
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
        expected.push_back({at, order++, i, scheduler.arm(at, 0, i)});
      } else if (action < 65) {
        const auto victim =
            expected.begin() + static_cast<std::ptrdiff_t>(rng.below(expected.size()));
        EXPECT_TRUE(scheduler.cancel(victim->id));
        expected.erase(victim);
      } else if (action < 97) {
        const auto first = std::min_element(expected.begin(), expected.end(), by_time);
        Scheduler<Alarm>::Due due;
        ASSERT_TRUE(scheduler.next(due));
        ASSERT_EQ(due.event.number, first->event);
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
        for (auto entry : scheduler.lift([](const Alarm&a, Time) { return a.number % 3 == 0; })) {
          EXPECT_EQ(entry.item.number % 3, 0);
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
