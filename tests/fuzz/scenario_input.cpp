#include "tests/fuzz/scenario_input.h"

#include <stdexcept>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed::fuzz {

namespace {

void expect(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

bool is_small(const Scenario& s) {
  constexpr std::uint32_t kFew = 64;
  return s.nodes <= kFew &&
         (!s.workload || (s.workload->clients <= kFew && s.workload->keys <= kFew));
}

}  // namespace

void try_scenario(std::string_view bytes) {
  const ReadResult read = read_scenario("fuzz.yaml", bytes, {});
  expect(read.scenario.has_value() == read.errors.empty(), "a scenario or errors, not both");
  for (const ScenarioError& error : read.errors) {
    expect(!error.file.empty() && !error.message.empty(), "an error says what");
    expect(error.line >= 1 && error.column >= 1, "an error says where");
    expect(error.text().find('\n') == std::string::npos, "an error is a line");
  }
  if (!read.scenario || !is_small(*read.scenario)) return;
  constexpr int kSteps = 2'000;
  Run run(std::make_shared<const Scenario>(*read.scenario));
  for (int i = 0; i < kSteps && run.step(); ++i) {
  }
  if (run.over()) judge(run);
}

}  // namespace seedbed::fuzz
