// What a run has to say for itself, as data: the JSON and the terminal only format it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/chaos/injector.h"
#include "sim/check/measure.h"
#include "sim/check/verdict.h"
#include "sim/world/world.h"

namespace seedbed {

struct CheckResult {
  std::string name;
  std::string kind;  // "always": after every event; "history": at the end; "run": of the run
                     // itself; "temporal": of its scenario
  Verdict verdict = Verdict::kPass;
  std::string note;  // why it is unknown
  std::vector<Violation> violations;
};

struct LatencyFigures {
  Duration p50, p90, p99, p999, max;
};

struct Measured {
  std::string name;
  MeasureKind kind = MeasureKind::kTime;
  std::optional<std::int64_t> value;  // none: the run ended without
};

struct Result {
  std::string scenario;
  std::string protocol;
  std::string variant;
  std::string mutant;
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::kPass;
  bool as_expected = false;
  std::uint64_t digest = 0;
  Time simulated;
  std::uint64_t events = 0;
  MessageCounts messages;
  std::uint64_t ok = 0, fail = 0, info = 0;
  std::uint64_t throughput_millihertz = 0;  // acknowledged operations, while the workload ran
  std::optional<LatencyFigures> latency;    // none where no operation completed
  std::vector<FaultRecord> faults;
  std::vector<FaultPointCount> fault_points;  // none where they are off
  std::vector<CheckResult> checks;
  std::vector<std::pair<std::string, std::uint64_t>> metrics;
  std::vector<Measured> measured;  // of a scenario with something published
  std::optional<Violation> first_violation;
};

class Run;

/// Judges a run that is over: its invariants' findings, the checks that need the end, the figures.
/// A run that stopped early leaves the latter undecided.
Result judge(const Run& run);

/// How nodes are called: n1, n2, ... and the clients c1, c2, ...
std::string node_name(NodeId n, std::uint32_t servers);

}  // namespace seedbed
