// Random schedules of crashes and disk faults under a journal, and what it owed at each recovery.
//
//   Outcome outcome = run_schedule<Journal>(/*seed=*/7);
//   EXPECT_EQ(outcome.failure, "");
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/world/journal.h"

namespace seedbed::testing {

/// What may go wrong in a schedule, and what did.
struct Outcome {
  std::string failure;  // empty: the journal kept its promises
  std::uint64_t acknowledged = 0;
  std::uint64_t crashes = 0;
  std::uint64_t torn = 0;
  std::uint64_t failed_syncs = 0;
  std::uint64_t failed_reads = 0;
  std::uint64_t full = 0;
  std::uint64_t rotten = 0;
  std::uint64_t strays = 0;
  std::uint64_t lies = 0;
  std::uint64_t dropped = 0;    // blocks of torn tails
  std::uint64_t came_back = 0;  // records that a crash had taken before they were acknowledged
  bool reported = false;        // damage
  bool lost_unseen = false;     // and nothing on the disk could tell
};

template <class J>
class JournalSchedule {
 public:
  explicit JournalSchedule(std::uint64_t seed)
      : rng_(hash_of(seed, hash_text("journal"))), journal_("wal", 4096 * (1 + rng_.below(5))) {
    storage_.configure(false, rng_.below(4) == 0 ? 4096 : 512, 0);
    const std::uint64_t bits = rng_.next();
    tears_ = bits % 4 != 0;
    if ((bits >> 8) % 2 != 0) return;  // half of them: crashes alone
    rots_ = (bits >> 16) % 3 == 0;
    strays_ = (bits >> 24) % 3 == 0;
    lies_ = (bits >> 32) % 4 == 0;
    fails_ = (bits >> 40) % 2 == 0;
    shared_ = (bits >> 48) % 2 == 0;
  }

  Outcome run() {
    recover();
    const std::uint64_t steps = 10 + rng_.below(60);
    for (std::uint64_t i = 0; i < steps && !over_; ++i) step();
    if (!over_) crash();
    return outcome_;
  }

 private:
  Disk disk() {
    return Disk(storage_, {full_, fails_ ? Probability::percent(3) : Probability{}, rng_.next()});
  }
  bool one_in(std::uint64_t n) { return rng_.below(n) == 0; }

  void step() {
    switch (rng_.below(12)) {
      case 0:
      case 1:
      case 2: return append();
      case 3:
      case 4: return flush();
      case 5:
      case 6:
      case 7: return finish_sync();
      case 8: return crash();
      case 9: return compact();
      case 10: return write_beside();
      default: return change_weather();
    }
  }

  void append() {
    for (std::uint64_t n = 1 + rng_.below(3); n > 0; --n) {
      const std::uint64_t size = one_in(8) ? rng_.below(1500) : rng_.below(60);
      std::string record = fmt::format("{}:", ++contents_);
      while (record.size() < size) record += static_cast<char>(rng_.below(one_in(2) ? 1 : 256));
      appended_.push_back(record);
      if (journal_.append(record) != appended_.size()) fail("a wrong number");
    }
    if (one_in(2)) flush();
  }
  void flush() {
    Disk d = disk();
    note(journal_.flush(d));
  }
  void note(Journal::Flush flush) {
    if (flush == Journal::Flush::kFull) ++outcome_.full;
    if (flush == Journal::Flush::kWritten) storage_.hold_tag(Payload{1});
    if (storage_.wants_sync()) storage_.begin_sync();
  }
  void compact() {
    if (journal_.acknowledged() == 0) return;
    const std::uint64_t up_to = rng_.below(journal_.acknowledged() + 1);
    journal_.compact(up_to);
    base_ = std::max(base_, up_to);
  }
  /// A file that is none of the journal's, on the same disk.
  void write_beside() {
    if (!shared_) return;
    Disk d = disk();
    if (!d.write("other", 512 * rng_.below(6), std::string(512, 'o'))) return;
    d.sync("other");
    d.sync_directory();
    if (storage_.wants_sync()) storage_.begin_sync();
  }

  void change_weather() {
    if (lies_ && one_in(2)) {
      lying_ = !lying_;
      if (!lying_) storage_.flush();
    }
    if (fails_ && one_in(2)) full_ = !full_;
    if (rots_ && storage_.places() != 0) {
      const std::uint64_t place = rng_.below(storage_.places());
      storage_.rot(place, rng_.next());
      ++outcome_.rotten;
    }
  }

