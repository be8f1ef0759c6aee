// seedbed explain SCENARIO.yaml: the network of a scenario, its links and paths.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/world/network.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

/// Beyond so many nodes only figures are shown: nobody reads a thousand lines of paths.
constexpr std::uint32_t kMostShown = 24;

std::string heading(std::string_view text) {
  return fmt::format("\n{}\n", styled(Style::kBold, text));
}

std::string links_of(const Topology& topology, std::uint32_t nodes) {
  std::string text = heading(fmt::format("links: {}", topology.edges().size()));
  if (nodes > kMostShown) return text;
  NodeId last;
  for (const auto& [a, b] : topology.edges()) {
    text += a == last ? ", " : fmt::format("{}  {} - ", last ? "\n" : "", to_text(a));
    text += to_text(b);
    last = a;
  }
  return text + "\n";
}

/// The lengths of all shortest paths, and the paths themselves.
std::string paths_of(const Topology& topology, std::uint32_t nodes) {
  std::uint64_t pairs = 0, sum = 0, apart = 0;
  std::uint32_t longest = 0;
  std::string lines;
  for (std::uint32_t a = 1; a <= nodes; ++a) {
    for (std::uint32_t b = a + 1; b <= nodes; ++b) {
      const std::uint32_t hops = topology.hops({a}, {b});
      ++pairs;
      apart += hops == 0;
      sum += hops;
      longest = std::max(longest, hops);
      if (nodes > kMostShown || hops == 1) continue;
      lines += fmt::format("  {} to {}:", to_text(NodeId{a}), to_text(NodeId{b}));
      for (const NodeId n : topology.path({a}, {b})) lines += " " + to_text(n);
      lines += hops == 0 ? " no way\n" : "\n";
    }
  }
  std::string text = heading("paths");
  if (pairs > apart) {
    const std::uint64_t tenths = (10 * sum + (pairs - apart) / 2) / (pairs - apart);
    text += fmt::format("  the longest has {} hops; the mean is {}.{}\n", longest, tenths / 10,
                        tenths % 10);
  }
  if (apart != 0) text += fmt::format("  {} pairs of nodes have no way to each other\n", apart);
  if (nodes <= kMostShown && !lines.empty())
    text += "  between those who are not neighbours:\n" + lines;
  return text;
}

std::string regions_of(const Regions& regions, const Latency& otherwise) {
  std::string text = heading("regions (names for chaos), and how long a message takes");
  std::uint32_t first = 1;
  const std::size_t count = regions.places.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Regions::Place& place = regions.places[i];
    text += fmt::format("  {}: {} to {}\n", place.name, to_text(NodeId{first}),
                        to_text(NodeId{first + place.nodes - 1}));
    first += place.nodes;
    for (std::size_t j = 0; j < count; ++j) {
      const auto& latency = regions.latency[i * count + j];
      text += fmt::format("      to {}: {}\n", regions.places[j].name,
                          latency ? to_text(*latency) : otherwise.text());
    }
  }
  if (regions.jitter) text += fmt::format("  and each takes {} longer\n", regions.jitter->text());
  return text;
}

}  // namespace

std::string explain_network(const Scenario& s) {
  const NetworkConfig& config = s.world.network;
  const Network network(config, s.world.seed, s.nodes);
  const Topology& topology = network.topology();
  std::string text = fmt::format("{}: the network of {} nodes\nlatency: {}\n",
                                 styled(Style::kBold, s.name), s.nodes, config.latency.text());
  if (config.topology.regions != nullptr) {
    return text + regions_of(*config.topology.regions, config.latency);
  }
  if (topology.complete()) return text + "every two nodes are neighbours\n";
  return text + links_of(topology, s.nodes) + paths_of(topology, s.nodes);
}

}  // namespace seedbed::cli
