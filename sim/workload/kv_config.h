// Who asks for what: the parameters of the `kv` workload.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"

namespace seedbed {

struct KvMix {
  Probability read = Probability::percent(50);
  Probability write = Probability::percent(30);
  Probability cas = Probability::percent(20);
};

enum class KeyDistribution : std::uint8_t { kUniform, kZipf };

/// One operation written down: nothing about it is drawn.
struct ListedOperation {
  Time at;                   // starts then, whatever came of the others
  std::uint32_t client = 0;  // counts from 0
  kv::Command command;
  bool operator==(const ListedOperation&) const = default;
};

struct KvConfig {
  std::uint32_t clients = 8;
  /// Open loop: operations a second over all clients, in thousandths; each starts on time whatever
  /// the answers do. Without it the loop is closed.
  std::optional<std::uint64_t> rate_millihertz;
  Duration think;  // closed loop: the pause after each answer
  std::uint32_t keys = 4;
  KeyDistribution distribution = KeyDistribution::kUniform;
  std::uint32_t zipf_permille = 990;  // the exponent s, in thousandths
  KvMix mix;
  std::optional<std::uint64_t> operations;  // stop after so many
  Duration timeout = 1'000_ms;              // after which nobody knows
  /// These and no others, if there are any; then nothing above but `clients` and `timeout` counts.
  std::vector<ListedOperation> listed;
};

}  // namespace seedbed
