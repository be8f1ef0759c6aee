#include <algorithm>

#include "sim/base/text.h"
#include "sim/check/check_report.h"
#include "sim/check/kv_linearizability.h"
#include "sim/check/orders/kv_orders.h"
#include "sim/check/orders/orders.h"
#include "sim/run/liveness.h"
#include "sim/run/lookups.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/trace/jepsen_history.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

constexpr std::string_view kStopped = "the run stopped at a violation";

CheckResult always(const Run& run, std::string_view name) {
  CheckResult check{std::string(name), "always", Verdict::kPass, "", {}};
  for (const Violation& v : run.violations()) {
    if (v.check == name) check.violations.push_back(v);
  }
  if (!check.violations.empty()) check.verdict = Verdict::kFail;
  return check;
}

CheckResult undecided(std::string_view name, std::string_view kind, std::string_view why) {
  return {std::string(name), std::string(kind), Verdict::kUnknown, std::string(why), {}};
}

CheckResult linearizable(const Run& run, const std::vector<Operation>& operations) {
  const std::uint32_t servers = run.scenario().servers();
  const KvLinearizability found =
      check_kv_linearizable(operations, {}, [servers](NodeId n) { return node_name(n, servers); });
  CheckResult check{"linearizable", "history", found.verdict, "", {}};
  if (found.verdict == Verdict::kUnknown) check.note = found.message;
  if (found.verdict == Verdict::kFail) {
    check.violations.push_back(
        {"linearizable", found.at, run.world().events(), found.nodes, found.message, found.shape});
  }
  return check;
}

/// By the check that judges histories from anywhere: what it is shown is what --history writes.
CheckResult judged_as_recorded(const Run& run, const WorkloadCheck& asked, std::string level,
                               const std::string& history) {
  const WorkloadConfig& config = *run.scenario().workload;
  const HistoryCheck* judge = find_history_check(config.kind->judged_as(config));
  SEEDBED_ASSERT(judge != nullptr, "no check is called {}", config.kind->judged_as(config));
  CheckOptions options;
  options.level = std::move(level);
  if (options.level.empty() && !judge->levels.empty()) options.level = judge->levels[0];
  if (config.kind->initial != nullptr) options.init = config.kind->initial(config);
  CheckReport report = judge->judge({history, "jepsen-edn", ""}, options);
  CheckResult check{std::string(asked.name), "history", report.verdict, "", {}};
  if (report.verdict == Verdict::kUnknown) check.note = std::move(report.message);
  if (report.verdict == Verdict::kFail) {
    check.violations.push_back({check.name,
                                run.world().now(),
                                run.world().events(),
                                {},
                                std::move(report.message),
                                std::move(report.shape)});
  }
  return check;
}

/// One of the orders that are not linearizability.
CheckResult judged_as_order(const Run& run, std::string_view name,
                            const std::vector<Operation>& operations) {
  const std::uint32_t servers = run.scenario().servers();
  KvOrder found =
      check_kv_order(operations, name, {}, [servers](NodeId n) { return node_name(n, servers); });
  CheckResult check{std::string(name), "history", found.verdict, "", {}};
  if (found.verdict == Verdict::kUnknown) check.note = found.message;
  if (found.verdict == Verdict::kFail) {
    check.violations.push_back(
        {check.name, found.at, run.world().events(), found.nodes, found.message, found.shape});
  }
  return check;
}

void judge_workload(const Run& run, const std::vector<Operation>& operations, Result& result) {
  const Scenario& scenario = run.scenario();
  const Workload& workload = *scenario.workload->kind;
  std::string history;
  for (const WorkloadCheck& check : workload.checks) {
    if (!is_selected(scenario, check.name) || (check.only_if_listed && !scenario.checks)) continue;
    std::string level(check.level);
    if (check.level_of != nullptr) {
      level = check.level_of(*scenario.workload, Time{} + scenario.duration + scenario.settle / 2);
      if (level.empty()) continue;
    }
    if (run.stopped_early()) {
      result.checks.push_back(undecided(check.name, "history", kStopped));
    } else if (workload.judged_as != nullptr) {
      if (history.empty()) history = jepsen_history(run.world().history());
      result.checks.push_back(judged_as_recorded(run, check, std::move(level), history));
    } else if (workload.of_keys) {
      result.checks.push_back(check_lookups(run, check.name, operations));
    } else if (orders::level_named(check.name)) {
      result.checks.push_back(judged_as_order(run, check.name, operations));
    } else {
      result.checks.push_back(linearizable(run, operations));
    }
  }
}

std::optional<LatencyFigures> latency_of(const std::vector<Operation>& operations) {
  std::vector<Duration> latencies;
  for (const Operation& op : operations) {
    if (op.completion == Completion::kOk) latencies.push_back(op.returned_at - op.invoked_at);
  }
  if (latencies.empty()) return std::nullopt;
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](std::size_t permille) {  // nearest rank
    const std::size_t rank = (latencies.size() * permille + 999) / 1000;
    return latencies[std::max<std::size_t>(rank, 1) - 1];
  };
  return LatencyFigures{at(500), at(900), at(990), at(999), latencies.back()};
}

