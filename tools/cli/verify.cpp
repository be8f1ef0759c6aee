// seedbed verify SCENARIO: every seed twice, in separate processes; equal digests or the first
// event that differs.
#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/process.h"
#include "tools/cli/run_trace.h"

namespace seedbed::cli {

namespace {

constexpr int kMostPairs = 5;

/// Two more runs, event by event, up to where they part. What is drawn by chance may need several.
/// Digests at checkpoints and a search between them would need runs that part at the same event
/// each time, which those that differ by an address do not: one pair in step is exact, and costs
/// two runs.
void print_first_difference(const ScenarioOptions& options, std::uint64_t seed) {
  for (int pair = 1; pair <= kMostPairs; ++pair) {
    RunTrace left(options, seed);
    RunTrace right(options, seed);
    const auto parting = find_parting([&](auto& line) { return left.next(line); },
                                      [&](auto& line) { return right.next(line); });
    if (!parting) continue;
    print_parting(*parting);
    print_states(*parting, {options, seed}, {options, seed});
    return;
  }
  fmt::print("  but {} more pairs of runs of it agree: it does not differ every time\n",
             kMostPairs);
}

}  // namespace

int verify(const VerifyOptions& options) {
  const SeedRange seeds = parse_seeds(options.seeds);
  load(options.scenario);  // errors once, before any process is started
  std::uint64_t differing = 0;
  for (std::uint64_t seed = seeds.first;; ++seed) {
    const std::string first = digest_in_fresh_process(options.scenario, seed);
    const std::string second = digest_in_fresh_process(options.scenario, seed);
    if (first != second) {
      ++differing;
      fmt::print("seed {}: digests {} and {}\n", seed, first, second);
      print_first_difference(options.scenario, seed);
    }
    if (seed == seeds.last) break;
  }
  const std::uint64_t count = seeds.last - seeds.first + 1;
  fmt::print("{} of {} seeds gave the same history twice\n", count - differing, count);
  return differing == 0 ? kAsExpected : kNotAsExpected;
}

}  // namespace seedbed::cli
