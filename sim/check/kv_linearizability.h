// Is a key-value service linearizable? Every key is a register with compare-and-set, and is judged
// on its own. The history is Jepsen's: `ok` happened between its ends; `info` may happen at any
// time after its call, or never; `fail` did not happen, a mismatched cas included.
//
//   const std::vector<Operation> operations = history.operations();
//   KvLinearizability r = check_kv_linearizable(operations, {.steps = 1'000'000});
//   if (r.verdict == Verdict::kFail) report(r.at, r.nodes, r.message, r.shape);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/verdict.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"

namespace seedbed {

/// The model of one key.
struct KvRegister {
  static constexpr auto kName = "kv";
  using State = kv::Value;
  using Op = Operation;

  State init() const { return kv::kNil; }
  std::uint64_t hash(State s) const { return static_cast<std::uint64_t>(s); }
  kv::Key key(const Op& op) const { return op.command.key; }
  std::optional<State> step(State s, const Op& op) const {
    const auto needed = needs(op);
    if (needed && *needed != s) return std::nullopt;
    return leaves(op).value_or(s);
  }
  /// A cas that sets what it expects saw a value, and no more.
  bool is_read(const Op& op) const {
    return op.command.function == kv::Function::kRead ||
           (op.command.function == kv::Function::kCas && op.command.expected == op.command.value);
  }
  std::optional<State> needs(const Op& op) const {
    switch (op.command.function) {
      case kv::Function::kRead: return op.result;
      case kv::Function::kWrite: return std::nullopt;
      case kv::Function::kCas: return op.command.expected;
    }
    return std::nullopt;
  }
  std::optional<State> leaves(const Op& op) const {
    if (is_read(op)) return std::nullopt;
    return op.command.value;
  }
};

struct KvLinearizability {
  Verdict verdict = Verdict::kUnknown;
  std::uint64_t steps = 0;  // of the search; see below for what explaining a failure costs
  std::size_t bytes = 0;    // the largest memo
  std::string message;      // for people; empty on pass

  // The first key that fails, or else that is undecided.
  kv::Key key = 0;

  // On fail only.
  Time at;                              // the return that nothing explains
  std::vector<NodeId> nodes;            // the clients in `core`, ascending
  std::size_t placed = 0;               // so many operations are in an order of all before `at`
  std::vector<OperationId> unplaced;    // ok ones invoked before `at` that are not: the first is
                                        // the one that returned then, and is in no order at all
  std::vector<OperationId> concurrent;  // with the first of those; info ones only if they matter
  std::vector<Operation> core;          // a small part of the history that fails by itself
  std::string shape;                    // what the core is made of: "kv: read ok, write ok"
};

/// Each key may use an equal share of the steps that earlier keys (in ascending order) left. Stops
/// at the first key that fails; to explain it takes up to 6 million steps beyond the budget, and
/// does not poll `expired`, so that the same history always has the same shape. `name` is how
/// messages call a client, by default "n7".
KvLinearizability check_kv_linearizable(std::span<const Operation> operations,
                                        const SearchBudget& budget = {},
                                        const std::function<std::string(NodeId)>& name = {});

}  // namespace seedbed
