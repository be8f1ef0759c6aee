// A scenario and a seed that fail, in the form in which shrinking changes them: first as a tree, in
// which anything may be drawn; then, written down, as lists of faults, operations and decisions.
//
//   Reproduction r = ...;
//   auto scenario = scenario_of(r);                   // null where it makes no sense
//   write_file("small.yaml", document_of(r));
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/run/scenario.h"
#include "sim/scenario/yaml_tree.h"

namespace seedbed {

struct Reproduction {
  std::string file;  // files that the scenario names are relative to its folder
  YamlNode root;
  std::uint64_t seed = 1;

  /// What `root` does not say any more, once it is written down.
  struct Lists {
    ChaosPlan chaos;
    std::vector<ListedOperation> operations;
    std::vector<Decision> decisions;
  };
  std::shared_ptr<const Lists> lists;  // null: not written down
};

/// How much there is of it: `before` and `after` of a shrinking.
struct ReproductionSize {
  std::uint64_t faults = 0, operations = 0, nodes = 0, decisions = 0;
  Duration simulated;
};

std::shared_ptr<Scenario> scenario_of(const Reproduction& reproduction);
/// The same, where `base` is what the tree alone means.
std::shared_ptr<Scenario> scenario_of(const Reproduction& reproduction, const Scenario& base);
std::string document_of(const Reproduction& reproduction);
/// What happens in its run, drawn or listed.
ReproductionSize size_of(const Reproduction& reproduction);

/// `root` with the value of `key`, which is YAML on one line; or without that key.
YamlNode with(YamlNode root, std::string_view key, const std::string& value);
YamlNode without(YamlNode root, std::string_view key);

}  // namespace seedbed
