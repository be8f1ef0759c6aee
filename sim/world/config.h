// What a world is made of, typed: the weather of its network, its clocks, disks and processors. A
// scenario fills these in; the defaults are a calm data centre.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/world/latency.h"

namespace seedbed {

/// Some messages take longer, and so overtake nobody and are overtaken.
struct Reorder {
  Probability chance;
  Duration by;
};

/// The shape of the network. Anything but kComplete sends messages hop by hop along its edges.
enum class TopologyKind : std::uint8_t { kComplete, kRing, kLine, kStar, kTree, kGrid, kRandom };

struct TopologyConfig {
  TopologyKind kind = TopologyKind::kComplete;
  std::uint32_t degree = 4;  // kRandom: links of each node
};

struct NetworkConfig {
  Latency latency = Latency::uniform({1_ms, 5_ms});
  Probability loss;
  Probability duplicate;
  Reorder reorder;
  Probability corrupt;
  std::uint64_t bandwidth = 0;  // bits per second of each node's uplink; 0: unlimited
  TopologyConfig topology;
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
