// Whole runs: the yardstick scenario raft-5, what its digests, invariants and checks cost, what a
// copy of it costs, and every protocol of the registry in good weather.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/cpu_time.h"
#include "bench/digest_share.h"
#include "bench/figures.h"
#include "bench/statistics.h"
#include "sim/check/kv_linearizability.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/workload/workload.h"

namespace seedbed::bench {

namespace {

using ScenarioPointer = std::shared_ptr<const Scenario>;

std::shared_ptr<Scenario> raft_5() {
  const ReadResult read = read_scenario_file(SEEDBED_SOURCE_DIR "/scenarios/bench/raft-5.yaml", {});
  if (!read.scenario) throw std::runtime_error(read.errors.front().text());
  return std::make_shared<Scenario>(*read.scenario);
}

double run_seconds(const ScenarioPointer& scenario) {
  return seconds_of([&] { Run(scenario).to_end(); });
}

double simulated_seconds(const Scenario& scenario) {
  return static_cast<double>((scenario.duration + scenario.settle).count()) * 1e-9;
}

/// Of one contender, which is measured by `body`.
Figure single(std::string unit, std::vector<Wanted> wanted, std::function<double()> body) {
  Figure figure{.unit = std::move(unit), .wanted = std::move(wanted)};
  figure.less_is_better = figure.unit != "x real";
  figure.add(Side::kEngine, "run", value(std::move(body)));
  return figure;
}

/// How fast a scenario is, as two figures: `judge` is not in them.
void add_speed(Suite& suite, const std::string& name, std::function<ScenarioPointer()> make,
               std::vector<Wanted> wanted) {
  suite.add(name, [make, wanted] {
    return single("x real", wanted, [scenario = make()] {
      return simulated_seconds(*scenario) / run_seconds(scenario);
    });
  });
  suite.add(name + ", an event", [make] {
    return single("ns", {}, [scenario = make()] {
      Run run(scenario);
      const double seconds = seconds_of([&] { run.to_end(); });
      return seconds * 1e9 / static_cast<double>(run.world().events());
    });
  });
}

void add_shares(Suite& suite) {
  suite.add("raft-5, share of invariants", [] {
    const ScenarioPointer with = raft_5();
    const auto without = std::make_shared<Scenario>(*with);
    without->checks.emplace();
    return single("%", {{Wanted::Kind::kAtMost, 25}}, [with, without] {
      const double bare = run_seconds(without);
      return 100 * (1 - bare / run_seconds(with));
    });
  });
  suite.add("raft-5, share of digests", [] {
    const ScenarioPointer scenario = raft_5();
    const auto digests = std::make_shared<DigestShare>();
    Run observed(scenario);
    observed.observe(digests.get());
    observed.to_end();
    return single("%", {{Wanted::Kind::kAtMost, 25}},
                  [=] { return 100 * digests->seconds() / run_seconds(scenario); });
  });
}

void add_checks(Suite& suite) {
  const auto ended = [] {
    const auto run = std::make_shared<Run>(raft_5());
    run->to_end();
    return run;
  };
  suite.add("raft-5, all final checks", [ended] {
    return single("ms", {}, [run = ended()] { return 1e3 * seconds_of([&] { judge(*run); }); });
  });
  suite.add("raft-5, linearizability", [ended] {
    const std::vector<Operation> operations = ended()->world().history().operations();
    return single("ms", {}, [operations] {
      return 1e3 * seconds_of([&] { check_kv_linearizable(operations); });
    });
  });
}

/// A copy that finds nothing of the run in the caches: between two of them 64 MiB are written.
double cold_copy_microseconds(const Run& run) {
  constexpr int kCopies = 5;
  std::vector<char> other(std::size_t{64} << 20);
  std::vector<double> found;
  for (int i = 0; i < kCopies; ++i) {
    std::fill(other.begin(), other.end(), static_cast<char>(i));
    ::benchmark::ClobberMemory();
    std::unique_ptr<Run> copy;
    found.push_back(1e6 * seconds_of([&] { copy = std::make_unique<Run>(run); }));
  }
  return median(found);
}

void add_copies(Suite& suite) {
  const auto add = [&suite](Duration after, double most) {
    const std::int64_t seconds = after.count() / 1'000'000'000;
    suite.add("raft-5, cold copy after " + std::to_string(seconds) + " s", [after, most] {
      const auto run = std::make_shared<Run>(raft_5());
      while (run->world().next_event_at() < Time{} + after && run->step()) {
      }
      return single("us", {{Wanted::Kind::kAtMost, most}},
                    [run] { return cold_copy_microseconds(*run); });
    });
  };
  add(60_s, 150);
  add(600_s, 300);
}

/// A protocol with its own parameters, five nodes, good weather, and 200 operations a second.
ScenarioPointer quiet(const Protocol& protocol) {
  auto scenario = std::make_shared<Scenario>();
  scenario->name = "quiet";
  scenario->protocol = &protocol;
  for (const Parameter& p : protocol.parameters) scenario->parameters.push_back(p.initial);
  scenario->nodes = std::max(5U, protocol.min_nodes);
  for (const Workload* workload : all_workloads()) {
    if (workload->service != protocol.workload) continue;
    scenario->workload = WorkloadConfig{.rate_millihertz = 200'000};
    scenario->workload->kind = workload;
    break;
  }
  return scenario;
}

}  // namespace

void add_runs(Suite& suite) {
  add_speed(suite, "raft-5", raft_5, {{Wanted::Kind::kAtLeast, 2'000}});
  add_shares(suite);
  add_checks(suite);
  add_copies(suite);
  for (const Protocol* protocol : all_protocols()) {
    add_speed(suite, "protocol " + std::string(protocol->name),
              [protocol] { return quiet(*protocol); }, {});
  }
}

}  // namespace seedbed::bench
