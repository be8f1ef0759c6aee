#include "sim/explore/swarm.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed {

namespace {

/// What a swarm tries of the world. An empty value leaves what the scenario says.
struct Weather {
  std::string_view path;
  std::string_view values;
};
constexpr Weather kWeather[] = {
    {"tie_break", "fifo | random"},
    {"network.latency",
     " | 0.1ms..1ms | 1ms..20ms | { exponential: { mean: 3ms } } | "
     "{ lognormal: { median: 2ms, p99: 40ms } } | { pareto: { min: 1ms, alpha: 1.5 } }"},
    {"network.loss", " | 0% | 0.1% | 1% | 5% | { burst: { every: 2s, for: 60ms } }"},
    {"network.order", " | any | fifo"},
    {"network.duplicate", " | 0% | 1% | 10%"},
    {"network.reorder", " | { chance: 1%, by: 20ms } | { chance: 10%, by: 5ms }"},
    {"network.corrupt", " | 0% | 0.1% | 2%"},
    {"clocks",
     " | { skew: 50ms, drift: 500ppm } | { skew: 10s, drift: 0ppm } | "
     "{ skew: 1s, drift: 200ppm, ntp: { every: 2s } }"},
    {"cpu.per_message", " | 0us | 20us | 200us"},
    {"disk.sync", " | 0ms | 0.1ms..0.5ms | 1ms..10ms"},
    {"disk.torn", " | 0% | 20%"},
    {"disk.bandwidth", " | 1Mbps | 1Gbps"},
    {"fault_points", " | { chance: 1% } | { chance: 20%, active: 25% }"},
};

/// The draws of one seed, each named by what it is for.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : key_(hash_of(seed, hash_text("swarm"))) {}
  Rng of(std::string_view what) const { return Rng(hash_of(key_, hash_text(what))); }

 private:
  std::uint64_t key_;
};

/// "" where so few nodes can have none of them.
std::string_view one_of(std::string_view list, std::uint32_t nodes, Rng& rng) {
  const std::vector<std::string_view> values = swarm_values(list, nodes);
  return values.empty() ? "" : values[rng.below(values.size())];
}

bool is_tolerated(const Protocol& protocol, const FaultInfo& fault) {
  const auto& beyond = protocol.beyond_its_model;
  return std::find(beyond.begin(), beyond.end(), &fault) == beyond.end();
}

bool is_tolerated(const Protocol& protocol, const Weather& weather) {
  const auto& beyond = protocol.weather_beyond_its_model;
  return std::find(beyond.begin(), beyond.end(), weather.path) == beyond.end();
}

/// Who crashes has forgotten everything, and counts as failed until it is told: a minority may.
bool forgets(const Protocol& protocol) {
  const auto recovering = [](const RoleInfo& role) { return role.name == kRecovering; };
  return std::any_of(protocol.roles.begin(), protocol.roles.end(), recovering);
}

/// To whole milliseconds, an even number of them: for people.
Duration rounded(Duration d) { return std::max(2_ms * (d.count() / (2_ms).count()), 2_ms); }

/// "at: 3s" or "every: 1s..3s, from: 2s, until: 18s": after a calm beginning and before a calm end.
std::string draw_timing(const Scenario& scenario, bool once, Rng& rng) {
  const Duration whole = scenario.duration;
  const Duration from = rounded(whole / 10);
  const Duration until = rounded(whole * 9 / 10);
  if (once) return fmt::format("at: {}", to_text(rounded(rng.between({from, until}))));
  constexpr std::int64_t kHowOften[] = {4, 12, 40};
  const Duration gap = rounded(whole / kHowOften[rng.below(std::size(kHowOften))]);
  return fmt::format("every: {}..{}, from: {}, until: {}", to_text(gap / 2), to_text(gap * 3 / 2),
                     to_text(from), to_text(until));
}

/// "" where so few nodes cannot have it.
std::string draw_fault(const Scenario& scenario, const FaultInfo& fault, std::uint32_t nodes,
                       Rng& rng) {
  std::string text = draw_timing(scenario, fault.once, rng);
  if (forgets(*scenario.protocol)) text += ", keep: majority";
  for (const FaultField& field : fault.fields) {
    const std::string_view value = one_of(field.swarm, nodes, rng);
    if (!value.empty()) text += fmt::format(", {}: {}", field.name, value);
    if (value.empty() && field.required) return "";
  }
  return text;
}

