// The first step of shrinking: edits of the scenario's tree, each tried under several seeds. What
// makes the runs short comes first, for it makes all that follows fast.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sim/base/text.h"
#include "sim/explore/shrink.h"
#include "sim/scenario/units.h"
#include "sim/scenario/yaml_line.h"

namespace seedbed {

namespace {

constexpr std::size_t kFewSeeds = 4;  // what makes the failure rare makes all that follows hard
constexpr std::size_t kManySeeds = 50;
constexpr std::size_t kHowEverRare = 2000;
constexpr int kMostRounds = 3;
constexpr std::uint32_t kFewNodes = 5;  // a person can follow them

constexpr Duration kLengths[] = {500_ms,   1'000_ms,  2'000_ms,  3'000_ms, 5'000_ms,
                                 8'000_ms, 12'000_ms, 20'000_ms, 30'000_ms};
constexpr Duration kSettles[] = {0_ms, 500_ms, 1'000_ms, 2'000_ms, 3'000_ms, 5'000_ms};

class Simplifier {
 public:
  Simplifier(Reproduction start, const Failing& failing)
      : now_(std::move(start)), failing_(failing) {}

  Reproduction run() {
    shorten();
    for (int round = 0; round < kMostRounds; ++round) {
      const YamlNode before = now_.root;
      drop_faults();
      drop_keys();
      calm_down();
      fewer_spares();
      fewer_nodes();
      fewer_clients();
      shorten();
      if (to_line(before) == to_line(now_.root)) break;
    }
    return std::move(now_);
  }

  Reproduction with_operations(std::size_t count) {
    if (const YamlNode* workload = now_.root.find("workload")) {
      // As fast as they come, or spread over the run.
      const YamlNode few = with(*workload, "operations", fmt::format("{}", count));
      std::vector<YamlNode> candidates = {with(now_.root, "workload", to_line(few))};
      for (const std::string_view rate : {"20/s", "10/s", "5/s"}) {
        const YamlNode slow = with(few, "rate", std::string(rate));
        candidates.push_back(with(now_.root, "workload", to_line(slow)));
      }
      adopt(candidates, kHowEverRare);
    }
    return std::move(now_);
  }

 private:
  /// The first candidate that fails under the present seed or one of 1 to `seeds` is the next tree.
  bool adopt(const std::vector<YamlNode>& candidates, std::size_t seeds) {
    const std::size_t tries = seeds + 1;
    const auto candidate = [&](std::size_t i) {
      Reproduction r = now_;
      r.root = candidates[i / tries];
      if (i % tries != 0) r.seed = i % tries;
      return r;
    };
    std::shared_ptr<Scenario> read;  // the seeds of a candidate come one after the other
    std::size_t which = candidates.size();
    const auto make = [&](std::size_t i) -> std::shared_ptr<const Scenario> {
      const Reproduction r = candidate(i);
      if (which != i / tries) read = scenario_of(r);
      which = i / tries;
      return read == nullptr ? nullptr : scenario_of(r, *read);
    };
    const auto found = failing_(candidates.size() * tries, make);
    if (found) now_ = candidate(*found);
    return found.has_value();
  }

  std::vector<std::string> keys_of(std::string_view map) const {
    std::vector<std::string> keys;
    const YamlNode* node = now_.root.find(map);
    if (node == nullptr || !node->is_map()) return keys;
    for (const YamlNode& child : node->children) keys.push_back(child.key);
    return keys;
  }

  void drop_keys() {
    constexpr std::string_view kOptional[] = {"fault_points", "cpu",     "clocks",      "tie_break",
                                              "published",    "variant", "with",        "disk",
                                              "spares",       "check",   "on_violation"};
    for (const std::string_view key : kOptional) {
      const bool stays = key == "disk" && is_constant("disk", "sync");
      if (stays || now_.root.find(key) == nullptr) continue;
      adopt({without(now_.root, key)}, kFewSeeds);
    }
    for (const std::string_view map : {"with", "clocks", "disk", "network", "fault_points"}) {
      for (const std::string& key : keys_of(map)) {
        const bool calm = key == "latency" || key == "sync";  // what it is without is drawn
        if (calm && is_constant(map, key)) continue;
        adopt({with(now_.root, map, to_line(without(*now_.root.find(map), key)))}, kFewSeeds);
      }
    }
  }