/// Acknowledged operations that started while the workload ran, by the second.
std::uint64_t throughput_of(const Run& run, const std::vector<Operation>& operations) {
  const Duration ran = std::min(run.world().now() - Time{}, run.scenario().duration);
  if (ran.count() <= 0) return 0;
  const auto acknowledged =
      std::count_if(operations.begin(), operations.end(), [&](const auto& op) {
        return op.completion == Completion::kOk && op.invoked_at < Time{} + run.scenario().duration;
      });
  return static_cast<std::uint64_t>(acknowledged) * 1'000'000 /
         std::max<std::uint64_t>(static_cast<std::uint64_t>(ran.count()) / 1'000'000, 1);
}

/// Those of the protocol, reached or not; then what else was reached. None where they are off.
std::vector<FaultPointCount> fault_points_of(const Run& run) {
  std::vector<FaultPointCount> points;
  if (!run.scenario().world.fault_points.chance) return points;
  for (const FaultPointInfo& info : run.scenario().protocol->fault_points) {
    points.push_back({.name = info.name});
  }
  for (const FaultPointCount& reached : run.world().fault_points()) {
    const auto known = std::find_if(points.begin(), points.end(),
                                    [&](const auto& p) { return p.name == reached.name; });
    if (known == points.end()) {
      points.push_back(reached);
    } else {
      *known = reached;
    }
  }
  return points;
}

void judge_checks(const Run& run, const std::vector<Operation>& operations, Result& result) {
  const Scenario& scenario = run.scenario();
  for (const InvariantInfo& info : scenario.protocol->invariants) {
    if (!is_selected(scenario, info.name)) continue;
    const bool too_early = info.at_end && run.stopped_early();
    CheckResult& check = result.checks.emplace_back(always(run, info.name));
    if (too_early && check.verdict == Verdict::kPass) {
      check = undecided(info.name, "always", kStopped);
    }
  }
  result.checks.push_back(always(run, "assert"));
  if (scenario.workload) judge_workload(run, operations, result);
  const bool whole = !run.measured();  // else it had no time for all that it might have shown
  if (whole && scenario.progress) {
    result.checks.push_back(run.stopped_early() ? undecided("progress", "run", kStopped)
                                                : check_progress(run, operations));
  }
  if (whole && is_selected(scenario, "recovery") && !run.stopped_early()) {
    if (auto check = check_recovery(run, operations)) result.checks.push_back(std::move(*check));
  }
  for (const temporal::Outcome& outcome : run.temporal_outcomes()) {
    CheckResult check = always(run, outcome.property->name);
    check.kind = "temporal";
    check.verdict = outcome.verdict;
    check.note = outcome.note;
    result.checks.push_back(std::move(check));
  }
  for (const CheckResult& check : result.checks) {
    result.verdict = worse(result.verdict, check.verdict);
    for (const Violation& v : check.violations) {
      if (!result.first_violation || v.event < result.first_violation->event) {
        result.first_violation = v;
      }
    }
  }
}

bool is_as_expected(const Scenario& scenario, const Result& result) {
  if (scenario.expect_violates.empty()) return result.verdict == Verdict::kPass;
  return result.first_violation && result.first_violation->check == scenario.expect_violates;
}

}  // namespace

std::string node_name(NodeId n, std::uint32_t servers) {
  if (!n) return "nobody";
  return n.value <= servers ? fmt::format("n{}", n.value) : fmt::format("c{}", n.value - servers);
}

Result judge(const Run& run) {
  const Scenario& scenario = run.scenario();
  const World& world = run.world();
  const std::vector<Operation> operations = world.history().operations();
  Result result;
  result.scenario = scenario.name;
  result.protocol = scenario.protocol->name;
  result.variant = scenario.variant;
  result.mutant = scenario.mutant;
  result.seed = scenario.world.seed;
  result.digest = world.digest();
  result.simulated = world.now();
  result.events = world.events();
  result.messages = world.messages();
  result.ok = world.history().count(Completion::kOk);
  result.fail = world.history().count(Completion::kFail);
  result.info = operations.size() - result.ok - result.fail;
  result.throughput_millihertz = throughput_of(run, operations);
  result.latency = latency_of(operations);
  result.faults = run.chaos().records();
  if (scenario.published) {
    const auto& measures = scenario.published->measures;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const MeasureInfo& info = *measures[i].measure;
      result.measured.push_back({std::string(info.name), info.kind, run.measured(i)});
    }
  }
  for (const MetricInfo& metric : scenario.protocol->metrics) {
    std::uint64_t value = 0;
    for (const auto& [name, count] : world.metrics()) {
      if (name == metric.name) value = count;
    }
    result.metrics.emplace_back(metric.name, value);
  }
  result.fault_points = fault_points_of(run);
  judge_checks(run, operations, result);
  result.as_expected = is_as_expected(scenario, result);
  return result;
}

}  // namespace seedbed
