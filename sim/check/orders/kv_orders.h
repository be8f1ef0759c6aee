// The order of what the clients of a run saw, weaker than linearizability: as a check of a
// scenario, `check: [sequential]`. The levels without a bound (orders.h).
//
//   KvOrder r = check_kv_order(operations, "causal", {}, name);
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/verdict.h"
#include "sim/world/history.h"

namespace seedbed {

struct KvOrder {
  Verdict verdict = Verdict::kPass;
  std::string message;  // why it is unknown, or fails
  // On fail only.
  Time at;                      // of the operation that is blamed, or the last of the core
  std::vector<NodeId> nodes;    // the clients in `core`, ascending
  std::vector<Operation> core;  // a small part of the history that fails by itself
  std::string shape;
};

KvOrder check_kv_order(std::span<const Operation> operations, std::string_view level,
                       const SearchBudget& budget, const std::function<std::string(NodeId)>& name);

}  // namespace seedbed
