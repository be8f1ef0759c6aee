#include <fmt/format.h>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;

namespace {

struct End {
  std::uint64_t position = 0;
  std::uint32_t index = 0;
  bool completion = false;
};

/// All ends of operations that may have happened, in their order.
std::vector<End> ends_of(const Recorded& recorded) {
  std::vector<End> ends;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (op.failed()) continue;
    ends.push_back({op.invoked, i, false});
    if (op.ok()) ends.push_back({op.returned, i, true});
  }
  std::sort(ends.begin(), ends.end(),
            [](const End& a, const End& b) { return a.position < b.position; });
  return ends;
}

std::int64_t amount_of(const RecordedOp& op) {
  const bool known = op.value.is_integer();
  if (!known && !op.value.is_nil()) detail::refuse_value(op, "an integer is to be added");
  // Sums of 10^7 of these do not overflow.
  constexpr std::int64_t kMost = std::int64_t{1} << 39;
  const std::int64_t by = known ? op.value.integer() : 1;
  if (by > kMost || by < -kMost) detail::refuse_value(op, "at most 2^39 is added at once");
  return op.is("decrement") ? -by : by;
}

}  // namespace

CheckReport check_counter(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  const Value initial = detail::initial_value(recorded, options);
  std::int64_t lower = initial.is_integer() ? initial.integer() : 0;
  std::int64_t upper = lower;
  std::vector<std::int64_t> lower_at_invocation(recorded.operations.size(), 0);
  for (const End& end : ends_of(recorded)) {
    const RecordedOp& op = recorded.operations[end.index];
    if (op.is("add") || op.is("increment") || op.is("decrement")) {
      // An increment may count from its invocation, and does from its return; a decrement likewise.
      const std::int64_t by = amount_of(op);
      ((by > 0) == end.completion ? lower : upper) += by;
      continue;
    }
    if (!op.is("read")) {
      detail::refuse_function(op, "counter", ":add, :increment, :decrement and :read");
    }
    if (!end.completion) {
      lower_at_invocation[end.index] = lower;
      continue;
    }
    if (op.value.is_nil()) continue;
    if (!op.value.is_integer()) detail::refuse_value(op, "a counter holds an integer");
    const std::int64_t seen = op.value.integer();
    const std::int64_t least = lower_at_invocation[end.index];
    if (seen >= least && seen <= upper) continue;
    findings.add(seen < least ? "lost-increment" : "unexpected-increment",
                 fmt::format("a read of {}, which must have been {} to {}", seen, least, upper),
                 {end.index});
  }
  return std::move(findings).report();
}

}  // namespace seedbed::domain
