// What a world is made of, typed: the weather of its network, its clocks, disks and processors. A
// scenario fills these in; the defaults are a calm data centre.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/world/bursts.h"
#include "sim/world/decision.h"
#include "sim/world/latency.h"

namespace seedbed {

/// Some messages take longer, and so overtake nobody and are overtaken.
struct Reorder {
  Probability chance;
  Duration by;
};

/// How likely a message is lost: always the same, or more in bursts.
struct Loss {
  Probability chance;
  Bursts bursts;             // none where they have no length
  Probability burst_chance;  // during one, instead of `chance`
  Loss() = default;
  Loss(Probability p) : chance(p) {}  // NOLINT: a probability is a loss
  constexpr explicit operator bool() const { return chance || bursts; }
};

/// What is different for messages from some nodes to some others; what is not said here, the
/// network says. On a routed network `latency` is that of an edge, for all that crosses it, and all
/// else is between sender and receiver, whatever way their messages take.
struct LinkConfig {
  std::vector<bool> from;  // by node id
  std::vector<bool> to;
  bool both_ways = false;
  std::optional<Latency> latency;
  std::optional<Loss> loss;
  std::optional<Probability> duplicate;
  std::optional<Reorder> reorder;
  std::optional<Probability> corrupt;

  bool joins(NodeId a, NodeId b) const {
    const auto holds = [](const std::vector<bool>& nodes, NodeId n) {
      return n.value < nodes.size() && nodes[n.value];
    };
    return (holds(from, a) && holds(to, b)) || (both_ways && holds(from, b) && holds(to, a));
  }
};

/// The shape of the network. Anything but kComplete and kRegions sends messages hop by hop along
/// its edges.
enum class TopologyKind : std::uint8_t {
  kComplete,
  kRing,
  kLine,
  kStar,
  kTree,
  kGrid,
  kRandom,
  kSmallWorld,
  kScaleFree,
  kGraph,
  kRegions,
};

/// A graph that came from elsewhere; nodes count from 1. Edges may be doubled and lead nowhere.
struct Graph {
  std::uint32_t nodes = 0;
  std::vector<std::pair<NodeId, NodeId>> edges;
};

/// Where the nodes are, and how far it is from one place to another.
struct Regions {
  struct Place {
    std::string name;
    std::uint32_t nodes = 0;  // in the order of their ids: the first place has n1
  };
  std::vector<Place> places;
  /// One way, row by row: from, to. None: as the network's `latency` says.
  std::vector<std::optional<Duration>> latency;
  std::optional<Latency> jitter;         // what each message takes longer
  std::optional<std::uint32_t> clients;  // the place of all clients; none: `latency` again
};

struct TopologyConfig {
  TopologyKind kind = TopologyKind::kComplete;
  std::uint32_t degree = 4;  // kRandom, kSmallWorld: links of each node; kScaleFree: of a new one
  Probability rewire = Probability::percent(10);  // kSmallWorld
  std::shared_ptr<const Graph> graph;             // kGraph
  std::shared_ptr<const Regions> regions;         // kRegions

  /// Messages travel from neighbour to neighbour.
  bool routed() const { return kind != TopologyKind::kComplete && kind != TopologyKind::kRegions; }
  /// How many servers it has places for, where it says so.
  std::optional<std::uint32_t> nodes() const;
};

/// `order: fifo`: what TCP makes of the weather, on each link. See streams.h.
struct StreamConfig {
  Duration retransmit = 200_ms;      // the first timeout; it doubles
  Duration reset_after = 10'000_ms;  // of no success
};

struct NetworkConfig {
  Latency latency = Latency::uniform({1_ms, 5_ms});
  Loss loss;
  Probability duplicate;
  Reorder reorder;
  Probability corrupt;
  std::uint64_t bandwidth = 0;          // bits per second of each node's uplink; 0: unlimited
  std::uint64_t queue = 0;              // bytes that wait for the uplink at most; 0: no limit
  std::optional<StreamConfig> streams;  // none: `order: any`
  TopologyConfig topology;
  std::vector<LinkConfig> links;  // later ones win
  Decisions decisions;            // on top of all that
};

/// A time daemon on each server, as ntpd has it (RFC 5905, ntpd(8)): it slews at 500 ppm at most,
/// and steps what is off by more than 128 ms.
struct NtpConfig {
  Duration every;                   // between two polls; 0: there is no daemon
  Duration error = 1_ms;            // a poll measures the offset within plus or minus this
  std::int64_t slew_ppb = 500'000;  // the most that the rate is changed by
  Duration step = 128_ms;           // beyond this the wall clock steps
};

/// Each node draws its own within plus or minus these.
struct ClockConfig {
  Duration skew;
  std::int64_t drift_ppb = 0;  // parts per billion, at most 10^8
  NtpConfig ntp;
};

/// Cooperative faults: places in a protocol's code where something rare but allowed may happen
/// (`Context::maybe`), as FoundationDB's BUGGIFY has them.
struct FaultPointConfig {
  Probability chance;  // that a point is taken when it is reached; 0: off
  Probability active = Probability::percent(100);  // that a point is active in this run at all
  std::vector<std::string> only;                   // those with these names; empty: all
};

struct CpuConfig {
  Duration per_message;
};

struct DiskConfig {
  Range<Duration> sync{500_us, 2_ms};
  Probability torn;             // a crash leaves a part of what was not synced
  std::uint64_t bandwidth = 0;  // bits per second, which lengthen a sync; 0: unlimited
  std::uint32_t sector = 512;   // bytes that a torn write leaves whole
  Duration restart{
      1'000'000'000};  // until a node that a failed sync or read brought down starts again
};

enum class TieBreak : std::uint8_t { kFifo, kRandom };

struct WorldConfig {
  std::uint64_t seed = 1;
  TieBreak tie_break = TieBreak::kFifo;
  NetworkConfig network;
  ClockConfig clocks;
  CpuConfig cpu;
  DiskConfig disk;
  FaultPointConfig fault_points;
};

}  // namespace seedbed
