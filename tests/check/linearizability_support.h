// What the tests of linearizability share: the calls of a history, and judges that owe nothing to
// the engine.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/check/kv_linearizability.h"
#include "sim/check/linearizability.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"

namespace seedbed::testing_check {

/// All that can matter to a verdict.
inline std::vector<Call<Operation>> calls_of(const std::vector<Operation>& operations) {
  std::vector<Call<Operation>> calls;
  for (const Operation& op : operations) {
    if (op.completion == Completion::kFail) continue;
    const bool ok = op.completion == Completion::kOk;
    if (!ok && op.command.function == kv::Function::kRead) continue;
    calls.push_back({&op, op.invoked, ok ? op.returned : Operation::kNever});
  }
  return calls;
}

/// Both keys at once, all orders that respect true time, every subset of the optional operations.
class BruteForce {
 public:
  explicit BruteForce(const std::vector<Operation>& operations) {
    for (const Operation& op : operations) {
      if (op.completion != Completion::kFail) operations_.push_back(op);
    }
  }
  bool linearizable() { return search(0); }

 private:
  bool search(std::uint32_t placed) {
    bool complete = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if ((placed >> i & 1) != 0) continue;
      if (operations_[i].completion == Completion::kOk) complete = false;
      if (may_come_next(placed, i) && try_next(placed, i)) return true;
    }
    return complete;
  }
  bool may_come_next(std::uint32_t placed, std::size_t i) const {
    for (std::size_t k = 0; k < operations_.size(); ++k) {
      if ((placed >> k & 1) == 0 && operations_[k].returned < operations_[i].invoked) return false;
    }
    return true;
  }
  bool try_next(std::uint32_t placed, std::size_t i) {
    const Operation& op = operations_[i];
    kv::Value& state = state_[op.command.key];
    const kv::Value before = state;
    if (op.command.function == kv::Function::kRead) {
      if (op.completion == Completion::kOk && op.result != state) return false;
    } else {
      if (op.command.function == kv::Function::kCas && op.command.expected != state) return false;
      state = op.command.value;
    }
    const bool found = search(placed | 1U << i);
    state = before;
    return found;
  }

  std::vector<Operation> operations_;
  std::array<kv::Value, 2> state_{kv::kNil, kv::kNil};
};

/// The order that proves a pass, judged without the engine.
inline void expect_proof(const std::vector<Call<Operation>>& calls,
                         const std::vector<std::uint32_t>& order) {
  const KvRegister model;
  std::vector<bool> placed(calls.size(), false);
  kv::Value state = kv::kNil;
  std::uint64_t latest_invoke = 0;
  for (const std::uint32_t i : order) {
    ASSERT_FALSE(placed[i]);
    placed[i] = true;
    ASSERT_GT(calls[i].returned, latest_invoke);
    latest_invoke = std::max(latest_invoke, calls[i].invoked);
    const auto next = model.step(state, *calls[i].op);
    ASSERT_TRUE(next.has_value());
    state = *next;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_TRUE(placed[i] || calls[i].returned == Operation::kNever);
  }
}

}  // namespace seedbed::testing_check
