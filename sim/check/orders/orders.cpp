#include "sim/check/orders/orders.h"

#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/check/orders/judges.h"
#include "sim/check/orders/shrink.h"
#include "sim/check/orders/staleness.h"
#include "sim/check/spans.h"

namespace seedbed::orders {

namespace {

constexpr std::string_view kNames[] = {"sequential",
                                       "causal",
                                       "causal-convergence",
                                       "weak-causal",
                                       "pram",
                                       "read-your-writes",
                                       "monotonic-reads",
                                       "monotonic-writes",
                                       "writes-follow-reads",
                                       "k-atomic",
                                       "stale"};
using Judgement = Found (*)(const Instance&, Meter&);
constexpr Judgement kJudges[] = {judge_sequential,
                                 judge_causal,
                                 judge_causal_convergence,
                                 judge_weak_causal,
                                 judge_pram,
                                 judge_read_your_writes,
                                 judge_monotonic_reads,
                                 judge_monotonic_writes,
                                 judge_writes_follow_reads};

constexpr std::uint64_t kMostValues = 1000;
constexpr std::string_view kAtomicSuffix = "-atomic";
constexpr std::string_view kStalePrefix = "stale:";

std::string measured(const Interval& least, bool times) {
  const auto text = [&](std::uint64_t n) {
    if (n == Interval{}.hi) return std::string("no bound");
    return times ? to_text(Duration(static_cast<std::int64_t>(n))) : std::to_string(n);
  };
  if (least.lo > least.hi) return text(Interval{}.hi);
  if (least.lo == least.hi) return text(least.lo);
  if (least.hi == Interval{}.hi) return fmt::format("{} or more", text(least.lo));
  return fmt::format("{} to {}", text(least.lo), text(least.hi));
}

Outcome judge_real_time(const History& history, const Level& level, bool measure, Meter& meter) {
  const bool times = level.order == Order::kStale;
  Staleness found = times ? judge_stale(history, level.bound, measure, meter)
                          : judge_atomic(history, level.bound, measure, meter);
  Outcome out;
  out.verdict = found.verdict;
  out.core = std::move(found.operations);
  if (measure) {
    out.notes.emplace_back(times ? "least staleness" : "least K", measured(found.least, times));
  }
  if (out.verdict == Verdict::kUnknown) out.message = "out of budget";
  if (out.verdict != Verdict::kFail) return out;
  out.anomaly = level.bound == Level::kAny ? "no bound" : "too stale";
  out.message = times ? "no order in real time explains what was read, however early reads began"
                      : "no order in real time explains what was read, however stale";
  if (level.bound == Level::kAny) return out;
  out.message = times ? fmt::format(
                            "no order in real time explains what was read, had each read begun {} "
                            "earlier",
                            to_text(Duration(static_cast<std::int64_t>(level.bound))))
                      : fmt::format(
                            "no order in real time in which each read returns one of the last {} "
                            "values of its key",
                            level.bound);
  return out;
}

/// What is linearizable is sequential, and that is quick to see.
bool is_linearizable(const History& history, Meter& meter) {
  meter.allow(meter.left() / 4);
  const Verdict verdict = judge_atomic(history, 1, false, meter).verdict;
  meter.allow(meter.left());
  return verdict == Verdict::kPass;
}

Outcome decide(const History& history, const Level& level, bool measure, Meter& meter) {
  Outcome out;
  if (level.order >= Order::kAtomic) {
    out = judge_real_time(history, level, measure, meter);
  } else if (level.order != Order::kSequential || !is_linearizable(history, meter)) {
    out = judge_readings(history, kJudges[static_cast<std::size_t>(level.order)],
                         level.order == Order::kSequential, meter);
  }
  out.steps = meter.steps();
  return out;
}

}  // namespace

std::span<const std::string_view> level_names() { return kNames; }

std::optional<Level> level_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return Level{static_cast<Order>(i), Level::kAny};
  }
  if (name.ends_with(kAtomicSuffix)) {
    name.remove_suffix(kAtomicSuffix.size());
    const auto k = whole_number(name);
    if (k && *k > 0 && *k <= kMostValues) return Level{Order::kAtomic, *k};
  } else if (name.starts_with(kStalePrefix)) {
    name.remove_prefix(kStalePrefix.size());
    if (const auto ns = span_of(name)) return Level{Order::kStale, *ns};
  }
  return std::nullopt;
}

Outcome judge(const History& history, const Level& level, const SearchBudget& budget) {
  Meter meter(budget);
  Outcome out = decide(history, level, true, meter);
  if (out.verdict != Verdict::kFail) return out;
  // Steps that do not depend on a clock; but whoever waits may have enough of it.
  const auto fails = [&](const History& part) {
    const SearchBudget to_shrink{2'000'000, budget.bytes, budget.expired};
    Meter shrinking(to_shrink);
    return decide(part, level, false, shrinking).verdict == Verdict::kFail;
  };
  std::vector<std::uint32_t> core = shrink(history, out.core, fails);
  const SearchBudget to_explain{2'000'000, budget.bytes, budget.expired};
  Meter explaining(to_explain);
  Outcome why = decide(part_of(history, core), level, false, explaining);
  if (why.verdict == Verdict::kFail) {
    out.anomaly = std::move(why.anomaly);
    out.message = std::move(why.message);
    out.blamed = why.blamed == kNone ? kNone : core[why.blamed];
  }
  out.core = std::move(core);
  return out;
}

}  // namespace seedbed::orders
