// The messages of Multi-Paxos and what its replicas keep on their disks: Lamport, "Paxos Made
// Simple" (2001), section 2.2 for one decision and section 3 for a log of them. Phase 1 is asked
// once, for all slots from the first that is not known to be decided; phase 2 once for each slot.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/server_set.h"
#include "sim/base/shared_log.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"
#include "sim/world/kv_store.h"

namespace seedbed::paxos {

using Slot = std::uint64_t;  // an instance of the algorithm; the first is 1

/// A proposal number: totally ordered, and of one proposer only. {} is below all of them.
struct Ballot {
  std::uint64_t round = 0;
  NodeId node;
  constexpr auto operator<=>(const Ballot&) const = default;
  constexpr void describe(auto& d) const { d("round", round)("node", node); }
};
/// "2.n1"; "-" for none.
std::string brief_text(const Ballot& ballot);

enum class DecreeKind : std::uint8_t {
  kNoOp,     // fills a gap, so that what comes after it can be executed (section 3)
  kCommand,  // a client's request
  kMembers,  // who the acceptors are, alpha slots later
};

/// What is proposed and, perhaps, chosen for a slot: the paper's value.
struct Decree {
  DecreeKind kind = DecreeKind::kNoOp;
  kv::Request request;  // of kMembers: the set is its command's value
  constexpr bool operator==(const Decree&) const = default;
  constexpr void describe(auto& d) const { d("kind", kind)("request", request); }
};
inline Decree members_decree(ServerSet members) {
  Decree decree{DecreeKind::kMembers, {}};
  decree.request.command.value = static_cast<kv::Value>(members.bits);
  return decree;
}
inline ServerSet members_of(const Decree& decree) {
  return ServerSet(static_cast<std::uint64_t>(decree.request.command.value));
}
constexpr std::string_view name_of(DecreeKind kind) {
  constexpr std::string_view kNames[] = {"no_op", "command", "members"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

/// Also what an acceptor writes to its journal when it accepts.
struct Proposal {
  static constexpr auto kName = "Proposal";
  Slot slot = 0;
  Ballot ballot;
  Decree decree;
  constexpr bool operator==(const Proposal&) const = default;
  constexpr void describe(auto& d) const { d("slot", slot)("ballot", ballot)("decree", decree); }
};
/// "3@2.n1 no-op", "3@2.n1 n4#0 write k7=1".
std::string brief_text(const Proposal& proposal);

// On the disk, beside the journal.

struct AcceptorState {
  static constexpr auto kName = "AcceptorState";
  Ballot promised;
  std::uint64_t journal_end = 0;  // a journal that ends before this has lost what was accepted
  constexpr void describe(auto& d) const { d("promised", promised)("journal_end", journal_end); }
};

/// Which disk this is, and whether the others have all agreed that it is the first one of its
/// replica. Until then its replica may have promised what it does not know, and has no vote.
struct DiskId {
  static constexpr auto kName = "DiskId";
  std::uint64_t id = 0;
  bool votes = false;
  constexpr void describe(auto& d) const { d("id", id)("votes", votes); }
};

/// The first disk that each replica was heard to have, by node id; 0: none yet.
struct Roster {
  static constexpr auto kName = "Roster";
  std::vector<std::uint64_t> disks;
  constexpr void describe(auto& d) const { d("disks", disks); }
};

/// The state machine after `slot`; on the disk, and on its way to a replica that lags far behind.
struct Snapshot {
  static constexpr auto kName = "Snapshot";
  Slot slot = 0;
  std::vector<kv::Record> records;
  constexpr void describe(auto& d) const { d("slot", slot)("records", records); }
};

/// Who the acceptors are from a slot on, until the next of them.
struct Configuration {
  Slot first = 1;
  ServerSet members;
  constexpr bool operator==(const Configuration&) const = default;
  constexpr void describe(auto& d) const { d("first", first)("members", members.bits); }
};
/// A snapshot of a group that has changed its members: the state machine has them, too.
struct Checkpoint {
  static constexpr auto kName = "Checkpoint";
  Snapshot snapshot;
  std::vector<Configuration> configurations;
  constexpr void describe(auto& d) const {
    d("snapshot", snapshot)("configurations", configurations);
  }
};

// Messages.

struct Hello {
  static constexpr auto kName = "Hello";
  std::uint64_t disk = 0;
  constexpr void describe(auto& d) const { d("disk", disk); }
};
struct HelloReply {
  static constexpr auto kName = "HelloReply";
  std::uint64_t disk = 0;  // the first that you were heard to have
  constexpr void describe(auto& d) const { d("disk", disk); }
};

/// Phase 1a, for every slot from `first` on.
struct Prepare {
  static constexpr auto kName = "Prepare";
  Ballot ballot;
  Slot first = 0;
  constexpr void describe(auto& d) const { d("ballot", ballot)("first", first); }
};

/// Phase 1b: never again a lower ballot; and of each slot from `first` on, and beyond `chosen`, the
/// proposal with the highest ballot that was accepted. What was chosen up to `chosen` can be asked
/// for.
struct Promise {
  static constexpr auto kName = "Promise";
  Ballot ballot;
  Slot chosen = 0;
  std::vector<Proposal> accepted;
  constexpr void describe(auto& d) const {
    d("ballot", ballot)("chosen", chosen)("accepted", accepted);
  }
};

/// Phase 2a; with no proposals a heartbeat. Tells what is chosen: commitment costs no message.
struct Accept {
  static constexpr auto kName = "Accept";
  Ballot ballot;
  Slot chosen = 0;  // every slot up to here is
  SharedLog<Proposal>::Slice proposals;
  constexpr void describe(auto& d) const {
    d("ballot", ballot)("chosen", chosen)("proposals", proposals);
  }
};

/// Phase 2b.
struct Accepted {
  static constexpr auto kName = "Accepted";
  Ballot ballot;
  Slot first = 0;
  Slot last = 0;
  constexpr void describe(auto& d) const { d("ballot", ballot)("first", first)("last", last); }
};

/// A higher ballot was promised: a proposer that hears of it gives up (section 2.4).
struct Nack {
  static constexpr auto kName = "Nack";
  Ballot promised;
  constexpr void describe(auto& d) const { d("promised", promised); }
};

/// Asks for what was chosen from `first` on.
struct Learn {
  static constexpr auto kName = "Learn";
  Slot first = 0;
  constexpr void describe(auto& d) const { d("first", first); }
};
struct Chosen {
  static constexpr auto kName = "Chosen";
  Slot chosen = 0;  // there is more up to here
  SharedLog<Proposal>::Slice proposals;
  constexpr void describe(auto& d) const { d("chosen", chosen)("proposals", proposals); }
};

enum class ChangeKind : std::uint8_t { kAdd, kRemove, kReplace };
constexpr std::string_view name_of(ChangeKind kind) {
  constexpr std::string_view kNames[] = {"add", "remove", "replace"};
  return kNames[static_cast<std::uint8_t>(kind)];
}
/// What an administrator asks a leader for.
struct ChangeMembers {
  static constexpr auto kName = "ChangeMembers";
  ChangeKind kind = ChangeKind::kAdd;
  std::uint64_t members = 0;  // a set
  constexpr void describe(auto& d) const { d("kind", kind)("members", members); }
};

// Timers and the disk's news.

struct ElectionTimeout {
  static constexpr auto kName = "ElectionTimeout";
  constexpr void describe(auto&) const {}
};
struct HeartbeatTimeout {
  static constexpr auto kName = "HeartbeatTimeout";
  constexpr void describe(auto&) const {}
};
struct HelloTimeout {
  static constexpr auto kName = "HelloTimeout";
  constexpr void describe(auto&) const {}
};
/// Enough was executed since the last snapshot.
struct TakeSnapshot {
  static constexpr auto kName = "TakeSnapshot";
  constexpr void describe(auto&) const {}
};
/// The proposer's own promise is durable: now it counts, as everybody's.
struct PromiseSynced {
  static constexpr auto kName = "PromiseSynced";
  Ballot ballot;
  constexpr void describe(auto& d) const { d("ballot", ballot); }
};
/// So is what it accepted, up to this slot.
struct AcceptSynced {
  static constexpr auto kName = "AcceptSynced";
  Ballot ballot;
  Slot last = 0;
  constexpr void describe(auto& d) const { d("ballot", ballot)("last", last); }
};

}  // namespace seedbed::paxos
