// What goes wrong, as a scenario lists it: when, what, and whom. Everything here is data: fault.h
// has what each fault is, and the injector (injector.h) carries them out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

class World;

/// Whom a fault hits. A role that several nodes report means the highest term, then the lowest id.
struct Selector {
  enum class Kind : std::uint8_t {
    kNodes,     // listed by name
    kAll,       // every server
    kRole,      // the one node of a role: `leader`
    kRoleAll,   // every node of a role: `followers`
    kRandom,    // `count` servers, or a share; of a group or a role, if it names one
    kMinority,  // the largest random minority of the servers
    kMajority,  // the smallest random majority of the servers
  };
  Kind kind = Kind::kAll;
  std::vector<NodeId> nodes;
  std::string role;
  std::uint32_t count = 1;
  Probability share;  // kRandom: that part of them, rounded up, instead of a count

  static Selector of(std::vector<NodeId> nodes) {
    Selector these;
    these.kind = Kind::kNodes;
    these.nodes = std::move(nodes);
    return these;
  }
};

/// What a protocol adds to the faults: a request made of it from outside.
struct ProtocolAction {
  std::string_view name;  // its key in a scenario: "change_membership"
  std::string_view about;
  std::string_view source;
  std::string_view who;  // what the nodes that the key selects mean
  /// Asks it. Returns the nodes on which it took effect; none: the firing was skipped.
  std::vector<NodeId> (*act)(World& world, const std::vector<NodeId>& who) = nullptr;
};

/// How the servers fall apart.
struct PartitionShape {
  enum class Kind : std::uint8_t { kGroups, kHalves, kRing, kMajorityRing, kBridge, kRandom };
  Kind kind = Kind::kHalves;
  std::vector<std::vector<NodeId>> groups;  // kGroups; nodes in no group keep all their links
};

/// Messages from one side to the other.
struct Link {
  Selector from;
  Selector to;
};

/// Which messages the weather hits: those from or to somebody, or those of links.
struct Scope {
  Selector who;
  std::optional<Link> link;
};

/// A bandwidth, in bits per second.
struct Rate {
  std::uint64_t bits = 0;
};

/// Some messages are held back.
struct HeldBack {
  Probability chance;
  Range<Duration> by;
};

/// "10x": how many times as much.
struct Factor {
  std::uint64_t permille = 1000;
};

struct FaultInfo;

/// One fault as a scenario wrote it: which, and the values of its fields (fault.h).
struct Fault {
  const FaultInfo* info = nullptr;
  const ProtocolAction* action = nullptr;  // of faults::kAction
  Selector who;                            // whom it hits
  PartitionShape partition;
  Link link;
  Scope on;  // weather
  Rate rate;
  Probability chance;
  HeldBack held;
  Range<Duration> by;
  Factor factor;
  Range<std::int64_t> drift_ppb;
  Duration skew;  // up to plus or minus this
  std::uint64_t entries = 0;
  std::string only;                      // weather: only messages of this name
  bool everything = true;                // heal
  std::optional<Range<Duration>> lasts;  // `for:`; without it until the end of the run
};

/// The role of a process that came back from a crash with nothing, and asks the others what it
/// knew: until they have told it, it counts as one that is down.
inline constexpr std::string_view kRecovering = "recovering";

/// One entry of `chaos:`.
struct ChaosEntry {
  std::string id;            // `id:`; names the entry's random stream
  std::uint64_t stream = 0;  // hash of the id, or of the content and a counter
  std::optional<Time> at;    // once,
  Duration spread;           // up to so much later, drawn; or:
  Range<Duration> every;     // again and again, a draw apart,
  Time from;                 // between these two
  Time until = Time::never();
  bool keeps_majority = false;  // `keep: majority`: stops nobody whom a majority needs
  std::vector<Fault> one_of;  // one of these, drawn; a plain entry has one
  std::string text;           // as written, for people
};

using ChaosPlan = std::vector<ChaosEntry>;

}  // namespace seedbed
