// The messages of Viewstamped Replication and the one thing that its replicas write down: Liskov
// and Cowling, "Viewstamped Replication Revisited" (2012), sections 4 and 5. An operation has its
// place in the log (the op-number); a view has one primary.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/shared_log.h"
#include "sim/world/kv.h"
#include "sim/world/kv_store.h"

namespace seedbed::vr {

using View = std::uint64_t;  // the first is 0
using Op = std::uint64_t;    // an op-number; the first is 1

/// What stands at an op-number of the log.
struct Entry {
  View view = 0;  // in which it was first prepared: for the checks, not for the protocol
  kv::Request request;
  constexpr bool operator==(const Entry&) const = default;
  constexpr void describe(auto& d) const { d("view", view)("request", request); }
};
/// "@2 n4#0 write k7=1".
std::string brief_text(const Entry& entry);
using Entries = SharedLog<Entry>::Slice;

/// The nonce of a recovery (section 4.3) counts a replica's lives. The draw tells two apart that a
/// lost disk has let begin under one number.
struct Nonce {
  std::uint64_t life = 0;
  std::uint64_t draw = 0;
  constexpr auto operator<=>(const Nonce&) const = default;
  constexpr void describe(auto& d) const { d("life", life)("draw", draw); }
};
/// "2": the draw says nothing to people.
std::string brief_text(const Nonce& nonce);
/// By node id: the latest life of each replica that the sender has heard of.
using Lives = std::vector<Nonce>;

/// On the disk: that there was a life before this one. All else a replica asks the others for.
struct Life {
  static constexpr auto kName = "Life";
  Nonce nonce;
  bool fresh = false;  // it has not taken part in anything yet
  constexpr void describe(auto& d) const { d("nonce", nonce)("fresh", fresh); }
};

/// The state machine after an operation (section 5.1).
struct Checkpoint {
  static constexpr auto kName = "Checkpoint";
  Op op = 0;
  std::vector<kv::Record> records;
  constexpr void describe(auto& d) const { d("op", op)("records", records); }
};

// Normal operation (section 4.1).

/// The operations from `first` on. Tells what is committed: that costs no message.
struct Prepare {
  static constexpr auto kName = "Prepare";
  View view = 0;
  Op commit = 0;
  Op first = 0;
  Entries entries;
  constexpr void describe(auto& d) const {
    d("view", view)("commit", commit)("first", first)("entries", entries);
  }
};
/// The sender's log has everything up to `op`.
struct PrepareOk {
  static constexpr auto kName = "PrepareOk";
  View view = 0;
  Op op = 0;
  constexpr void describe(auto& d) const { d("view", view)("op", op); }
};
/// Instead of a Prepare, where nobody asks for anything.
struct Commit {
  static constexpr auto kName = "Commit";
  View view = 0;
  Op commit = 0;
  constexpr void describe(auto& d) const { d("view", view)("commit", commit); }
};

// View changes (section 4.2).

struct StartViewChange {
  static constexpr auto kName = "StartViewChange";
  View view = 0;
  Lives lives;
  constexpr void describe(auto& d) const { d("view", view)("lives", lives); }
};
/// Of the log its end, up to `op`: what is missing before it can be asked for (section 5.3).
struct DoViewChange {
  static constexpr auto kName = "DoViewChange";
  View view = 0;
  View last_normal = 0;  // the latest view in which its status was normal
  Op op = 0;
  Op commit = 0;
  Entries end;
  Lives lives;
  constexpr void describe(auto& d) const {
    d("view", view)("last_normal", last_normal)("op", op)("commit", commit)("end", end)("lives",
                                                                                        lives);
  }
};
struct StartView {
  static constexpr auto kName = "StartView";
  View view = 0;
  Op op = 0;
  Op commit = 0;
  Entries end;
  constexpr void describe(auto& d) const {
    d("view", view)("op", op)("commit", commit)("end", end);
  }
};

// Recovery (section 4.3).

struct Recovery {
  static constexpr auto kName = "Recovery";
  Nonce nonce;
  bool fresh = false;  // as far as it knows this is its first life
  constexpr void describe(auto& d) const { d("nonce", nonce)("fresh", fresh); }
};
/// From who is normal. The log of the primary is fetched as any other (section 5.3).
struct RecoveryResponse {
  static constexpr auto kName = "RecoveryResponse";
  View view = 0;
  Nonce nonce;
  Op op = 0;
  Lives lives;
  constexpr void describe(auto& d) const {
    d("view", view)("nonce", nonce)("op", op)("lives", lives);
  }
};
/// The sender has never heard of another life of yours than this one.
struct NoEarlierLife {
  static constexpr auto kName = "NoEarlierLife";
  Nonce nonce;
  constexpr void describe(auto& d) const { d("nonce", nonce); }
};
/// It has, and this was its number.
struct EarlierLife {
  static constexpr auto kName = "EarlierLife";
  std::uint64_t life = 0;
  constexpr void describe(auto& d) const { d("life", life); }
};

// State transfer (section 5.2).

/// Wants what comes after `op`, in this view.
struct GetState {
  static constexpr auto kName = "GetState";
  View view = 0;
  Op op = 0;
  constexpr void describe(auto& d) const { d("view", view)("op", op); }
};
/// Entries from `first` on; where they were compacted away, the checkpoint before that.
struct NewState {
  static constexpr auto kName = "NewState";
  View view = 0;
  Op op = 0;  // the sender's log ends here
  Op commit = 0;
  Checkpoint checkpoint;  // op 0: none
  Op first = 0;
  Entries entries;
  constexpr void describe(auto& d) const {
    d("view", view)("op", op)("commit", commit)("checkpoint", checkpoint)("first", first)("entries",
                                                                                          entries);
  }
};

// Timers.

/// Nothing was heard of the primary, or a view change takes too long.
struct ViewChangeTimeout {
  static constexpr auto kName = "ViewChangeTimeout";
  constexpr void describe(auto&) const {}
};
/// Whatever was asked and not answered is asked again.
struct HeartbeatTimeout {
  static constexpr auto kName = "HeartbeatTimeout";
  constexpr void describe(auto&) const {}
};
/// Enough was executed since the last one.
struct TakeCheckpoint {
  static constexpr auto kName = "TakeCheckpoint";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::vr
