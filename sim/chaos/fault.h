// The faults, one row each. A row is all there is to know of a fault: what it is called, where it
// comes from, what its keys are, and how it begins and ends. The rows of a family stand in one file
// (node_faults.cpp, link_faults.cpp, ...); YAML, schema, `list faults`, `explain` and the swarm
// read the same row.
//
//   constexpr FaultField kPauseFields[] = {
//       {"pause", &Fault::who, true, "who stops", "random | leader"},
//       {"for", &Fault::lasts, true, "how long the stop is", "100ms..5s"}};
//   constinit const FaultInfo faults::kPause = {"pause", "A node stands still ...", "Jepsen ...",
//                                     kPauseFields, begin_pause, end_pause};
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/chaos/plan.h"

namespace seedbed {

class World;

/// The field of a `Fault` that a key fills; its type says how the value is written.
using FaultMember =
    std::variant<Selector Fault::*, PartitionShape Fault::*, Link Fault::*, Scope Fault::*,
                 Rate Fault::*, Probability Fault::*, HeldBack Fault::*, Range<Duration> Fault::*,
                 std::uint64_t Fault::*, Factor Fault::*, Range<std::int64_t> Fault::*,
                 Duration Fault::*, std::string Fault::*, bool Fault::*,
                 std::optional<Range<Duration>> Fault::*>;

/// A key of a fault in a scenario.
struct FaultField {
  std::string_view name;
  FaultMember member;
  bool required;
  std::string_view about;
  /// What a swarm tries, each as a scenario writes it, with " | " between; an empty one leaves the
  /// key out, and a required key without any keeps the fault out of swarms.
  std::string_view swarm = "";
  /// Bounds of a number; of durations, in nanoseconds; of a selector, how many nodes it may mean.
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// One fault as it happened. `on` is empty where it meant nobody and was skipped.
struct FaultRecord {
  Time at;
  std::optional<Time> until;  // none: it has no end (kill, clock_jump, heal)
  const FaultInfo* info = nullptr;
  std::string_view name;  // the fault's, or that of the protocol's action
  std::vector<NodeId> on;
  std::string detail;     // "20ms", "n1 n2 | n3 n4 n5"
  std::size_t entry = 0;  // of the plan
  /// As it was: the nodes that were meant instead of `leader`, the groups instead of `halves`; of a
  /// ring, the pairs that it cuts. What is drawn while it is under way (flap, bit_rot, ...) is not
  /// in it.
  std::shared_ptr<const Fault> exact;
};

/// A fault that has begun, and what it takes to end it.
struct UnderWay {
  struct Hit {
    NodeId node;
    std::uint32_t incarnation = 0;  // when it was hit: a later life is not ours to end
  };
  std::size_t record = 0;
  const Fault* fault = nullptr;  // of the plan
  Rng rng;                       // for what it draws later
  std::vector<Hit> hits;
  std::uint32_t id = 0;  // of a cut, an overlay, or what else the world gave it
};

/// A fault at its beginning. It fills in `record.on` (nobody: it is skipped), `record.detail`, in
/// `exact` what it drew besides those nodes, and in `under_way` what `end` will want to know.
struct Firing {
  const Fault& fault;
  Rng rng;  // this firing's own
  FaultRecord record;
  UnderWay under_way;
  Fault exact = fault;
  bool keeps_majority = false;
};

struct FaultInfo {
  std::string_view name;
  std::string_view about;
  std::string_view source;
  std::span<const FaultField> fields;  // the first is the fault itself: `crash: leader`
  void (*begin)(World& world, Firing& firing);
  void (*end)(World& world, const UnderWay& under_way) = nullptr;  // null: it has no end
  /// Moves on while it is under way: called at its beginning, too; returns how long until the next
  /// time, if there is one.
  std::optional<Duration> (*move)(World& world, UnderWay& under_way) = nullptr;
  bool once = false;  // a swarm lets it happen once in a run
};

/// All of them, family by family, in the order of the documentation.
std::span<const FaultInfo* const> all_faults();
/// "crash", or what the protocol calls its action.
std::string_view name_of(const Fault& fault);

namespace faults {

// Nodes.
extern const FaultInfo kCrash, kKill, kWipe, kPause, kSlow, kJoin, kLeave;
// Links.
extern const FaultInfo kIsolate, kPartition, kOneWay, kCut, kFlap, kSwizzle;
// Weather.
extern const FaultInfo kLoss, kDelay, kDuplicate, kReorder, kCorrupt, kBandwidth;
// Clocks.
extern const FaultInfo kClockJump, kClockDrift, kClockFreeze;
// Disks.
extern const FaultInfo kDiskSlow, kDiskFull, kDiskError, kTornWrite, kLoseTail, kBitRot, kSyncLies,
    kMisdirect;
// Not a fault, but the end of all others; and what a protocol adds (see ProtocolAction).
extern const FaultInfo kHeal, kAction;

}  // namespace faults

}  // namespace seedbed
