#include "sim/explore/reproduction.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/explore/concrete.h"
#include "sim/run/run.h"
#include "sim/scenario/chaos_form.h"
#include "sim/scenario/scenario_lines.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/scenario/yaml_line.h"
#include "sim/scenario/yaml_text.h"

namespace seedbed {

namespace {

std::shared_ptr<Scenario> read(const std::string& file, const YamlNode& root) {
  ReadResult result = read_scenario(file, to_document(root), {});
  if (!result.scenario) return nullptr;
  return std::make_shared<Scenario>(std::move(*result.scenario));
}

std::string list_of(const std::vector<std::string>& lines) {
  return fmt::format("[{}]", fmt::join(lines, ", "));
}

/// In the order in which a person reads: what, who, how long, what goes wrong, what comes of it.
void put_in_order(YamlNode& root) {
  constexpr std::string_view kOrder[] = {
      "name",     "about",  "protocol",     "variant",      "mutant",   "with",      "nodes",
      "groups",   "spares", "duration",     "settle",       "seed",     "tie_break", "network",
      "clocks",   "cpu",    "disk",         "fault_points", "workload", "chaos",     "decisions",
      "progress", "check",  "on_violation", "expect"};
  const auto place = [&](const YamlNode& node) {
    return std::find(std::begin(kOrder), std::end(kOrder), node.key) - std::begin(kOrder);
  };
  std::stable_sort(root.children.begin(), root.children.end(),
                   [&](const YamlNode& a, const YamlNode& b) { return place(a) < place(b); });
}

/// The tree with the lists in it.
YamlNode whole_tree(const Reproduction& r, std::uint32_t servers) {
  YamlNode root = with(r.root, "seed", fmt::format("{}", r.seed));
  if (r.lists == nullptr) return root;
  std::vector<std::string> faults, operations, decisions;
  for (const ChaosEntry& entry : r.lists->chaos) faults.push_back(entry.text);
  for (const ListedOperation& op : r.lists->operations) operations.push_back(line_of(op));
  for (const Decision& d : r.lists->decisions) decisions.push_back(line_of(d, servers));
  if (operations.empty()) {
    root = without(std::move(root), "workload");
  } else if (const YamlNode* workload = root.find("workload")) {
    const YamlNode listed = with(*workload, "operations", list_of(operations));
    root = with(std::move(root), "workload", to_line(listed));
  }
  if (!faults.empty()) root = with(std::move(root), "chaos", list_of(faults));
  if (!decisions.empty()) root = with(std::move(root), "decisions", list_of(decisions));
  return root;
}

}  // namespace

YamlNode with(YamlNode root, std::string_view key, const std::string& value) {
  Errors errors({""});
  std::optional<YamlNode> node = parse_yaml(value, 0, "", errors);
  SEEDBED_ASSERT(node.has_value(), "{}: no YAML: {}", key, value.substr(0, 200));
  node->key = key;
  if (YamlNode* old = root.find(key)) {
    *old = std::move(*node);
  } else {
    root.kind = YamlNode::Kind::kMap;
    root.children.push_back(std::move(*node));
  }
  return root;
}

YamlNode without(YamlNode root, std::string_view key) {
  std::erase_if(root.children, [&](const YamlNode& child) { return child.key == key; });
  return root;
}

std::shared_ptr<Scenario> scenario_of(const Reproduction& r, const Scenario& base) {
  auto scenario = std::make_shared<Scenario>(base);
  scenario->world.seed = r.seed;
  if (r.lists == nullptr) return scenario;
  scenario->chaos = r.lists->chaos;
  name_streams(scenario->chaos);
  scenario->world.network.decisions = sorted(r.lists->decisions);
  if (r.lists->operations.empty()) {
    scenario->workload.reset();
  } else if (scenario->workload) {
    scenario->workload->listed = r.lists->operations;
  }
  return scenario;
}

std::shared_ptr<Scenario> scenario_of(const Reproduction& r) {
  const std::shared_ptr<Scenario> base = read(r.file, r.root);
  return base == nullptr ? nullptr : scenario_of(r, *base);
}

std::string document_of(const Reproduction& r) {
  const std::shared_ptr<Scenario> base = read(r.file, r.root);
  SEEDBED_ASSERT(base != nullptr, "what was shrunken can be read");
  YamlNode root = whole_tree(r, base->servers());
  put_in_order(root);
  return to_document(root);
}

ReproductionSize size_of(const Reproduction& r) {
  const std::shared_ptr<Scenario> scenario = scenario_of(r);
  Run run(scenario);
  run.to_end();
  ReproductionSize size;
  for (const FaultRecord& record : run.chaos().records()) size.faults += !record.on.empty();
  size.operations = run.world().history().invocations();
  size.nodes = scenario->servers();
  const Decisions& decisions = scenario->world.network.decisions;
  size.decisions = decisions == nullptr ? 0 : decisions->size();
  size.simulated = run.world().now() - Time{};
  return size;
}

}  // namespace seedbed
