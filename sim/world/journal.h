// A journal: records appended to files of a Disk, each acknowledged once it is safe. Records are
// numbered from 1. They lie in blocks of 512 bytes, each with its own address and a CRC-32C over it
// all; a block is written once and never again, and a flush begins a new one (as Oracle's redo
// log), at a multiple of 4096, so that flushes share no sector. After any recovery a new file is
// begun: what is left of a torn tail is never mistaken for what was written later.
//
// A torn tail and corruption look alike unless something else tells what was acknowledged
// (Alagappan et al., FAST 2018, Protocol-Aware Recovery for Consensus-Based Storage). Here every
// block holds a mark: all records up to this number are durable. A record is acknowledged only when
// a mark that covers it is durable, too: one more sync, which the next flush shares under load.
//
// What holds, where a disk writes sectors of 512 to 4096 bytes whole or not at all:
//  - After crashes that tear and reorder, failed syncs and reads and a full disk, every
//  acknowledged
//    record is there, in order, and nothing is reported.
//  - Bits that flip: up to 5 in a block are found for certain (Koopman, DSN 2002), more but for a
//    chance of 2^-32. Every block that is neither blank nor sound is reported, needed or not.
//  - A write that goes astray is reported if it hit this journal; else, if the record that it took
//    is missed by a mark. (Where the record and every later mark went astray into other people's
//    files, this disk is what it was before them: see below.)
//  - A sync that lies, and a crash: reported if anything that survived knows of what did not. If
//  the
//    disk went back as a whole to what it was before, nothing on it can tell: that is so for any
//    program that keeps both copies on one device. Who knows more from outside (a replica, an
//    answer that was sent) passes it to `recover` as `known`, and what is missing is reported.
//
//   Journal::Recovery found = journal.recover(disk);  // at every start; damaged: ctx.halt()
//   journal.append("bytes");                          // now in memory
//   if (journal.flush(disk) == Journal::Flush::kWritten) ctx.when_synced(Synced{});
//   // on(Synced): if (journal.synced(disk) == Journal::Flush::kWritten) ctx.when_synced(Synced{});
//   // then whatever is up to journal.acknowledged() may be told to others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/disk.h"

namespace seedbed {

class Journal {
 public:
  /// Its files are `name`.00000001 and so on, each of about so many bytes.
  explicit Journal(std::string name, std::uint64_t segment_bytes = 64 * 1024);
  virtual ~Journal() = default;
  Journal(const Journal&) = default;
  Journal(Journal&&) = default;
  Journal& operator=(const Journal&) = default;
  Journal& operator=(Journal&&) = default;

  enum class Verdict : std::uint8_t {
    kSound,       // all that was acknowledged is there, as far as this disk can tell
    kDamaged,     // something is not what it was; `records` end before the first that is missing
    kUnreadable,  // a read failed: it may be tried again
  };
  struct Recovery {
    Verdict verdict = Verdict::kSound;
    std::string damage;                // what is wrong, for people
    std::uint64_t first = 1;           // the number of records.front()
    std::vector<std::string> records;  // in order, without gaps
    std::uint64_t acknowledged = 0;    // at least so many were, by the marks
    std::uint64_t dropped = 0;         // blocks of tails that never were
    std::uint64_t last() const { return first + records.size() - 1; }
  };
  /// What the disk has. The journal goes on from there, unless the verdict forbids it. Also after
  /// a SyncFailed. `known`: so many records are known to have been acknowledged.
  Recovery recover(Disk& disk, std::uint64_t known = 0);

  /// Returns the record's number. Not while damaged or unreadable.
  std::uint64_t append(std::string_view record);
  /// Records up to here (at most `acknowledged`) are needed no more; their files go once that is
  /// durable.
  void compact(std::uint64_t up_to);

  enum class Flush : std::uint8_t {
    kNothing,  // nothing to write, or not yet: a sync is under way
    kWritten,  // call `synced` when what was written so far is durable
    kFull,     // the disk is; nothing was written, and a later flush may succeed
  };
  /// Writes what was appended, unless a sync is under way.
  Flush flush(Disk& disk);
  /// That sync has ended; flushes again if there is more to do.
  Flush synced(Disk& disk);

  /// Every record up to here outlives whatever this journal can outlive.
  virtual std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t appended() const { return appended_; }
  std::size_t files() const { return segments_.size(); }

 protected:
  // The rules that safety rests on; a mutant breaks one.

  /// The bytes are those that were written, and written for this place.
  virtual bool is_sound(std::string_view block, std::uint32_t segment, std::uint32_t number) const;
  /// A record ends where its length says, if so much was written.
  virtual bool is_whole(std::uint64_t size, std::uint64_t there) const { return size <= there; }
  /// What comes after a hole was never acknowledged, or something is missing.
  virtual bool ends_at_a_hole() const { return true; }
  /// A file is there after a crash only if its name is durable.
  virtual void sync_names(Disk& disk) const { disk.sync_directory(); }
  /// A record is acknowledged when that is known to a second place.
  virtual bool waits_for_its_mark() const { return true; }
  std::uint64_t written() const { return written_; }

 private:
  static constexpr std::size_t kBlock = 512;
  static constexpr std::uint32_t kAligned = 4096 / kBlock;  // blocks
  struct Segment {
    std::uint32_t number = 0;
    std::uint64_t first = 0;   // the number of its first record
    std::uint32_t blocks = 0;  // where the next flush goes
  };
  struct Flight {
    std::uint64_t last = 0;
    std::uint64_t mark = 0;
    std::uint64_t base = 0;
  };
  struct Scan;

  std::string path_of(std::uint32_t segment) const;
  std::optional<std::uint32_t> segment_of(std::string_view path) const;
  void look_at(std::uint32_t number, std::string_view content, Scan& scan) const;
  void read_records(const Scan& scan, Recovery& found) const;
  bool has_more_to_write() const;
  std::string blocks_of(std::string_view bytes, const Segment& at) const;
  void drop_old_files(Disk& disk);

  std::string name_;
  std::uint64_t segment_blocks_;
  std::vector<Segment> segments_;  // by number; the last is written to, unless `fresh_`
  std::uint32_t last_number_ = 0;  // of any file ever seen
  bool fresh_ = true;              // the next flush begins a file
  bool names_changed_ = false;
  bool open_ = true;
  std::string pending_;  // appended, not written: each with its length
  std::uint64_t appended_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t synced_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t base_ = 0;
  std::uint64_t durable_base_ = 0;
  std::optional<Flight> flight_;
};

}  // namespace seedbed