  /// Constant latency and syncs: at best alone, else beside what there is.
  void calm_down() {
    const YamlNode* network = now_.root.find("network");
    std::vector<YamlNode> candidates;
    for (const std::string_view latency : {"1ms", "5ms", "20ms"}) {
      candidates.push_back(with(now_.root, "network", fmt::format("{{ latency: {} }}", latency)));
    }
    if (network != nullptr && network->is_map()) {
      candidates.push_back(with(now_.root, "network", to_line(with(*network, "latency", "2ms"))));
    }
    if (!is_constant("network", "latency")) adopt(candidates, kManySeeds);
    if (is_constant("disk", "sync")) return;
    const YamlNode* disk = now_.root.find("disk");
    candidates.clear();
    for (const std::string_view sync : {"1ms", "5ms", "20ms"}) {
      const YamlNode base = disk == nullptr ? YamlNode{} : *disk;
      candidates.push_back(with(now_.root, "disk", to_line(with(base, "sync", std::string(sync)))));
    }
    adopt(candidates, kManySeeds);
  }

  bool is_constant(std::string_view map, std::string_view key) const {
    const YamlNode* node = now_.root.find(map);
    node = node == nullptr ? nullptr : node->find(key);
    return node != nullptr && node->is_scalar() && node->text.find("..") == std::string::npos;
  }

  void drop_faults() {
    const YamlNode* chaos = now_.root.find("chaos");
    if (chaos == nullptr) return;
    for (std::size_t i = chaos->children.size(); i-- > 0;) {
      YamlNode fewer = *now_.root.find("chaos");
      fewer.children.erase(fewer.children.begin() + static_cast<std::ptrdiff_t>(i));
      adopt({fewer.children.empty() ? without(now_.root, "chaos")
                                    : with(now_.root, "chaos", to_line(fewer))},
            kFewSeeds);
    }
  }

  void fewer_nodes() {
    const std::shared_ptr<Scenario> scenario = scenario_of(now_);
    if (!scenario->groups.empty()) return fewer_in_groups(*scenario);
    std::vector<YamlNode> candidates;
    const std::uint32_t least = std::max(scenario->protocol->min_nodes, 1U);
    for (std::uint32_t n = least; n < scenario->nodes; ++n) {
      candidates.push_back(with(now_.root, "nodes", fmt::format("{}", n)));
    }
    const bool few = scenario->servers() <= kFewNodes;
    adopt(candidates, few ? kManySeeds : kHowEverRare);
  }

  /// The first groups, with so many nodes each and no more.
  void fewer_in_groups(const Scenario& scenario) {
    const auto size_of = [&](std::size_t groups, std::uint32_t count) {
      std::uint32_t nodes = 0;
      for (std::size_t i = 0; i < groups; ++i) {
        nodes += std::min(scenario.groups[i].count, count);
      }
      return nodes;
    };
    std::uint32_t largest = 0;
    for (const NodeGroup& group : scenario.groups) largest = std::max(largest, group.count);
    std::vector<std::pair<std::size_t, std::uint32_t>> sizes;
    for (std::size_t groups = 1; groups <= scenario.groups.size(); ++groups) {
      for (std::uint32_t count = 1; count <= largest; ++count) {
        if (size_of(groups, count) < scenario.nodes) sizes.emplace_back(groups, count);
      }
    }
    std::ranges::stable_sort(sizes, {}, [&](auto s) { return size_of(s.first, s.second); });
    std::vector<YamlNode> candidates;
    for (const auto& [groups, count] : sizes) {
      YamlNode list = *now_.root.find("groups");
      list.children.resize(groups);
      for (std::size_t i = 0; i < groups; ++i) {
        const std::uint32_t of_it = std::min(scenario.groups[i].count, count);
        list.children[i] = with(list.children[i], "count", fmt::format("{}", of_it));
      }
      candidates.push_back(with(now_.root, "groups", to_line(list)));
    }
    adopt(candidates, kManySeeds);
  }

