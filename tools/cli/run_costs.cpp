#include "tools/cli/run_costs.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "tools/cli/progress.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kEventsBetween = 1 << 14;  // looks at the clock
constexpr std::chrono::milliseconds kMoment{500};
constexpr std::chrono::milliseconds kEachMove{100};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The most that this process ever had in memory.
std::size_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

double seconds_of(Duration d) { return static_cast<double>(d.count()) / 1e9; }

std::string line(const Run& run, double wall_s) {
  const Scenario& scenario = run.scenario();
  const double whole = seconds_of(scenario.duration + scenario.settle);
  const double done = seconds_of(run.world().now() - Time{});
  const double share = whole > 0 ? done / whole : 1;
  const auto events = static_cast<double>(run.world().events());
  return fmt::format("{}{:.1f} of {:.1f} s, {:.1f}M events, {:.1f}M/s, {} left", bar(share), done,
                     whole, events / 1e6, events / 1e6 / wall_s,
                     rough_time(wall_s / std::max(share, 1e-9) - wall_s));
}

void run_with_bar(Run& run, Clock::time_point start) {
  Clock::time_point next = start + kMoment;
  std::uint64_t events = 0;
  while (run.step()) {
    if (++events % kEventsBetween != 0 || Clock::now() < next) continue;
    next = Clock::now() + kEachMove;
    fmt::print(stderr, "\r\033[K{}", line(run, seconds_since(start)));
    std::fflush(stderr);
  }
  if (next != start + kMoment) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace

RunCosts::RunCosts() : before(peak_bytes()) {}

void run_to_end(Run& run, RunCosts& costs) {
  const auto start = Clock::now();
  if (isatty(STDERR_FILENO) != 0) {
    run_with_bar(run, start);
  } else {
    run.to_end();
  }
  costs.wall_s = seconds_since(start);
  costs.memory_bytes = peak_bytes() - costs.before;
}

}  // namespace seedbed::cli
