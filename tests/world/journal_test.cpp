#include "sim/world/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/journal_schedules.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Outcome;
using testing::run_schedule;

/// A journal on a disk that does what it is told.
struct Bench {
  Storage storage;
  Disk disk{storage};
  Journal journal{"wal", 16384};

  Journal::Recovery recover(std::uint64_t known = 0) { return journal.recover(disk, known); }
  void sync() {
    storage.begin_sync();
    storage.apply(storage.syncing_writes());
    storage.end_sync().clear();
  }
  /// Until everything is acknowledged.
  void commit() {
    auto flush = journal.flush(disk);
    while (flush == Journal::Flush::kWritten) {
      sync();
      flush = journal.synced(disk);
    }
  }
  void crash() {
    storage.forget([](Payload) {});
  }
};

TEST(Journal, KeepsWhatItAcknowledged) {
  Bench b;
  EXPECT_THAT(b.recover().records, IsEmpty());
  EXPECT_EQ(b.journal.append("one"), 1U);
  EXPECT_EQ(b.journal.append(std::string(1500, 'x')), 2U);
  EXPECT_EQ(b.journal.acknowledged(), 0U);
  b.commit();
  EXPECT_EQ(b.journal.acknowledged(), 2U);
  b.journal.append("three");
  b.crash();
  const auto found = b.recover();
  EXPECT_EQ(found.verdict, Journal::Verdict::kSound);
  EXPECT_THAT(found.records, ElementsAre("one", std::string(1500, 'x')));
  EXPECT_EQ(b.journal.append("another third"), 3U);
}

TEST(Journal, AcknowledgesOnceTheMarkIsDurable) {
  Bench b;
  b.recover();
  b.journal.append("one");
  EXPECT_EQ(b.journal.flush(b.disk), Journal::Flush::kWritten);
  EXPECT_EQ(b.journal.flush(b.disk), Journal::Flush::kNothing) << "a sync is under way";
  b.sync();
  b.journal.append("two");
  EXPECT_EQ(b.journal.synced(b.disk), Journal::Flush::kWritten);
  EXPECT_EQ(b.journal.acknowledged(), 0U);
  b.sync();
  EXPECT_EQ(b.journal.synced(b.disk), Journal::Flush::kWritten) << "the mark of the second";
  EXPECT_EQ(b.journal.acknowledged(), 1U)
      << "the flush of the second brought the mark of the first";
  b.sync();
  EXPECT_EQ(b.journal.synced(b.disk), Journal::Flush::kNothing);
  EXPECT_EQ(b.journal.acknowledged(), 2U);
}

TEST(Journal, BeginsFilesAndDropsThoseThatAreNotNeeded) {
  Bench b;
  b.recover();
  for (int i = 0; i < 20; ++i) {
    b.journal.append(std::string(400, static_cast<char>('a' + i)));
    b.commit();
  }
  const std::size_t before = b.journal.files();
  EXPECT_GT(before, 5U);
  b.journal.compact(15);
  b.commit();
  EXPECT_LT(b.journal.files(), before - 4);
  b.crash();
  const auto found = b.recover();
  EXPECT_EQ(found.first, 16U);
  EXPECT_EQ(found.last(), 20U);
  EXPECT_EQ(found.records.front(), std::string(400, 'p'));
}

TEST(Journal, AFullDiskLosesNothing) {
  Bench b;
  b.recover();
  b.journal.append("one");
  Disk full(b.storage, {.full = true});
  EXPECT_EQ(b.journal.flush(full), Journal::Flush::kFull);
  b.commit();
  b.crash();
  EXPECT_THAT(b.recover().records, ElementsAre("one"));
}

TEST(Journal, WhatRotsIsReportedWhereverItIs) {
  Bench clean;
  clean.recover();
  clean.journal.append("one");
  clean.commit();
  clean.journal.append(std::string(900, 'x'));
  clean.commit();
  for (std::uint64_t place = 0; place < clean.storage.places(); ++place) {
    for (std::uint64_t k = 0; k < 64; ++k) {
      Storage storage = clean.storage;
      storage.rot(place, hash_of(place, k));
      storage.forget([](Payload) {});
      Disk disk(storage);
      Journal journal = clean.journal;
      const auto found = journal.recover(disk);
      EXPECT_EQ(found.verdict, Journal::Verdict::kDamaged) << place;
      EXPECT_THAT(found.damage, HasSubstr("is not what was written there"));
      EXPECT_THROW(journal.append("more"), AssertionFailed);
    }
  }
}

