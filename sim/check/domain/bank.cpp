#include <fmt/format.h>

#include <optional>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;

namespace {

using Balances = std::vector<std::pair<Value, Value>>;  // account, balance

/// {account balance ...}, or a list of balances by account.
Balances balances_of(const RecordedOp& op) {
  Balances balances;
  const auto items = op.value.items();
  if (op.value.is_map()) {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      balances.emplace_back(items[i], items[i + 1]);
    }
  } else if (op.value.is_list()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      balances.emplace_back(Value::of(static_cast<std::int64_t>(i)), items[i]);
    }
  } else {
    detail::refuse_value(op, "a read wants {account balance ...}");
  }
  return balances;
}

}  // namespace

CheckReport check_bank(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  const Value initial = detail::initial_value(recorded, options);
  std::optional<Int128> total;
  if (initial.is_integer()) total = initial.integer();
  history::ValueNumbers accounts;  // of the first read
  std::uint64_t reads = 0;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (!op.is("read") && !op.is("transfer")) {
      detail::refuse_function(op, "bank", ":read and :transfer");
    }
    if (!op.is("read") || !op.ok() || op.value.is_nil()) continue;
    Int128 sum = 0;
    bool whole = true;
    for (const auto& [account, balance] : balances_of(op)) {
      const std::string name = to_text(account, 30);
      if (reads == 0) accounts.of(account);
      if (!accounts.find(account)) {
        findings.add("unexpected-key", fmt::format("nobody has an account {}", name), {i});
      }
      if (balance.is_nil()) {
        whole = false;
        findings.add("nil-balance", fmt::format("account {} holds nil", name), {i});
      } else if (!balance.is_integer()) {
        detail::refuse_value(op, "a balance is an integer");
      } else if (balance.integer() < 0 && options.level != "any-balance") {
        findings.add("negative-value", fmt::format("account {} holds {}", name, balance.integer()),
                     {i});
      }
      if (balance.is_integer()) sum += balance.integer();
    }
    ++reads;
    if (!total) total = sum;
    if (!whole || sum == *total) continue;
    findings.add("wrong-total",
                 fmt::format("the accounts add up to {}, not to {}", static_cast<std::int64_t>(sum),
                             static_cast<std::int64_t>(*total)),
                 {i});
  }
  if (reads == 0) findings.undecided("the accounts were never read");
  return std::move(findings).report();
}

}  // namespace seedbed::domain
