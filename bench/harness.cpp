#include "bench/harness.h"

#include <fmt/format.h>

#include <stdexcept>

namespace seedbed::bench {

namespace {

constexpr auto kItems = "items";
constexpr auto kValue = "value";

/// Takes what the library measured; prints nothing.
class Collector : public ::benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) throw std::runtime_error(run.error_message);
      const auto value = run.counters.find(kValue);
      figures.push_back(value != run.counters.end()
                            ? value->second.value
                            : run.cpu_accumulated_time * 1e9 / run.counters.at(kItems).value);
    }
  }

  std::vector<double> figures;  // in the order of registration
};

Measured measure(const std::string& what, const Figure& figure, int rounds) {
  Measured measured{what, figure.unit, figure.less_is_better, figure.wanted, {}};
  ::benchmark::ClearRegisteredBenchmarks();
  for (const Contender& c : figure.contenders) {
    measured.series.push_back({c.side, c.name, {}});
    ::benchmark::RegisterBenchmark(c.name.c_str(), c.round)->Iterations(1);
  }
  for (int round = 0; round < rounds; ++round) {
    Collector collector;
    ::benchmark::RunSpecifiedBenchmarks(&collector, ".");
    for (std::size_t i = 0; i < measured.series.size(); ++i) {
      measured.series[i].values.push_back(collector.figures.at(i));
    }
  }
  ::benchmark::ClearRegisteredBenchmarks();
  return measured;
}

}  // namespace

std::string_view name_of(Side side) {
  constexpr std::string_view kNames[] = {"engine", "bare", "peer"};
  return kNames[static_cast<std::uint8_t>(side)];
}

Round items(std::int64_t n, std::function<void(std::int64_t)> body, std::int64_t lead) {
  return [n, lead, body = std::move(body)](::benchmark::State& state) {
    body(lead);
    for ([[maybe_unused]] auto _ : state) body(n);
    state.counters[kItems] = static_cast<double>(n);
  };
}

Round value(std::function<double()> body) {
  return [body = std::move(body)](::benchmark::State& state) {
    double found = 0;
    for ([[maybe_unused]] auto _ : state) found = body();
    state.counters[kValue] = found;
  };
}

std::vector<Measured> Suite::run(const Options& options) const {
  std::vector<Measured> all;
  for (const auto& [what, make, is_long] : figures_) {
    if (what.find(options.only) == what.npos || (is_long && options.only.empty())) continue;
    all.push_back(measure(what, make(), options.rounds));
    options.done(all.back());
  }
  return all;
}

std::string size_text(std::uint64_t n) {
  int power = 0;
  std::uint64_t rest = n;
  for (; rest >= 10 && rest % 10 == 0; rest /= 10) ++power;
  return rest == 1 && power > 1 ? fmt::format("10^{}", power) : fmt::format("{}", n);
}

}  // namespace seedbed::bench