TEST(Journal, ALieThatLeavesNoTraceIsFoundByWhoKnowsMore) {
  Bench b;
  b.recover();
  b.journal.append("one");
  b.commit();
  b.journal.append("two");
  auto flush = b.journal.flush(b.disk);
  while (flush == Journal::Flush::kWritten) {
    b.storage.begin_sync();
    b.storage.pretend();
    b.storage.end_sync().clear();
    flush = b.journal.synced(b.disk);
  }
  EXPECT_EQ(b.journal.acknowledged(), 2U);
  b.crash();
  EXPECT_EQ(b.recover().verdict, Journal::Verdict::kSound) << "the disk is what it was before";
  const auto found = b.recover(2);
  EXPECT_EQ(found.verdict, Journal::Verdict::kDamaged);
  EXPECT_EQ(found.damage, "records 2 to 2 were acknowledged, and are missing");
}

TEST(Journal, AReadThatFailsIsNoVerdictOnTheDisk) {
  Bench b;
  b.recover();
  b.journal.append("one");
  b.commit();
  Disk failing(b.storage, {.read_error = Probability::percent(100)});
  EXPECT_EQ(b.journal.recover(failing).verdict, Journal::Verdict::kUnreadable);
  EXPECT_THAT(b.recover().records, ElementsAre("one"));
}

// --- a checker that nothing can break proves nothing

struct NoChecksum : Journal {
  using Journal::Journal;
  bool is_sound(std::string_view, std::uint32_t, std::uint32_t) const override { return true; }
};
struct AcknowledgesEarly : Journal {
  using Journal::Journal;
  std::uint64_t acknowledged() const override { return written(); }
};
struct ForgetsTheDirectory : Journal {
  using Journal::Journal;
  void sync_names(Disk&) const override {}
};
struct TrustsLengths : Journal {
  using Journal::Journal;
  bool is_whole(std::uint64_t, std::uint64_t) const override { return true; }
};
struct SkipsHoles : Journal {
  using Journal::Journal;
  bool ends_at_a_hole() const override { return false; }
};
struct NeedsNoMark : Journal {
  using Journal::Journal;
  bool waits_for_its_mark() const override { return false; }
};

/// The first schedule that shows what is wrong with it.
template <class J>
void expect_caught(const std::string& name) {
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    const Outcome outcome = run_schedule<J>(seed);
    if (outcome.failure.empty()) continue;
    fmt::print("{}: schedule {}: {}\n", name, seed, outcome.failure);
    return;
  }
  ADD_FAILURE() << name << " is not caught";
}

TEST(JournalMutants, AreCaught) {
  expect_caught<NoChecksum>("no checksum");
  expect_caught<AcknowledgesEarly>("acknowledges before the sync");
  expect_caught<ForgetsTheDirectory>("forgets the directory's sync");
  expect_caught<TrustsLengths>("trusts lengths");
  expect_caught<SkipsHoles>("skips holes");
  expect_caught<NeedsNoMark>("acknowledges without a mark");
}

// --- what it must survive

void add(Outcome& sum, const Outcome& one) {
  for (const auto field :
       {&Outcome::acknowledged, &Outcome::crashes, &Outcome::torn, &Outcome::failed_syncs,
        &Outcome::failed_reads, &Outcome::full, &Outcome::rotten, &Outcome::strays, &Outcome::lies,
        &Outcome::dropped, &Outcome::came_back}) {
    sum.*field += one.*field;
  }
}

TEST(JournalSchedules, LoseNothingInSilence) {
  constexpr std::uint64_t kSchedules = 100'000;
  Outcome sum;
  std::uint64_t reported = 0, lost_unseen = 0;
  for (std::uint64_t seed = 1; seed <= kSchedules; ++seed) {
    const Outcome outcome = run_schedule<Journal>(seed);
    ASSERT_EQ(outcome.failure, "") << "schedule " << seed;
    add(sum, outcome);
    reported += outcome.reported;
    lost_unseen += outcome.lost_unseen;
  }
  fmt::print(
      "{} schedules: {} records acknowledged, {} crashes, {} of them torn, {} blocks of torn tails "
      "dropped, {} failed syncs, {} failed reads, {} times full, {} bits rotten, {} writes astray, "
      "{} syncs that lied; damage reported in {}; in {} every copy was gone, and only who knew "
      "from "
      "outside could tell\n",
      kSchedules, sum.acknowledged, sum.crashes, sum.torn, sum.dropped, sum.failed_syncs,
      sum.failed_reads, sum.full, sum.rotten, sum.strays, sum.lies, reported, lost_unseen);
  for (const std::uint64_t happened :
       {sum.acknowledged, sum.torn, sum.dropped, sum.failed_syncs, sum.failed_reads, sum.full,
        sum.rotten, sum.strays, sum.lies, reported, lost_unseen}) {
    EXPECT_GT(happened, kSchedules / 1000);
  }
}

}  // namespace
}  // namespace seedbed
