// What `bench` found, for people, for programs and for spreadsheets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/survey.h"
#include "sim/explore/trials.h"
#include "sim/run/scenario.h"

namespace seedbed::cli {

/// One scenario under one setting: compared with what was published for it, or surveyed.
struct BenchRow {
  std::shared_ptr<const Scenario> scenario;
  std::string setting;  // "nodes=5", or "" for the scenario as it is
  Trials trials;        // with `comparison`
  std::optional<Comparison> comparison;
  std::optional<Survey> survey;
  double wall_s = 0;

  bool holds() const { return comparison ? comparison->holds : survey->unexpected == 0; }
};

std::string bench_text(const std::vector<BenchRow>& rows);
std::string bench_json(const std::vector<BenchRow>& rows);
/// One line a figure: scenario, setting, figure, unit, published, measured, tolerance, verdict.
std::string bench_csv(const std::vector<BenchRow>& rows);

}  // namespace seedbed::cli
