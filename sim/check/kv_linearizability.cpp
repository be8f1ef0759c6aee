#include "sim/check/kv_linearizability.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/check/failing_core.h"
#include "sim/check/linearize.h"

namespace seedbed {
namespace {

using Calls = std::vector<Call<Operation>>;
using Why = FirstFailure<kv::Value>;

// To find out why it failed, beyond the budget: a failure without a shape is worth little.
constexpr std::uint64_t kLocateSteps = 4'000'000;
constexpr std::uint64_t kShrinkSteps = 2'000'000;

/// All that can matter: what failed did not happen, and a read without a result says nothing.
Calls calls_of(std::span<const Operation> operations) {
  Calls calls;
  calls.reserve(operations.size());
  for (const Operation& op : operations) {
    if (op.completion == Completion::kFail) continue;
    const bool ok = op.completion == Completion::kOk;
    if (!ok && op.command.function == kv::Function::kRead) continue;
    calls.push_back({&op, op.invoked, ok ? op.returned : Operation::kNever});
  }
  return calls;
}

std::string text_of(kv::Value value) { return value == kv::kNil ? "nil" : std::to_string(value); }

std::string what_it_says(const Operation& op) {
  switch (op.command.function) {
    case kv::Function::kRead: return fmt::format("saw {}", text_of(op.result));
    case kv::Function::kWrite: return fmt::format("wrote {}", text_of(op.command.value));
    case kv::Function::kCas:
      return fmt::format("replaced {} by {}", text_of(op.command.expected),
                         text_of(op.command.value));
  }
  return {};
}

/// Whether what `op` found could have been there at all: it is nil, or a call left it.
bool was_ever_left(const Calls& calls, const Operation& op) {
  const KvRegister model;
  const auto needed = model.needs(op);
  if (!needed || *needed == model.init()) return true;
  return std::any_of(calls.begin(), calls.end(), [&](const Call<Operation>& call) {
    return call.invoked < op.returned && model.leaves(*call.op) == needed;
  });
}

std::string message_of(const Calls& calls, const Operation& blocked, const KvLinearizability& r,
                       const Why& why, const std::function<std::string(NodeId)>& name) {
  std::string text =
      fmt::format("key {}: {} by {} at {}..{} {}", r.key, name_of(blocked.command.function),
                  name ? name(blocked.client) : to_text(blocked.client),
                  to_text(blocked.invoked_at), to_text(blocked.returned_at), what_it_says(blocked));
  if (!was_ever_left(calls, blocked)) {
    return text + fmt::format(", but nobody had written {}", text_of(*KvRegister().needs(blocked)));
  }
  if (!why.state) return text + ", which is in no order";
  if (r.concurrent.empty()) {
    text += ", but no order of the operations before it allows that";
  } else {
    const std::size_t count = r.concurrent.size();
    text += fmt::format(", but no order of it and the {} concurrent with it allows that",
                        count == 1 ? "operation" : fmt::format("{} operations", count));
  }
  return text + fmt::format(" (last state placed: {})", text_of(*why.state));
}

/// The kinds of operations in it, each once: how many there are depends on luck.
std::string shape_of(const std::vector<Operation>& core) {
  std::vector<std::string> kinds;
  for (const Operation& op : core) {
    kinds.push_back(fmt::format("{} {}", name_of(op.command.function), name_of(op.completion)));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return fmt::format("{}: {}", KvRegister::kName, fmt::join(kinds, ", "));
}

void find_core(const Calls& calls, std::uint32_t blocked, const SearchBudget& budget,
               KvLinearizability& r) {
  // No clock here: the shape must not depend on one.
  const SearchBudget bounded{kShrinkSteps, budget.bytes, {}};
  Meter meter(bounded);
  const KvRegister model;
  for (const auto& call : Shrinker<KvRegister>(model, meter).shrink(calls, blocked)) {
    r.core.push_back(*call.op);
    r.nodes.push_back(call.op->client);
  }
  std::sort(r.nodes.begin(), r.nodes.end());
  r.nodes.erase(std::unique(r.nodes.begin(), r.nodes.end()), r.nodes.end());
  r.shape = shape_of(r.core);
}

Why why_it_fails(const Calls& calls, const Linearization<kv::Value>& found,
                 const SearchBudget& budget) {
  const SearchBudget bounded{kLocateSteps, budget.bytes, {}};
  Meter meter(bounded);
  const KvRegister model;
  return first_failure(model, std::span(calls), found, meter);
}

/// Those that overlap `blocked`. An info operation overlaps all that comes after it, for ever: it
/// is named only if it was not needed for what came before, and one of the others saw its value.
std::vector<OperationId> concurrent_with(const Call<Operation>& blocked, const Calls& calls,
                                         const std::vector<bool>& placed) {
  const KvRegister model;
  std::vector<kv::Value> seen;
  const auto overlaps = [&](const Call<Operation>& call) {
    return call.invoked < blocked.returned && call.returned > blocked.invoked;
  };
  for (const Call<Operation>& call : calls) {
    const auto value = model.needs(*call.op);
    if (value && call.returned != Operation::kNever && overlaps(call)) seen.push_back(*value);
  }
  std::sort(seen.begin(), seen.end());
  std::vector<OperationId> concurrent;
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    const Call<Operation>& call = calls[i];
    if (call.op == blocked.op || !overlaps(call)) continue;
    const bool ok = call.returned != Operation::kNever;
    const bool matters =
        ok || (!placed[i] && std::binary_search(seen.begin(), seen.end(), call.op->command.value));
    if (matters) concurrent.push_back(call.op->id);
  }
  return concurrent;
}

void explain(const Calls& calls, const Linearization<kv::Value>& found, const SearchBudget& budget,
             const std::function<std::string(NodeId)>& name, KvLinearizability& r) {
  const Why why = why_it_fails(calls, found, budget);
  const Call<Operation>& blocked = calls[why.blocked];
  std::vector<bool> placed(calls.size(), false);
  for (const std::uint32_t i : why.order) placed[i] = true;
  r.placed = why.order.size();
  r.unplaced.push_back(blocked.op->id);
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    const Call<Operation>& call = calls[i];
    if (i == why.blocked || call.invoked > blocked.returned) continue;
    if (!placed[i] && call.returned != Operation::kNever) r.unplaced.push_back(call.op->id);
  }
  r.concurrent = concurrent_with(blocked, calls, placed);
  r.at = blocked.op->returned_at;
  r.message = message_of(calls, *blocked.op, r, why, name);
  find_core(calls, why.blocked, budget, r);
}

}  // namespace

KvLinearizability check_kv_linearizable(std::span<const Operation> operations,
                                        const SearchBudget& budget,
                                        const std::function<std::string(NodeId)>& name) {
  const KvRegister model;
  KvLinearizability r;
  r.verdict = Verdict::kPass;
  Meter meter(budget);
  const auto partitions = partition(model, calls_of(operations));
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const auto& [key, calls] = partitions[i];
    meter.allow(meter.left() / (partitions.size() - i));
    const auto found = linearize(model, std::span(calls), meter);
    r.steps = meter.steps();
    r.bytes = std::max(r.bytes, found.bytes);
    if (found.verdict == Verdict::kFail) {
      r.verdict = Verdict::kFail;
      r.key = key;
      explain(calls, found, budget, name, r);
      return r;
    }
    if (found.verdict == Verdict::kUnknown && r.verdict == Verdict::kPass) {
      r.verdict = Verdict::kUnknown;
      r.key = key;
      r.message = fmt::format("key {}: undecided, out of budget after {} steps and {} bytes", key,
                              r.steps, found.bytes);
    }
  }
  return r;
}

}  // namespace seedbed
