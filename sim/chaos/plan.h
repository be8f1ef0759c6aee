// What goes wrong, as a scenario lists it: when, what, and whom. Everything here is data; the
// injector (injector.h) carries it out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
    kRandom,    // `count` servers
    kMinority,  // the largest random minority of the servers
    kMajority,  // the smallest random majority of the servers
  };
  Kind kind = Kind::kAll;
  std::vector<NodeId> nodes;
  std::string role;
  std::uint32_t count = 1;
};

enum class FaultKind : std::uint8_t {
  kCrash,
  kKill,
  kPause,
  kIsolate,
  kPartition,
  kOneWay,
  kCut,
  kLoss,
  kDelay,
  kDuplicate,
  kReorder,
  kClockJump,
  kDiskSlow,
  kLoseTail,
  kHeal,
  kAction,  // what the protocol adds: see ProtocolAction
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
  enum class Kind : std::uint8_t { kGroups, kHalves, kRing, kMajorityRing, kBridge };
  Kind kind = Kind::kHalves;
  std::vector<std::vector<NodeId>> groups;  // kGroups; nodes in no group keep all their links
};

struct Fault {
  FaultKind kind = FaultKind::kHeal;
  const ProtocolAction* action = nullptr;  // kAction
  Selector who;                            // whom it hits; `on:` of the weather
  PartitionShape partition;                // partition
  Selector to;                             // one_way: messages from `who` to `to` are cut
  Probability chance;                      // loss, duplicate, reorder
  Range<Duration> by;                      // delay, reorder, clock_jump, disk_slow
  std::uint64_t entries = 0;               // lose_tail
  std::string only;                        // weather: only messages of this name
  std::optional<Range<Duration>> lasts;    // `for:`; without it until the end of the run
};

/// One entry of `chaos:`.
struct ChaosEntry {
  std::string id;            // `id:`; names the entry's random stream
  std::uint64_t stream = 0;  // hash of the id, or of the content and a counter
  std::optional<Time> at;    // once,
  Duration spread;           // up to so much later, drawn; or:
  Range<Duration> every;     // again and again, a draw apart,
  Time from;                 // between these two
  Time until = Time::never();
  std::vector<Fault> one_of;  // one of these, drawn; a plain entry has one
  std::string text;           // as written, for people
};

using ChaosPlan = std::vector<ChaosEntry>;

/// A key of a fault in a scenario: what stands there, and so which field of `Fault` it fills.
struct FaultField {
  enum class Kind : std::uint8_t {
    kSelector,    // who: "leader", "n3", [n1, n2]
    kPartition,   // partition: a shape's name, or groups
    kLink,        // who, to: { from: leader, to: followers }
    kEnds,        // who: [n1, n4], two at least
    kChance,      // chance: "20%"
    kDelay,       // by: "10ms..50ms"
    kJump,        // by, perhaps negative: "-500ms..500ms"
    kReorder,     // chance, by: { chance: 1%, by: 10ms }
    kCount,       // entries: 3
    kEverything,  // the word "all"
    kMessage,     // only: "AppendEntries"
    kLasts,       // lasts: "10s", "1s..3s"
  };
  std::string_view name;
  Kind kind;
  bool required;
  std::string_view about;
};

/// A fault as the documentation, the reader and the schema know it. Its first field is the fault
/// itself: `crash: leader`.
struct FaultInfo {
  FaultKind kind;
  std::string_view name;
  std::string_view about;
  std::string_view source;
  std::span<const FaultField> fields;
};
/// In the order of FaultKind, without kAction.
std::span<const FaultInfo> all_faults();
const FaultInfo& info_of(FaultKind kind);
/// "crash", or what the protocol calls its action.
std::string_view name_of(const Fault& fault);

}  // namespace seedbed
