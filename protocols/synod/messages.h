// The messages of single-decree Paxos, one instance a slot, and what its
// acceptors keep on their disks: Lamport, "Paxos Made Simple" (2001), section
// 2; and of "Fast Paxos" (2006), in which the first round of an instance is
// fast: whoever is proposed to may accept.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/shared_log.h"
#include "sim/world/kv.h"

namespace seedbed::synod {

using Slot = std::uint64_t;  // an instance; the first is 1

/// A round number: totally ordered, and of one proposer only; but {1, nobody}
/// is the fast round.
struct Round {
  std::uint64_t number = 0;
  NodeId node;
  constexpr auto operator<=>(const Round&) const = default;
  constexpr void describe(auto& d) const { d("number", number)("node", node); }
};
constexpr Round kNone{};
constexpr Round kFast{1, kNobody};
/// "2.n1"; "fast"; "-" for none.
std::string brief_text(const Round& round);

enum class DecreeKind : std::uint8_t {
  kNoOp,     // of a slot that nobody wants, so that what comes after it can be
             // executed
  kCommand,  // a client's request
  kMembers,  // who the acceptors are, alpha slots later
};
constexpr std::string_view name_of(DecreeKind kind) {
  constexpr std::string_view kNames[] = {"no_op", "command", "members"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

/// The value of an instance. On the disk: what was chosen, slot by slot.
struct Decree {
  static constexpr auto kName = "Decree";
  DecreeKind kind = DecreeKind::kNoOp;
  kv::Request request;
  std::uint64_t members = 0;  // a set
  constexpr bool operator==(const Decree&) const = default;
  constexpr void describe(auto& d) const {
    d("kind", kind)("request", request)("members", members);
  }
};
/// "no-op", "n4#0 write k7=1", "members n1 n2 n3".
std::string brief_text(const Decree& decree);

/// What an acceptor knows of an instance, as its journal has it: the last
/// record of a slot counts.
struct Ballot {
  static constexpr auto kName = "Ballot";
  Slot slot = 0;
  Round promised;
  Round voted;    // the last round in which it accepted,
  Decree decree;  // and what
  constexpr void describe(auto& d) const {
    d("slot", slot)("promised", promised)("voted", voted)("decree", decree);
  }
};
/// A journal that ends before this one has lost something.
struct JournalEnd {
  static constexpr auto kName = "JournalEnd";
  std::uint64_t end = 0;
  constexpr void describe(auto& d) const { d("end", end); }
};

// Messages.

/// Phase 1a.
struct Prepare {
  static constexpr auto kName = "Prepare";
  Slot slot = 0;
  Round round;
  constexpr void describe(auto& d) const { d("slot", slot)("round", round); }
};
/// Phase 1b: nothing is accepted below `round` again; `decree` was, in `voted`.
struct Promise {
  static constexpr auto kName = "Promise";
  Slot slot = 0;
  Round round;
  Round voted;
  Decree decree;
  constexpr void describe(auto& d) const {
    d("slot", slot)("round", round)("voted", voted)("decree", decree);
  }
};
/// Phase 2a.
struct Accept {
  static constexpr auto kName = "Accept";
  Slot slot = 0;
  Round round;
  Decree decree;
  constexpr void describe(auto& d) const { d("slot", slot)("round", round)("decree", decree); }
};
/// Phase 2b: to the proposer, or of a fast round to every learner.
struct Accepted {
  static constexpr auto kName = "Accepted";
  Slot slot = 0;
  Round round;
  Decree decree;  // of a fast round
  constexpr void describe(auto& d) const { d("slot", slot)("round", round)("decree", decree); }
};
/// A higher round was promised.
struct Nack {
  static constexpr auto kName = "Nack";
  Slot slot = 0;
  Round promised;
  constexpr void describe(auto& d) const { d("slot", slot)("promised", promised); }
};
/// Of a fast round: accept it in the first slot that is free.
struct Propose {
  static constexpr auto kName = "Propose";
  kv::Request request;
  constexpr void describe(auto& d) const { d("request", request); }
};

/// The slots from `first` on are decided so.
struct Chosen {
  static constexpr auto kName = "Chosen";
  Slot first = 0;
  std::vector<Decree> decrees;
  constexpr void describe(auto& d) const { d("first", first)("decrees", decrees); }
};
/// Asks for that.
struct Learn {
  static constexpr auto kName = "Learn";
  Slot first = 0;
  constexpr void describe(auto& d) const { d("first", first); }
};
/// The sender is the distinguished proposer (section 2.4), and knows of so many
/// slots what is chosen.
struct Alive {
  static constexpr auto kName = "Alive";
  Slot chosen = 0;
  constexpr void describe(auto& d) const { d("chosen", chosen); }
};

// What an administrator asks of the leader.

enum class ChangeKind : std::uint8_t { kAdd, kRemove, kReplace };
constexpr std::string_view name_of(ChangeKind kind) {
  constexpr std::string_view kNames[] = {"add", "remove", "replace"};
  return kNames[static_cast<std::uint8_t>(kind)];
}
struct ChangeMembers {
  static constexpr auto kName = "ChangeMembers";
  ChangeKind kind = ChangeKind::kAdd;
  std::uint64_t members = 0;
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
/// The proposer's own promise is durable: now it counts, as everybody's.
struct PromiseSynced {
  static constexpr auto kName = "PromiseSynced";
  Slot slot = 0;
  Round round;
  constexpr void describe(auto& d) const { d("slot", slot)("round", round); }
};
/// So is what it accepted.
struct VoteSynced {
  static constexpr auto kName = "VoteSynced";
  Slot slot = 0;
  Round round;
  constexpr void describe(auto& d) const { d("slot", slot)("round", round); }
};

}  // namespace seedbed::synod
