// Scenarios for tests: those of the repository, and small ones made by hand.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/run/scenario.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed::testing {

/// The files below scenarios/ whose names are `wanted`, sorted.
inline std::vector<std::string> scenario_files(bool (*wanted)(const std::string& name)) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(SEEDBED_SOURCE_DIR) / "scenarios";
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string name = fs::relative(entry.path(), root).string();
    if (wanted(name)) files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A published table of many nodes, whose trials take their time.
inline bool is_of_crowds(const std::string& name) {
  return name.starts_with("papers/") && !name.starts_with("papers/raft/");
}

/// Every scenario, but for scenarios/bench and papers about crowds, which are long, and for the
/// regressions, which are each about one seed.
inline std::vector<std::string> scenario_files() {
  return scenario_files([](const std::string& name) {
    return !name.starts_with("bench/") && !name.starts_with("regressions/") && !is_of_crowds(name);
  });
}

inline std::vector<std::string> regression_files() {
  return scenario_files([](const std::string& name) { return name.starts_with("regressions/"); });
}

/// A scenario of the repository by its path below scenarios/.
inline std::shared_ptr<Scenario> read(const std::string& name, std::uint64_t seed = 1) {
  const ReadResult result =
      read_scenario_file(std::string(SEEDBED_SOURCE_DIR) + "/scenarios/" + name, {});
  for (const ScenarioError& error : result.errors) ADD_FAILURE() << error.text();
  if (!result.scenario) throw std::runtime_error(name + " cannot be read");
  auto scenario = std::make_shared<Scenario>(*result.scenario);
  scenario->world.seed = seed;
  return scenario;
}

/// The same with the correct protocol, which must pass where its mutant dies.
inline std::shared_ptr<Scenario> read_correct(const std::string& name, std::uint64_t seed = 1) {
  auto scenario = read(name, seed);
  scenario->mutant.clear();
  scenario->expect_violates.clear();
  return scenario;
}

/// The protocol with its own parameters, no faults, no workload.
inline std::shared_ptr<Scenario> quiet(const Protocol& protocol, std::uint32_t nodes = 3) {
  auto scenario = std::make_shared<Scenario>();
  scenario->name = "quiet";
  scenario->protocol = &protocol;
  for (const Parameter& p : protocol.parameters) scenario->parameters.push_back(p.initial);
  scenario->nodes = std::max(nodes, protocol.min_nodes);
  return scenario;
}

/// A test's parameter as a part of its name.
inline std::string test_name(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

}  // namespace seedbed::testing
