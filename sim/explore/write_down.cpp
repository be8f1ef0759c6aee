// What was drawn becomes lists: first faults and operations, then the fates of messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/explore/concrete.h"
#include "sim/explore/shrink.h"
#include "sim/run/run.h"
#include "sim/scenario/yaml_line.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

using Lists = Reproduction::Lists;

constexpr std::size_t kMostDecided = 20'000;  // delta debugging of more takes too long

/// What is drawn of the workload is in the list of its operations.
YamlNode without_draws(const YamlNode& workload, const Workload& kind) {
  YamlNode kept = workload;
  const auto& lasting = kind.lasting_keys;
  std::erase_if(kept.children, [&](const YamlNode& child) {
    return child.key != "kind" && child.key != "clients" && child.key != "timeout" &&
           std::find(lasting.begin(), lasting.end(), child.key) == lasting.end();
  });
  return kept;
}

Concrete done_by(const Reproduction& r) {
  return write_down(std::shared_ptr<const Scenario>(scenario_of(r)));
}

bool still_fails(const Reproduction& r, const Failing& failing) {
  return failing(1, [&](std::size_t) { return scenario_of(r); }).has_value();
}

bool is_weather(const FaultInfo* fault) {
  constexpr const FaultInfo* kWeather[] = {&faults::kLoss, &faults::kDelay, &faults::kDuplicate,
                                           &faults::kReorder, &faults::kCorrupt};
  return std::find(std::begin(kWeather), std::end(kWeather), fault) != std::end(kWeather);
}

/// All messages are lost, or late by so much.
bool draws_nothing(const Fault& fault) {
  const auto certain = [](Probability p) { return p.ppb == Probability::kOne; };
  if (fault.info == &faults::kDelay) return fault.by.min == fault.by.max;
  if (fault.info == &faults::kReorder) {
    return certain(fault.held.chance) && fault.held.by.min == fault.held.by.max;
  }
  return fault.info == &faults::kLoss && certain(fault.chance);
}

}  // namespace

bool draws_no_fates(const Reproduction& r) {
  const YamlNode* network = r.root.find("network");
  const YamlNode* latency = network == nullptr ? nullptr : network->find("latency");
  const bool constant = latency != nullptr && network->children.size() == 1 &&
                        latency->is_scalar() && latency->text.find("..") == std::string::npos;
  return constant && std::none_of(r.lists->chaos.begin(), r.lists->chaos.end(), [](const auto& e) {
           return is_weather(e.one_of[0].info) && !draws_nothing(e.one_of[0]);
         });
}

std::optional<Reproduction> write_down(const Reproduction& drawn, const Failing& failing) {
  const std::shared_ptr<const Scenario> as_drawn = scenario_of(drawn);
  if (as_drawn->workload && !as_drawn->workload->kind->listable) return std::nullopt;
  const Concrete done = write_down(as_drawn);
  Reproduction r = drawn;
  r.root = without(without(std::move(r.root), "chaos"), "decisions");
  if (const YamlNode* workload = r.root.find("workload")) {
    r.root = with(r.root, "workload", to_line(without_draws(*workload, *as_drawn->workload->kind)));
  }
  Reproduction whole = r;
  if (!done.faults.empty()) {
    whole.root = with(r.root, "chaos", fmt::format("[{}]", fmt::join(done.faults, ", ")));
  }
  const auto scenario = scenario_of(whole);
  if (scenario == nullptr) return std::nullopt;
  Lists lists{scenario->chaos, done.operations, {}};
  const Decisions decided = as_drawn->world.network.decisions;
  if (decided != nullptr) lists.decisions = *decided;
  r.lists = std::make_shared<const Lists>(std::move(lists));
  return still_fails(r, failing) ? std::optional(r) : std::nullopt;
}

std::optional<Reproduction> decide(const Reproduction& listed, const Failing& failing) {
  const Concrete done = done_by(listed);
  if (done.decisions.size() > kMostDecided) return std::nullopt;
  Reproduction r = listed;
  r.root = with(r.root, "network", fmt::format("{{ latency: {} }}", to_text(done.latency)));
  Lists lists = *r.lists;
  std::erase_if(lists.chaos, [](const ChaosEntry& e) { return is_weather(e.one_of[0].info); });
  lists.decisions = done.decisions;
  r.lists = std::make_shared<const Lists>(std::move(lists));
  return still_fails(r, failing) ? std::optional(r) : std::nullopt;
}

std::optional<Reproduction> lose(const Reproduction& listed, std::size_t fault,
                                 const Failing& failing) {
  const Concrete done = done_by(listed);
  Reproduction r = listed;
  Lists lists = *r.lists;
  lists.chaos.erase(lists.chaos.begin() + static_cast<std::ptrdiff_t>(fault));
  lists.decisions.insert(lists.decisions.end(), done.cut.begin(), done.cut.end());
  r.lists = std::make_shared<const Lists>(std::move(lists));
  return still_fails(r, failing) ? std::optional(minimize(r, failing)) : std::nullopt;
}

}  // namespace seedbed
