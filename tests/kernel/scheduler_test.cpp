#include "sim/kernel/scheduler.h"

#include <gtest/gtest.h>

#include <vector>

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

}  // namespace
}  // namespace seedbed
