// The rules between the keys of a scenario, each a function.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "sim/base/text.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/forms.h"
#include "sim/scenario/who.h"
#include "sim/world/topology.h"

namespace seedbed {

namespace {

constexpr std::uint32_t kMostServers = 1'000'000;

void name_after_file(const Cursor& root, Scenario& s) {
  if (root.node().find("name") != nullptr) return;
  const std::string stem = std::filesystem::path(s.file).stem().string();
  const std::string wrong = NameForm{"-", true, true, "a scenario's name"}.complaint(stem);
  if (wrong.empty()) {
    s.name = stem;
  } else {
    root.errors().add(root.node().place, "name", "missing, and the file's does not do: " + wrong);
  }
}

void check_groups(const Cursor& root, const Draft& draft) {
  const Cursor at = root.nearest("groups");
  if (draft.nodes) at.key_error("stands instead of nodes; with both, who is meant?");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < draft.groups->size(); ++i) {
    const NodeGroup& g = (*draft.groups)[i];
    if (g.name.empty()) continue;
    if (is_taken(g.name, draft.scenario.protocol)) {
      at.item(i).nearest("name").error(in_quotes(g.name) + " means something to selectors already");
    } else if (!seen.insert(g.name).second) {
      at.item(i).nearest("name").error(in_quotes(g.name) + " is the name of another group, too");
    }
  }
}

void check_spares(const Cursor& root, const Scenario& s) {
  if (!root.errors().clean("spares") || s.spares == 0) return;
  const std::uint32_t most =
      s.protocol != nullptr && s.protocol->max_nodes != 0 ? s.protocol->max_nodes : kMostServers;
  if (s.servers() <= most || s.nodes > most) return;
  root.nearest("spares").error(
      fmt::format("{} beside {} nodes: {} together are the most", s.spares, s.nodes, most));
}

/// Names of regions are words of selectors, too.
void check_regions(const Cursor& at, const Regions& regions, const Draft& draft) {
  for (const Regions::Place& place : regions.places) {
    const bool is_group =
        draft.groups && std::any_of(draft.groups->begin(), draft.groups->end(),
                                    [&](const NodeGroup& g) { return g.name == place.name; });
    if (is_group) at.nearest(place.name).key_error("is the name of a group, too");
    if (is_taken(place.name, draft.scenario.protocol)) {
      at.nearest(place.name).key_error("means something to selectors already");
    }
  }
}

void check_topology(const Cursor& root, const Draft& draft) {
  const std::uint32_t nodes = draft.scenario.servers();
  const TopologyConfig& topology = draft.scenario.world.network.topology;
  const Cursor at = root.nearest("network").nearest("topology");
  if (!root.errors().clean("network")) return;
  if (topology.kind == TopologyKind::kRegions) {
    check_regions(at.nearest("place"), *topology.regions, draft);
  }
  if (topology.nodes().value_or(nodes) != nodes) {
    at.error(fmt::format("a topology of {} nodes, and there are {}; left out, nodes follows it",
                         *topology.nodes(), nodes));
  }
  if (topology.routed() && nodes > Topology::kMostNodes) {
    at.error(
        fmt::format("routes are kept for {} nodes at most; only a complete network may have "
                    "{}",
                    Topology::kMostNodes, nodes));
  }
  const auto too_many = [&](std::string_view kind, std::string_view key) {
    at.nearest(kind).nearest(key).error(
        fmt::format("{} links of each node: there are {} others", topology.degree, nodes - 1));
  };
  if (topology.degree < nodes) return;
  if (topology.kind == TopologyKind::kRandom) too_many("random", "degree");
  if (topology.kind == TopologyKind::kSmallWorld) too_many("small_world", "degree");
  if (topology.kind == TopologyKind::kScaleFree) too_many("scale_free", "links");
}

void check_count(const Cursor& at, const Scenario& s) {
  if (s.protocol == nullptr) return;
  if (s.nodes < s.protocol->min_nodes) {
    at.error(fmt::format("{} wants {} nodes at least; there are {}", s.protocol->name,
                         s.protocol->min_nodes, s.nodes));
  }
  if (s.protocol->max_nodes != 0 && s.nodes > s.protocol->max_nodes) {
    at.error(fmt::format("{} takes {} nodes at most; there are {}", s.protocol->name,
                         s.protocol->max_nodes, s.nodes));
  }
}

void count_nodes(const Cursor& root, Draft& draft) {
  Scenario& s = draft.scenario;
  const Errors& errors = root.errors();
  if (draft.groups) check_groups(root, draft);
  if (!errors.clean("nodes") || !errors.clean("groups")) return;
  s.nodes = draft.nodes.value_or(s.world.network.topology.nodes().value_or(s.nodes));
  if (draft.groups) {
    s.groups = *draft.groups;
    std::uint64_t sum = 0;
    for (const NodeGroup& g : s.groups) sum += g.count;
    if (sum > kMostServers) {
      return root.nearest("groups").error(
          fmt::format("{} nodes together: at most {} are allowed", sum, kMostServers));
    }
    s.nodes = static_cast<std::uint32_t>(sum);
  }
  check_count(root.nearest(draft.groups ? "groups" : "nodes"), s);
  check_spares(root, s);
  check_topology(root, draft);
}

/// The defaults, then the variant's settings, then `with:`.
void choose_parameters(const Cursor& root, Draft& draft) {
  Scenario& s = draft.scenario;
  if (s.protocol == nullptr) return;
  const auto& parameters = s.protocol->parameters;
  s.parameters.clear();
  for (const Parameter& p : parameters) s.parameters.push_back(p.initial);
  for (const VariantInfo& variant : s.protocol->variants) {
    if (variant.name != s.variant) continue;
    for (const auto& setting : variant.settings) {
      const auto p = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& q) { return q.name == setting.parameter; });
      if (p == parameters.end()) continue;
      s.parameters[static_cast<std::size_t>(p - parameters.begin())] = setting.value;
    }
  }
  for (std::size_t i = 0; i < draft.with.size(); ++i) {
    if (draft.with[i]) s.parameters[i] = *draft.with[i];
  }
  if (s.protocol->validate == nullptr || !root.errors().clean("with") ||
      !root.errors().clean("variant")) {
    return;
  }
  const bool by_group = s.protocol->use_groups != nullptr && !s.groups.empty();
  const auto nodes = by_group ? static_cast<std::uint32_t>(s.groups.size()) : s.nodes;
  const std::string_view wrong = s.protocol->validate(s.parameters, nodes);
  if (!wrong.empty()) root.nearest("with").error(std::string(wrong));
}

