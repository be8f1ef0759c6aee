// seedbed verify SCENARIO: every seed twice, in separate processes; equal digests or the first
// event that differs.
#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/process.h"

namespace seedbed::cli {

namespace {

std::vector<std::string> trace_arguments(const ScenarioOptions& options, std::uint64_t seed) {
  std::vector<std::string> words{"run", "--digest", "--trace", "-", "--seed", std::to_string(seed)};
  for (const std::string& word : options.arguments()) words.push_back(word);
  return words;
}

/// Both runs once more, line by line, up to where they part.
void print_first_difference(const ScenarioOptions& options, std::uint64_t seed) {
  ChildProcess left(trace_arguments(options, seed));
  ChildProcess right(trace_arguments(options, seed));
  std::string a, b, before;
  while (true) {
    const bool more_a = left.read_line(a);
    const bool more_b = right.read_line(b);
    if (!more_a && !more_b) {
      fmt::print("  but two more runs of it agree: it does not differ every time\n");
      return;
    }
    if (a != b || more_a != more_b) break;
    before = a;
  }
  fmt::print("  the last line in common:  {}\n  first run:   {}\n  second run:  {}\n", before,
             a.empty() ? "(ended)" : a, b.empty() ? "(ended)" : b);
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