  void finish_sync() {
    if (!storage_.dirty()) return;
    if (fails_ && one_in(12)) return fail_sync();
    const std::size_t writes = storage_.syncing_writes();
    if (lying_) {
      storage_.pretend();
      ++outcome_.lies;
    } else if (strays_ && one_in(4)) {
      storage_.flush();
      storage_.apply_astray(rng_.next());
      ++outcome_.strays;
    } else {
      storage_.flush();
      storage_.apply(writes);
    }
    WriteBatch& done = storage_.end_sync();
    const bool for_journal = !done.tags.empty();
    done.clear();
    Disk d = disk();
    note(for_journal ? journal_.synced(d) : Journal::Flush::kNothing);
  }

  void fail_sync() {
    ++outcome_.failed_syncs;
    storage_.fail(SyncOutcome::kFailed);
    storage_.flush();
    storage_.tear_files(rng_.next());
    storage_.forget([](Payload) {});
    recover();
  }
  void crash() {
    ++outcome_.crashes;
    if (tears_ && one_in(2)) {
      ++outcome_.torn;
      storage_.tear(rng_.next());
    }
    storage_.forget([](Payload) {});
    recover();
  }

  void recover() {
    promised_ = std::max(promised_, journal_.acknowledged());
    outcome_.acknowledged = promised_;
    Disk d = disk();
    Journal::Recovery found = journal_.recover(d);
    while (found.verdict == Journal::Verdict::kUnreadable) {
      ++outcome_.failed_reads;
      Disk again = disk();
      found = journal_.recover(again);
    }
    outcome_.dropped += found.dropped;
    judge(found);
  }

  void judge(const Journal::Recovery& found) {
    const bool harmed = outcome_.rotten + outcome_.strays + outcome_.lies != 0;
    if (found.last() > appended_.size()) return fail("records that were never appended");
    for (std::size_t i = 0; i < found.records.size(); ++i) {
      if (found.records[i] != appended_[found.first - 1 + i]) {
        return judge_stranger(found.first + i, found.records[i]);
      }
    }
    if (found.verdict == Journal::Verdict::kDamaged) {
      outcome_.reported = over_ = true;
      if (!harmed) fail("a false alarm: " + found.damage);
      return;
    }
    if (found.first > base_ + 1) return fail("the first records are gone");
    if (found.last() < promised_) return judge_loss(found);
    for (; appended_.size() > found.last(); appended_.pop_back()) {
      given_up_.push_back(std::move(appended_.back()));
    }
  }
  /// Nobody was promised anything of it, and two writes astray may bring back what a crash took.
  void judge_stranger(std::uint64_t number, const std::string& record) {
    const bool came_back = outcome_.strays >= 2 && shared_ && number > promised_ &&
                           std::find(given_up_.begin(), given_up_.end(), record) != given_up_.end();
    if (!came_back) return fail(fmt::format("record {} is not what was appended", number));
    ++outcome_.came_back;
    over_ = true;
  }
  /// Nothing was reported: that may be only where nothing on this disk can tell. Who knows from
  /// outside hears of it.
  void judge_loss(const Journal::Recovery& found) {
    const bool all_copies_went = outcome_.lies != 0 || (shared_ && outcome_.strays >= 2);
    Disk d(storage_);
    const bool told = journal_.recover(d, promised_).verdict == Journal::Verdict::kDamaged;
    outcome_.lost_unseen = over_ = true;
    if (!all_copies_went || !told) {
      fail(fmt::format("lost in silence: {} of {}", promised_ - found.last(), promised_));
    }
  }
  void fail(std::string why) {
    if (outcome_.failure.empty()) outcome_.failure = std::move(why);
    over_ = true;
  }

  Rng rng_;
  Storage storage_;
  J journal_;
  bool tears_ = false, rots_ = false, strays_ = false, lies_ = false, fails_ = false;
  bool shared_ = false;  // with other files
  bool lying_ = false, full_ = false, over_ = false;
  std::uint64_t contents_ = 0;
  std::uint64_t promised_ = 0;
  std::uint64_t base_ = 0;
  std::vector<std::string> appended_;
  std::vector<std::string> given_up_;  // at a recovery
  Outcome outcome_;
};

template <class J>
Outcome run_schedule(std::uint64_t seed) {
  return JournalSchedule<J>(seed).run();
}

}  // namespace seedbed::testing
