// YAML -> a typed Scenario. Nothing is guessed: whatever the format does not know, or Seedbed does
// not do yet, is an error with its place, and all errors come in one go.
//
//   ReadResult r = read_scenario_file("scenarios/raft/isolated-leader.yaml", {});
//   for (const ScenarioError& e : r.errors) std::cerr << e.text() << '\n';
//   if (r.scenario) run(*r.scenario);
//
// scenario_schema() documents the format: it is written from the very descriptions that
// the reader reads by.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/scenario.h"
#include "sim/scenario/scenario_error.h"
#include "sim/scenario/settings.h"

namespace seedbed {

struct ReadResult {
  std::optional<Scenario> scenario;   // there exactly where there are no errors
  std::vector<ScenarioError> errors;  // by place: the file's, other files', the settings'
};

/// `file_name` stands in the errors; files that the scenario names are relative to its folder.
ReadResult read_scenario(const std::string& file_name, std::string_view text,
                         std::span<const Setting> settings);
ReadResult read_scenario_file(const std::string& path, std::span<const Setting> settings);

/// JSON Schema, draft 2020-12, for editors.
std::string scenario_schema();

}  // namespace seedbed
