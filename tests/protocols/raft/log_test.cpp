#include "protocols/raft/log.h"

#include <gtest/gtest.h>

namespace seedbed::raft {
namespace {

/// A log with these terms at indices 1, 2, ...
Log log_of(std::initializer_list<Term> terms) {
  Log log;
  for (const Term term : terms) log.append({.term = term});
  return log;
}

TEST(Log, AllLogsAgreeOnThePositionBeforeTheFirstEntry) {
  EXPECT_TRUE(log_of({}).contains({0, 0}));
  EXPECT_TRUE(log_of({1}).contains({0, 0}));
  EXPECT_EQ(log_of({}).last(), (LogPosition{0, 0}));
}

// The followers of Figure 7 against the leader's prevLogIndex 10, prevLogTerm 6 (section 5.3).
TEST(Log, ConsistencyCheckOfFigure7) {
  const LogPosition prev{10, 6};
  EXPECT_FALSE(log_of({1, 1, 1, 4, 4, 5, 5, 6, 6}).contains(prev)) << "(a) misses an entry";
  EXPECT_FALSE(log_of({1, 1, 1, 4}).contains(prev)) << "(b) misses many";
  EXPECT_TRUE(log_of({1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6}).contains(prev)) << "(c) has one more";
  EXPECT_TRUE(log_of({1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7}).contains(prev)) << "(d) has two more";
  EXPECT_FALSE(log_of({1, 1, 1, 4, 4, 4, 4}).contains(prev)) << "(e) has others and misses some";
  EXPECT_FALSE(log_of({1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}).contains(prev)) << "(f) has others";
}

// Section 5.4.1: the later last term is more up-to-date; with equal terms, the longer log.
TEST(Log, UpToDateComparesTheLastTermThenTheLength) {
  const LogPosition mine = log_of({1, 2, 2}).last();
  EXPECT_TRUE(is_at_least_as_up_to_date({3, 2}, mine));
  EXPECT_TRUE(is_at_least_as_up_to_date({4, 2}, mine));
  EXPECT_TRUE(is_at_least_as_up_to_date({1, 3}, mine));
  EXPECT_FALSE(is_at_least_as_up_to_date({2, 2}, mine));
  EXPECT_FALSE(is_at_least_as_up_to_date({9, 1}, mine));
  EXPECT_TRUE(is_at_least_as_up_to_date({0, 0}, log_of({}).last()));
}

TEST(Log, AWholeConflictingTermIsSkippedAtOnce) {
  const Log log = log_of({1, 1, 2, 2, 2, 3});
  EXPECT_EQ(log.first_of_term_at(5), 3U);
  EXPECT_EQ(log.first_of_term_at(6), 6U);
  EXPECT_EQ(log.first_of_term_at(2), 1U);
}

TEST(Log, SlicesAreBounded) {
  const Log log = log_of({1, 2, 3, 4});
  EXPECT_EQ(log.slice(2, 2).size(), 2U);
  EXPECT_EQ(log.slice(2, 2)[0].term, 2U);
  EXPECT_EQ(log.slice(4, 10).size(), 1U);
  EXPECT_TRUE(log.slice(5, 10).empty());
}

}  // namespace
}  // namespace seedbed::raft