/// `chaos:` as one line: some of what the scenario lists, and what is drawn beside it.
std::string draw_chaos(const Scenario& scenario, std::uint32_t nodes, const Draws& draws) {
  const Protocol& protocol = *scenario.protocol;
  const bool actions = draws.of("actions").chance(Probability::percent(25));
  std::string list;
  const auto add = [&](std::string_view entry) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", entry);
  };
  for (const ChaosEntry& entry : scenario.chaos) {
    if (draws.of(entry.text).chance(Probability::percent(50))) add(entry.text);
  }
  for (const FaultInfo* fault : all_faults()) {
    if (fault->fields[0].swarm.empty() || !is_tolerated(protocol, *fault)) continue;
    if (fault == &faults::kJoin && scenario.spares == 0) continue;
    // Who is killed for good in a group that shrinks might have been its last majority.
    if (fault->once && actions) continue;
    Rng rng = draws.of(fault->name);
    if (!rng.chance(Probability::percent(25))) continue;
    const std::string drawn = draw_fault(scenario, *fault, nodes, rng);
    if (!drawn.empty()) add(fmt::format("{{ id: swarm-{}, {} }}", fault->name, drawn));
  }
  for (const ProtocolAction& action : protocol.actions) {
    Rng rng = draws.of(action.name);
    if (!actions || !rng.chance(Probability::percent(50))) continue;
    add(fmt::format("{{ id: swarm-{0}, {1}, {0}: random }}", action.name,
                    draw_timing(scenario, false, rng)));
  }
  return "[" + list + "]";
}

Setting* drawn(std::vector<Setting>& settings, std::string_view path) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& s) { return s.path == path; });
  return found == settings.end() ? nullptr : &*found;
}

/// On a stream all that is behind waits for what is late. What would be one message of many among
/// datagrams, a loss (200 ms late by default, and twice that) or a straggler of seconds, then
/// outlasts every timeout that is drawn, for as long as the weather is: nothing could be served.
void suit_streams(std::vector<Setting>& settings) {
  Setting* order = drawn(settings, "network.order");
  if (order == nullptr || order->value != "fifo") return;
  const auto loses = [&](std::string_view path) {
    const Setting* loss = drawn(settings, path);
    return loss != nullptr && loss->value != "0%";
  };
  if (loses("network.loss") || loses("network.corrupt")) {
    order->value = "{ fifo: { retransmit: 20ms } }";
  }
  Setting* latency = drawn(settings, "network.latency");
  const bool strays = latency != nullptr && latency->value.find("pareto") != std::string::npos;
  if (strays) latency->value = "{ pareto: { min: 1ms, alpha: 3 } }";
}

/// Nothing in the scenario depends on how many there are.
bool may_resize(const Scenario& scenario) {
  return scenario.chaos.empty() && scenario.groups.empty() &&
         scenario.world.network.links.empty() &&
         scenario.world.network.topology.kind == TopologyKind::kComplete;
}

std::uint32_t draw_nodes(const Protocol& protocol, Rng& rng) {
  constexpr std::uint32_t kSizes[] = {3, 4, 5, 7};
  const std::uint32_t most = protocol.max_nodes == 0 ? ~0U : protocol.max_nodes;
  return std::clamp(kSizes[rng.below(std::size(kSizes))], protocol.min_nodes, most);
}

}  // namespace

std::vector<Setting> swarm_settings(const Scenario& scenario, std::uint64_t seed) {
  const Draws draws(seed);
  std::vector<Setting> settings;
  const auto draw = [&](std::string path, std::string_view values) {
    Rng rng = draws.of(path);
    const std::string_view value = one_of(values, scenario.nodes, rng);
    if (!value.empty()) settings.push_back({std::move(path), std::string(value)});
  };
  const auto draw_variant = [&] {
    Rng rng = draws.of("variant");
    const auto& variants = scenario.protocol->variants;
    const std::uint64_t which = rng.below(variants.size() + 1);
    if (which < variants.size()) settings.push_back({"variant", std::string(variants[which].name)});
  };
  for (const Weather& weather : kWeather) {
    if (is_tolerated(*scenario.protocol, weather)) draw(std::string(weather.path), weather.values);
  }
  suit_streams(settings);
  draw_variant();
  for (const Parameter& parameter : scenario.protocol->parameters) {
    draw(fmt::format("with.{}", parameter.name), parameter.swarm);
  }
  std::uint32_t nodes = scenario.nodes;
  if (may_resize(scenario)) {
    Rng rng = draws.of("nodes");
    nodes = draw_nodes(*scenario.protocol, rng);
    settings.push_back({"nodes", fmt::format("{}", nodes)});
  }
  if (scenario.workload) draw("workload.clients", " | 1 | 3 | 10");
  settings.push_back({"chaos", draw_chaos(scenario, nodes, draws)});
  settings.push_back({"progress", "off"});
  if (scenario.about.find_first_not_of(" \n") == std::string::npos) {
    settings.push_back({"about", "A swarm: a drawn fault may find nobody."});
  }
  return settings;
}

}  // namespace seedbed
