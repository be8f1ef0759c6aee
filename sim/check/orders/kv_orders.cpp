#include "sim/check/orders/kv_orders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/check/orders/orders.h"
#include "sim/world/history_processes.h"

namespace seedbed {

namespace {

/// What failed did not happen, and a read without a result says nothing.
orders::History encode(std::span<const Operation> operations) {
  orders::History history;
  const std::vector<std::uint32_t> process = processes_of(operations);
  std::map<kv::Key, std::uint32_t> keys;
  std::map<std::pair<kv::Key, kv::Value>, std::uint32_t> values;
  const auto value_of = [&](kv::Key key, kv::Value value) {
    return values.emplace(std::pair(key, value), values.size()).first->second;
  };
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    const Operation& op = operations[i];
    const kv::Command& command = op.command;
    const bool ok = op.completion == Completion::kOk;
    const bool read = command.function == kv::Function::kRead;
    if (op.completion == Completion::kFail || (!ok && read)) continue;
    const auto [key, is_new] = keys.emplace(command.key, keys.size());
    if (is_new) history.initial.push_back(value_of(command.key, kv::kNil));
    orders::Operation out;
    out.source = i;
    out.process = process[i];
    out.key = key->second;
    out.ok = ok;
    out.invoked = op.invoked;
    if (ok) out.returned = op.returned;
    if (read) out.reads = value_of(command.key, op.result);
    if (command.function == kv::Function::kWrite) out.writes = value_of(command.key, command.value);
    if (command.function == kv::Function::kCas) {
      out.reads = value_of(command.key, command.expected);
      out.writes = value_of(command.key, command.value);
      if (out.reads == out.writes) out.writes = orders::kNone;  // it saw a value, and no more
      if (!ok && out.writes == orders::kNone) continue;
    }
    history.operations.push_back(out);
  }
  history.values = static_cast<std::uint32_t>(values.size());
  return history;
}

std::string text_of(const Operation& op, const std::function<std::string(NodeId)>& name) {
  const auto text = [](kv::Value v) { return v == kv::kNil ? "nil" : std::to_string(v); };
  const bool read = op.command.function == kv::Function::kRead;
  return fmt::format("{} of key {} by {} at {}..{}, {}", name_of(op.command.function),
                     op.command.key, name(op.client), to_text(op.invoked_at),
                     to_text(op.returned_at), text(read ? op.result : op.command.value));
}

}  // namespace

KvOrder check_kv_order(std::span<const Operation> operations, std::string_view level,
                       const SearchBudget& budget, const std::function<std::string(NodeId)>& name) {
  const orders::History history = encode(operations);
  const orders::Outcome found = orders::judge(history, *orders::level_named(level), budget);
  KvOrder r;
  r.verdict = found.verdict;
  r.message = found.message;
  if (found.verdict != Verdict::kFail) return r;
  std::vector<std::string> kinds;
  for (const std::uint32_t i : found.core) {
    const Operation& op = operations[history.operations[i].source];
    r.core.push_back(op);
    r.nodes.push_back(op.client);
    if (op.completion == Completion::kOk) r.at = std::max(r.at, op.returned_at);
    kinds.push_back(fmt::format("{} {}", name_of(op.command.function), name_of(op.completion)));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  std::sort(r.nodes.begin(), r.nodes.end());
  r.nodes.erase(std::unique(r.nodes.begin(), r.nodes.end()), r.nodes.end());
  r.shape = fmt::format("{}: {}: {}", level, found.anomaly, fmt::join(kinds, ", "));
  r.message = fmt::format("{}: {}", found.anomaly, found.message);
  if (found.blamed != orders::kNone) {
    const Operation& op = operations[history.operations[found.blamed].source];
    r.message += ": " + text_of(op, name);
    if (op.completion == Completion::kOk) r.at = op.returned_at;
  } else {
    std::string all;
    for (const Operation& op : r.core) all += (all.empty() ? ": " : "; ") + text_of(op, name);
    r.message += all.substr(0, 600);
  }
  return r;
}

}  // namespace seedbed
