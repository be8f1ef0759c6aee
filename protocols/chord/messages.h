// What Chord nodes say to each other: the remote procedure calls of Stoica et al. 2003, Figures 5
// and 6, each as a question and an answer.
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/chord/identifiers.h"
#include "sim/base/ids.h"
#include "sim/world/lookup.h"

namespace seedbed::chord {

using LookupNumber = std::uint32_t;  // of its origin's lookups

// --- find_successor, recursive: whoever has it passes it on

struct Find {
  static constexpr auto kName = "Find";
  Id key = 0;
  NodeId origin;
  LookupNumber number = 0;
  std::uint32_t hops = 0;
  constexpr void describe(auto& d) const {
    d("key", key)("origin", origin)("number", number)("hops", hops);
  }
};
struct Found {
  static constexpr auto kName = "Found";
  LookupNumber number = 0;
  NodeId owner;
  std::uint32_t hops = 0;
  constexpr void describe(auto& d) const { d("number", number)("owner", owner)("hops", hops); }
};

// --- find_successor, iterative: the origin asks one after the other

/// Whom would you ask next? `skip`: the first so many of them did not answer.
struct AskNext {
  static constexpr auto kName = "AskNext";
  Id key = 0;
  LookupNumber number = 0;
  std::uint32_t skip = 0;
  constexpr void describe(auto& d) const { d("key", key)("number", number)("skip", skip); }
};
struct Next {
  static constexpr auto kName = "Next";
  LookupNumber number = 0;
  std::uint32_t skip = 0;
  NodeId node;  // nobody: there is none left, or this is no member itself
  bool is_owner = false;
  constexpr void describe(auto& d) const {
    d("number", number)("skip", skip)("node", node)("is_owner", is_owner);
  }
};
/// Are you there? A lookup number, or 0 for the successor that has its predecessor checked.
struct Ping {
  static constexpr auto kName = "Ping";
  LookupNumber number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Pong {
  static constexpr auto kName = "Pong";
  LookupNumber number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};

// --- the ring

enum class Why : std::uint8_t {
  kStabilize,  // it is the first of my successor list
  kCandidate,  // my successor has it for its predecessor
  kJoin,       // it is to be my successor, or (corrected) my predecessor
};
constexpr std::string_view name_of(Why w) {
  constexpr std::string_view kNames[] = {"stabilize", "candidate", "join"};
  return kNames[static_cast<std::uint8_t>(w)];
}
struct GetState {
  static constexpr auto kName = "GetState";
  Why why = Why::kStabilize;
  constexpr void describe(auto& d) const { d("why", why); }
};
struct State {
  static constexpr auto kName = "State";
  Why why = Why::kStabilize;
  NodeId predecessor;
  std::vector<NodeId> successors;  // as many of them as who asked has a use for
  constexpr void describe(auto& d) const {
    d("why", why)("predecessor", predecessor)("successors", successors);
  }
};
/// I think that I might be your predecessor.
struct Notify {
  static constexpr auto kName = "Notify";
  constexpr void describe(auto&) const {}
};
/// I leave; between you two there will be nobody (section IV.E.4).
struct Leaving {
  static constexpr auto kName = "Leaving";
  NodeId predecessor;
  std::vector<NodeId> successors;
  constexpr void describe(auto& d) const {
    d("predecessor", predecessor)("successors", successors);
  }
};

// --- blocks

struct Store {
  static constexpr auto kName = "Store";
  LookupNumber number = 0;
  lookup::Key key = 0;
  constexpr void describe(auto& d) const { d("number", number)("key", key); }
};
struct Fetch {
  static constexpr auto kName = "Fetch";
  LookupNumber number = 0;
  lookup::Key key = 0;
  constexpr void describe(auto& d) const { d("number", number)("key", key); }
};
/// To either: `there` it is.
struct Served {
  static constexpr auto kName = "Served";
  LookupNumber number = 0;
  bool there = false;
  constexpr void describe(auto& d) const { d("number", number)("there", there); }
};
/// Have a copy of these.
struct Replicate {
  static constexpr auto kName = "Replicate";
  std::vector<lookup::Key> keys;
  constexpr void describe(auto& d) const { d("keys", keys); }
};

// --- timers

struct StabilizeTimer {
  static constexpr auto kName = "StabilizeTimer";
  constexpr void describe(auto&) const {}
};
struct FixFingersTimer {
  static constexpr auto kName = "FixFingersTimer";
  constexpr void describe(auto&) const {}
};
struct CheckPredecessorTimer {
  static constexpr auto kName = "CheckPredecessorTimer";
  constexpr void describe(auto&) const {}
};
struct ReplicateTimer {
  static constexpr auto kName = "ReplicateTimer";
  constexpr void describe(auto&) const {}
};
struct LookUpTimer {
  static constexpr auto kName = "LookUpTimer";
  constexpr void describe(auto&) const {}
};
/// A node that is no member yet tries to become one, again.
struct JoinTimer {
  static constexpr auto kName = "JoinTimer";
  constexpr void describe(auto&) const {}
};
/// No answer to what a lookup asked.
struct Overdue {
  static constexpr auto kName = "Overdue";
  LookupNumber number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
/// What scripts ask for: tell the successor.
struct NotifyNow {
  static constexpr auto kName = "NotifyNow";
  constexpr void describe(auto&) const {}
};
/// And: ask the successor, now, and no more often for it.
struct StabilizeNow {
  static constexpr auto kName = "StabilizeNow";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::chord
