// The messages of two-phase commit, and what coordinators and participants force to their logs:
// Mohan, Lindsay, Obermarck, "Transaction Management in the R* Distributed Database Management
// System" (1986), sections 2 and 3. A transaction works first, which takes its locks; then it is
// voted on.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/world/txn.h"

namespace seedbed::two_phase_commit {

/// Counts the starts of a node: what was asked of an earlier life is not answered for in this one.
using Life = std::uint32_t;

/// Names a transaction for ever. The older one is smaller: `age` rises with each transaction of a
/// coordinator, by its clock.
struct TxnId {
  Time age;
  NodeId coordinator;
  Life life = 0;
  constexpr auto operator<=>(const TxnId&) const = default;
  constexpr void describe(auto& d) const {
    d("age", age)("coordinator", coordinator)("life", life);
  }
};
/// "n1@1.2s".
std::string brief_text(const TxnId& txn);

enum class Choice : std::uint8_t { kYes, kNo, kReadOnly };
constexpr std::string_view name_of(Choice choice) {
  constexpr std::string_view kNames[] = {"yes", "no", "read_only"};
  return kNames[static_cast<std::uint8_t>(choice)];
}

// Before the vote.

/// The operations of the transaction on the participant's keys, in their order.
struct Work {
  static constexpr auto kName = "Work";
  TxnId txn;
  Time lowest_open;  // its coordinator is done with what is older; 0: not with all of earlier lives
  std::vector<tx::Operation> operations;
  constexpr void describe(auto& d) const {
    d("txn", txn)("lowest_open", lowest_open)("operations", operations);
  }
};
struct Worked {
  static constexpr auto kName = "Worked";
  TxnId txn;
  Life life = 0;
  bool granted = false;  // else it could not have its locks, and is aborted here
  std::vector<tx::Numbers> reads;
  constexpr void describe(auto& d) const {
    d("txn", txn)("life", life)("granted", granted)("reads", reads);
  }
};

// The two phases.

struct Prepare {
  static constexpr auto kName = "Prepare";
  TxnId txn;
  Life life = 0;  // of the participant, when it worked: one that has forgotten the work votes no
  std::vector<NodeId> participants;
  constexpr void describe(auto& d) const {
    d("txn", txn)("life", life)("participants", participants);
  }
};
struct Vote {
  static constexpr auto kName = "Vote";
  TxnId txn;
  Choice choice = Choice::kYes;
  constexpr void describe(auto& d) const { d("txn", txn)("choice", choice); }
};
struct Decision {
  static constexpr auto kName = "Decision";
  TxnId txn;
  bool commit = false;
  constexpr void describe(auto& d) const { d("txn", txn)("commit", commit); }
};
struct Ack {
  static constexpr auto kName = "Ack";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
/// Who is in doubt asks the coordinator, and perhaps the other participants.
struct Inquiry {
  static constexpr auto kName = "Inquiry";
  TxnId txn;
  std::vector<NodeId> participants;
  constexpr void describe(auto& d) const { d("txn", txn)("participants", participants); }
};

// On the disk.

struct Lives {
  static constexpr auto kName = "Lives";
  Life count = 0;
  constexpr void describe(auto& d) const { d("count", count); }
};

struct Write {
  tx::Key key = 0;
  tx::Numbers numbers;  // all that the key holds then
  constexpr bool operator==(const Write&) const = default;
  constexpr void describe(auto& d) const { d("key", key)("numbers", numbers); }
};

enum class RecordKind : std::uint8_t {
  kCollecting,    // of a coordinator that presumes commits: the vote begins
  kDecided,       // of a coordinator: commit, or abort
  kEnd,           // of a coordinator: it may forget the transaction
  kPrepared,      // of a participant
  kPrecommitted,  // of a participant of three-phase commit
  kFinished,      // of a participant: committed, or aborted
};
constexpr std::string_view name_of(RecordKind kind) {
  constexpr std::string_view kNames[] = {"collecting", "decided",      "end",
                                         "prepared",   "precommitted", "finished"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

/// One log for both roles of a node.
struct Record {
  static constexpr auto kName = "Record";
  RecordKind kind = RecordKind::kEnd;
  TxnId txn;
  bool commit = false;
  std::vector<NodeId> participants;
  std::vector<Write> writes;
  constexpr bool operator==(const Record&) const = default;
  constexpr void describe(auto& d) const {
    d("kind", kind)("txn", txn)("commit", commit)("participants", participants)("writes", writes);
  }
};

// Timers.

struct VoteTimeout {
  static constexpr auto kName = "VoteTimeout";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
/// The coordinator's record is durable.
struct Recorded {
  static constexpr auto kName = "Recorded";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
struct TellAgain {
  static constexpr auto kName = "TellAgain";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
/// Nothing was heard of a transaction for so long.
struct ParticipantTimeout {
  static constexpr auto kName = "ParticipantTimeout";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};

}  // namespace seedbed::two_phase_commit