void check_workload(const Cursor& root, Draft& draft) {
  Scenario& s = draft.scenario;
  if (!draft.workload) return;
  s.workload = *draft.workload;
  const Workload& kind = *s.workload->kind;
  const Cursor at = root.nearest("workload");
  if (s.protocol != nullptr && s.protocol->workload != kind.service &&
      root.errors().clean("workload.kind")) {
    std::vector<std::string_view> offered;
    for (const Workload* w : all_workloads()) {
      if (w->service == s.protocol->workload) offered.push_back(w->name);
    }
    at.nearest("kind").error(fmt::format("{} does not offer {}{}{}", s.protocol->name, kind.name,
                                         offered.empty() ? "" : "; it offers ",
                                         fmt::join(offered, ", ")));
  }
  if (at.node().find("rate") != nullptr && at.node().find("think") != nullptr) {
    at.nearest("think").key_error("goes with the closed loop; with a rate nobody waits");
  }
  if (root.errors().clean("workload") && root.errors().clean("duration")) {
    check_listed(at, *draft.workload, Time{} + s.duration + s.settle);
  }
}

void check_times(const Cursor& root, const Scenario& s) {
  if (!root.errors().clean("duration")) return;
  const Time end = Time{} + s.duration;
  const YamlNode* chaos = root.node().find("chaos");
  if (chaos == nullptr || !chaos->is_list()) return;
  const Cursor list = root.child(*chaos);
  for (std::size_t i = 0; i < s.chaos.size(); ++i) {
    const Cursor at = list.item(i);
    const auto before_end = [&](std::string_view key, Time t, bool may_be_end) {
      if (at.node().find(key) == nullptr || t < end || (may_be_end && t == end)) return;
      at.nearest(key).error(fmt::format("{} is {}the end of the run: its duration is {}",
                                        to_text(t - Time{}), t == end ? "" : "after ",
                                        to_text(s.duration)));
    };
    if (s.chaos[i].at) before_end("at", *s.chaos[i].at + s.chaos[i].spread, false);
    before_end("from", s.chaos[i].from, false);
    if (s.chaos[i].until != Time::never()) before_end("until", s.chaos[i].until, true);
  }
}

void check_steadiness(const Cursor& root, const Scenario& s) {
  if (!s.steady || !root.errors().clean("progress")) return;
  const Cursor at = root.nearest("progress");
  if (!s.workload && root.errors().clean("workload")) {
    at.error("within judges a workload, and there is none");
  } else if (s.steady->from >= s.duration && root.errors().clean("duration")) {
    at.nearest("from").error(fmt::format("{} is not before the end of the run: its duration is {}",
                                         to_text(s.steady->from), to_text(s.duration)));
  }
}

void check_expectation(const Cursor& root, const Scenario& s) {
  if (!s.progress && s.about.find_first_not_of(" \n") == std::string::npos) {
    root.nearest("progress").error("off wants its reason in about");
  }
  if (!root.errors().clean("expect") || !root.errors().clean("check")) return;
  const std::string& name = s.expect_violates;
  const Cursor at = root.nearest("expect").nearest("violates");
  if (!s.progress && name == kProgressCheck) {
    at.error("progress is off, so nothing can violate it");
  }
  if (name.empty() || name == kAssertCheck || name == kProgressCheck || !s.checks) return;
  const bool own = std::any_of(s.properties.begin(), s.properties.end(),
                               [&](const auto& property) { return property.name == name; });
  if (!own && std::find(s.checks->begin(), s.checks->end(), name) == s.checks->end()) {
    at.error(in_quotes(name) + " is not listed under check, so nothing can violate it");
  }
}

}  // namespace

void settle_draft(const Cursor& root, Draft& draft) {
  if (!root.node().is_map()) return;
  name_after_file(root, draft.scenario);
  count_nodes(root, draft);
  choose_parameters(root, draft);
  check_workload(root, draft);
  check_times(root, draft.scenario);
  check_steadiness(root, draft.scenario);
  check_expectation(root, draft.scenario);
}

}  // namespace seedbed
