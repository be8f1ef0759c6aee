// The journal of a group: records as words of Raft's commands and back, and whose words count.
#include "protocols/commit_over_raft/journal.h"

#include <gtest/gtest.h>

#include <limits>

#include "protocols/commit_over_raft/groups.h"

namespace seedbed::commit_over_raft {
namespace {

raft::Entry entry(NodeId from, const kv::Command& command) {
  raft::Entry e{.term = 1, .kind = raft::EntryKind::kCommand};
  e.request = {{from, 1}, kv::kNoSession, 2, command};
  return e;
}

void write(Journal& journal, NodeId from, tpc::Life life, const tpc::Record& record) {
  for (const Words& words : cut(record)) journal.replay(entry(from, carrying(life, words)));
}

tpc::Record prepared(std::uint32_t keys, std::uint32_t numbers) {
  tpc::Record record{tpc::RecordKind::kPrepared, {Time{} + 3_s, {4}, 7}, false, {{1}, {4}}, {}};
  for (std::uint32_t key = 0; key < keys; ++key) {
    record.writes.push_back({key, tx::Numbers(numbers, -5 - std::int64_t{key})});
  }
  return record;
}

constexpr NodeId kFirst{1};
constexpr NodeId kSecond{2};

TEST(Journal, GivesBackWhatWasWritten) {
  Journal journal;
  journal.replay(entry(kFirst, opening(3)));
  std::vector<tpc::Record> written = {{}, {tpc::RecordKind::kDecided, {}, true, {{4}, {7}}, {}}};
  for (std::uint32_t keys = 0; keys < 4; ++keys) {
    for (std::uint32_t numbers = 0; numbers < 4; ++numbers) {
      written.push_back(prepared(keys, numbers));
    }
  }
  for (const tpc::Record& record : written) write(journal, kFirst, 3, record);
  ASSERT_EQ(journal.records().size(), written.size());
  EXPECT_EQ(journal.written_in_life(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) EXPECT_EQ(journal.records()[i + 1], written[i]);
}

TEST(Journal, KeepsEveryNumber) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  tpc::Record record = prepared(0, 0);
  record.txn = {Time{} + Duration(kMost), {~0U}, ~0U};
  record.writes = {{~0U, {kLeast, kMost, -1, 0}}, {0, {}}};
  Journal journal;
  journal.replay(entry(kFirst, opening(1)));
  write(journal, kFirst, 1, record);
  ASSERT_EQ(journal.records().size(), 1U);
  EXPECT_EQ(journal.records()[1], record);
}

TEST(Journal, HasNothingOfWhoDoesNotSpeak) {
  Journal journal;
  write(journal, kFirst, 1, prepared(1, 1));  // nobody speaks yet
  journal.replay(entry(kFirst, opening(2)));
  write(journal, kSecond, 2, prepared(1, 1));  // not its life
  write(journal, kFirst, 1, prepared(1, 1));   // of an earlier one
  EXPECT_TRUE(journal.records().empty());
  EXPECT_EQ(journal.speaker(), kFirst);
}

TEST(Journal, HasNothingOfASpeakerThatWasSucceeded) {
  Journal journal;
  journal.replay(entry(kFirst, opening(2)));
  write(journal, kFirst, 2, prepared(1, 1));
  const std::vector<Words> half = cut(prepared(2, 2));
  journal.replay(entry(kFirst, carrying(2, half[0])));
  journal.replay(entry(kSecond, opening(5)));
  journal.replay(entry(kFirst, carrying(2, half[1])));
  journal.replay(entry(kFirst, opening(2)));  // late: of a term that is over
  write(journal, kFirst, 2, prepared(1, 1));
  EXPECT_EQ(journal.records().size(), 1U);
  EXPECT_EQ(journal.written_in_life(), 0U);
  EXPECT_EQ(journal.speaker(), kSecond);
  EXPECT_EQ(journal.life(), 5U);
}

TEST(Journal, TakesNothingButCommands) {
  Journal journal;
  journal.replay(raft::Entry{.term = 1, .kind = raft::EntryKind::kNoOp});
  EXPECT_EQ(journal.speaker(), kNobody);
}

TEST(Groups, AreCalledAfterTheirFirstNodes) {
  const std::vector<std::uint32_t> sizes = {3, 1, 2};
  const Groups groups(sizes);
  EXPECT_EQ(groups.count(), 3U);
  const std::vector<std::uint32_t> names = {1, 1, 1, 4, 5, 5};
  for (std::uint32_t n = 1; n <= 6; ++n) EXPECT_EQ(groups.name_of({n}), NodeId{names[n - 1]});
  EXPECT_EQ(groups.members(NodeId{5}), (ServerSet{5, 6}));
  EXPECT_EQ(groups.name_of(NodeId{7}), kNobody) << "who joins later stands for nobody";
  EXPECT_TRUE(groups.members(NodeId{2}).empty());
}

}  // namespace
}  // namespace seedbed::commit_over_raft
