// The log of a site of two-phase commit, kept in the log of its Raft group. Raft's commands are
// those of the kv service, so a record is cut into words, two in each command, and put together
// again when they have been applied: by every member, in the same order, whoever is to speak next.
//
// A leader opens its life, which is its term, with a command of its own. What another one proposed
// in an earlier life and comes after that is no part of the journal: whoever speaks has read all
// that any speaker before it could rely on.
//
//   for (const Words& w : cut(record)) propose(command_of(life, w));
//   journal.replay(raft.log()[i]);                    // each applied entry, in order
//   journal.records(), journal.speaker(), journal.life()
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "protocols/raft/messages.h"
#include "protocols/two_phase_commit/messages.h"
#include "sim/base/shared_log.h"
#include "sim/world/kv.h"

namespace seedbed::commit_over_raft {

namespace tpc = two_phase_commit;

using Word = std::int64_t;
using Words = std::array<Word, 2>;

/// The first word says how many more belong to the record.
std::vector<Words> cut(const tpc::Record& record);
/// Of these words without that first one.
tpc::Record join(const std::vector<Word>& words);

/// Opens a life; carries words of its records.
kv::Command opening(tpc::Life life);
kv::Command carrying(tpc::Life life, const Words& words);

class Journal {
 public:
  /// The next applied entry of the group's log.
  void replay(const raft::Entry& entry);

  const SharedLog<tpc::Record>& records() const { return records_; }
  /// Whose life it is; nobody before the first.
  NodeId speaker() const { return speaker_; }
  tpc::Life life() const { return life_; }
  /// How many records were written in this life.
  std::uint64_t written_in_life() const { return written_in_life_; }

 private:
  SharedLog<tpc::Record> records_;
  NodeId speaker_;
  tpc::Life life_ = 0;
  std::uint64_t written_in_life_ = 0;
  std::uint64_t missing_ = 0;  // words of the record that is being put together
  std::vector<Word> words_;    // of it
};

}  // namespace seedbed::commit_over_raft