  void fewer_spares() {
    const std::shared_ptr<Scenario> scenario = scenario_of(now_);
    std::vector<YamlNode> candidates;
    for (std::uint32_t n = 1; n < scenario->spares; ++n) {
      candidates.push_back(with(now_.root, "spares", fmt::format("{}", n)));
    }
    const bool few = scenario->servers() <= kFewNodes;
    adopt(candidates, few ? kManySeeds : kHowEverRare);
  }

  void fewer_clients() {
    const YamlNode* workload = now_.root.find("workload");
    if (workload == nullptr) return;
    const std::shared_ptr<Scenario> scenario = scenario_of(now_);
    const auto try_fewer = [&](const std::string& key, std::uint64_t present) {
      std::vector<YamlNode> candidates;
      for (std::uint64_t n = 1; n < std::min<std::uint64_t>(present, 5); ++n) {
        const YamlNode fewer = with(*now_.root.find("workload"), key, fmt::format("{}", n));
        candidates.push_back(with(now_.root, "workload", to_line(fewer)));
      }
      adopt(candidates, kFewSeeds);
    };
    try_fewer("clients", scenario->workload->clients);
    try_fewer("keys", scenario->workload->keys);
    const auto try_values = [&](const std::string& key, std::span<const std::string_view> values) {
      std::vector<YamlNode> candidates;
      for (const std::string_view value : values) {
        const YamlNode fewer = with(*now_.root.find("workload"), key, std::string(value));
        candidates.push_back(with(now_.root, "workload", to_line(fewer)));
      }
      adopt(candidates, kManySeeds);
    };
    constexpr std::string_view kRates[] = {"2/s", "5/s", "10/s", "20/s", "50/s"};
    constexpr std::string_view kCounts[] = {"1", "2", "4", "8", "16", "32", "64"};
    const std::uint64_t rate = scenario->workload->rate_millihertz.value_or(0);
    std::size_t slower = 0;  // than it is
    while (slower < std::size(kRates) && parse_rate(kRates[slower]).value < rate) ++slower;
    try_values("rate", std::span(kRates).first(slower));
    std::size_t fewer = 0;
    const std::uint64_t count = scenario_of(now_)->workload->operations.value_or(128);
    while (fewer < std::size(kCounts) && (1ULL << fewer) < count) ++fewer;
    try_values("operations", std::span(kCounts).first(fewer));
  }

  /// The run as short as some round length, and its chaos with it.
  void shorten() {
    const std::shared_ptr<Scenario> scenario = scenario_of(now_);
    std::vector<YamlNode> candidates;
    for (const Duration length : kLengths) {
      if (length < scenario->duration) candidates.push_back(cut_to(length, *scenario));
    }
    adopt(candidates, kManySeeds);
    candidates.clear();
    for (const Duration settle : kSettles) {
      if (settle < scenario->settle) {
        candidates.push_back(with(now_.root, "settle", to_text(settle)));
      }
    }
    adopt(candidates, kFewSeeds);
  }

  YamlNode cut_to(Duration length, const Scenario& scenario) const {
    YamlNode root = with(now_.root, "duration", to_text(length));
    YamlNode* chaos = root.find("chaos");
    if (chaos == nullptr) return root;
    const Time end = Time{} + length;
    YamlNode kept = *chaos;
    kept.children.clear();
    for (std::size_t i = 0; i < scenario.chaos.size(); ++i) {
      const ChaosEntry& entry = scenario.chaos[i];
      YamlNode node = chaos->children[i];
      if (entry.at ? *entry.at + entry.spread >= end : entry.from >= end) continue;
      if (entry.until != Time::never() && entry.until > end) {
        node = with(node, "until", to_text(length));
      }
      kept.children.push_back(std::move(node));
    }
    if (kept.children.empty()) return without(std::move(root), "chaos");
    *chaos = std::move(kept);
    return root;
  }

  Reproduction now_;
  const Failing& failing_;
};

}  // namespace

Reproduction simplify(Reproduction start, const Failing& failing) {
  return Simplifier(std::move(start), failing).run();
}

Reproduction tighten(Reproduction drawn, std::size_t operations, const Failing& failing) {
  return Simplifier(std::move(drawn), failing).with_operations(operations);
}

}  // namespace seedbed
