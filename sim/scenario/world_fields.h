// The descriptions of the world's settings: network, clocks, processors, disks. See reader.h.
#pragma once

#include "sim/scenario/latency_form.h"
#include "sim/scenario/reader.h"
#include "sim/world/config.h"

namespace seedbed {

inline constexpr Choice<TieBreak> kTieBreaks[] = {
    {"fifo", TieBreak::kFifo, "events at the same time happen in the order of their creation"},
    {"random", TieBreak::kRandom, "events at the same time happen in a drawn order"},
};

inline constexpr Choice<TopologyKind> kTopologies[] = {
    {"complete", TopologyKind::kComplete, "every two nodes are neighbours"},
    {"ring", TopologyKind::kRing, "each node has two neighbours"},
    {"line", TopologyKind::kLine, "a ring without its last edge"},
    {"star", TopologyKind::kStar, "all around n1"},
    {"tree", TopologyKind::kTree, "a binary tree with n1 at its root"},
    {"grid", TopologyKind::kGrid, "as square as it gets"},
};

/// A word, or `{ random: { degree: 4 } }`, `{ graphml: file }`, `{ regions: file, place: ... }`.
struct TopologyForm {
  void read(const Cursor& at, TopologyConfig& out) const;
  Shape shape() const;
};

/// The network, whose `links:` name nodes.
struct Draft;
struct NetworkForm {
  const Draft* draft = nullptr;
  void read(const Cursor& at, NetworkConfig& out) const;
  Shape shape() const;
};

template <class F>
void fields(F& f, NtpConfig& ntp) {
  f("every", ntp.every, "how long between two polls", DurationForm{1_ms}, Need::kRequired);
  f("error", ntp.error, "a poll finds the offset within plus or minus this");
  f("slew", ntp.slew_ppb, "the most that a clock's rate is changed by", DriftForm{});
  f("step", ntp.step, "beyond this offset the wall clock steps");
}

template <class F>
void fields(F& f, ClockConfig& clocks) {
  f("skew", clocks.skew, "each node's clocks start off by up to plus or minus this");
  f("drift", clocks.drift_ppb, "and run too fast or too slow by up to this", DriftForm{});
  f("ntp", clocks.ntp, "a time daemon on each server brings its clocks back to true time",
    MapForm<NtpConfig>{"a map, such as { every: 64s }"});
}

template <class F>
void fields(F& f, CpuConfig& cpu) {
  f("per_message", cpu.per_message, "how long a message keeps its receiver busy");
}

template <class F>
void fields(F& f, DiskConfig& disk) {
  f("sync", disk.sync, "how long a sync takes");
  f("torn", disk.torn, "how likely a crash leaves a part of what was not synced");
  f("bandwidth", disk.bandwidth, "by which the bytes written lengthen a sync", BandwidthForm{});
  f("sector", disk.sector, "how much a torn write of a file leaves whole",
    SizeForm{512, 65'536, 512});
  f("restart", disk.restart, "until a node starts again that a failed sync or read brought down");
}

}  // namespace seedbed
