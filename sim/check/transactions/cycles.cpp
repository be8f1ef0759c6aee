#include "sim/check/transactions/cycles.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "sim/check/transactions/witness.h"

namespace seedbed::txn {

namespace {

constexpr EdgeMask kWw = mask_of(Edge::kWw);
constexpr EdgeMask kWr = mask_of(Edge::kWr);
constexpr EdgeMask kRw = mask_of(Edge::kRw);
constexpr EdgeMask kSession = mask_of(Edge::kSession);
constexpr EdgeMask kRealTime = mask_of(Edge::kRealTime);
constexpr std::uint64_t kMostWork = 30'000'000;  // edges looked at for one kind
constexpr std::size_t kLongest = 1'000'000;

/// What one pass looks for: cycles through an edge of `through`, otherwise along `along`.
struct Kind {
  EdgeMask through = 0;
  EdgeMask along = 0;
  bool events = false;
};

class CycleFinder {
 public:
  CycleFinder(std::span<const Step> steps, Id nodes)
      : steps_(steps), nodes_(nodes), explained_(nodes, 0) {}

  /// A shortest cycle of this kind, and marks the nodes of all components that have one.
  std::vector<Step> find(const Kind& kind);
  bool has_cycle(EdgeMask mask) const {
    return strong_components(graph_of(steps_, nodes_, mask)).cyclic();
  }

 private:
  std::span<const Step> steps_;
  Id nodes_;
  std::vector<std::uint8_t> explained_;  // by node: in a component with a simpler cycle
};

std::vector<Step> CycleFinder::find(const Kind& kind) {
  const EdgeMask all = kind.through | kind.along;
  const Graph whole = kind.events ? events_of(steps_, nodes_, Axioms::kSnapshotIsolation, all)
                                  : graph_of(steps_, nodes_, all);
  const Components components = strong_components(whole);
  if (!components.cyclic()) return {};
  const Graph narrow = kind.events ? Graph{} : graph_of(steps_, nodes_, kind.along);
  PathFinder finder(kind.events ? whole : narrow, components);
  std::vector<std::uint8_t> skip(components.size.size(), 0), found(components.size.size(), 0);
  for (Id n = 0; n < nodes_; ++n) {
    if (!explained_[n]) continue;
    skip[components.of[n]] = 1;
    if (kind.events) skip[components.of[n + nodes_]] = 1;
  }
  std::vector<Step> best;
  for (const Step& s : steps_) {
    if (!(kind.through & mask_of(s.edge)) || finder.work() > kMostWork) continue;
    const Id leaves = s.from;  // a start: for events, through an antidependency
    const Id arrives = kind.events ? nodes_ + s.to : s.to;
    const Id component = components.of[arrives];
    if (components.of[leaves] != component || skip[component]) continue;
    const std::size_t most = best.empty() ? kLongest : best.size() - 2;
    const std::vector<Id> path = finder.path(arrives, leaves, most);
    if (path.empty()) continue;
    found[component] = 1;
    best.assign(1, s);
    for (const Id i : path) {
      if (i != kNone) best.push_back(steps_[i]);
    }
  }
  for (Id n = 0; n < nodes_; ++n) {
    explained_[n] |= found[components.of[n]];
    if (kind.events) explained_[n] |= found[components.of[n + nodes_]];
  }
  return best;
}

/// Paths through nodes of no transaction become one step.
std::vector<Step> without_helpers(const std::vector<Step>& cycle) {
  std::vector<Step> steps;
  for (const Step& s : cycle) {
    if (s.edge == Edge::kThrough && !steps.empty()) {
      steps.back().to = s.to;
    } else {
      steps.push_back(s);
    }
  }
  return steps;
}

}  // namespace

Anomaly anomaly_of(const History& history, std::vector<Step> cycle, bool nonadjacent) {
  // Begin with a transaction: what leads out of a helper follows what led there.
  const auto begin = std::find_if(cycle.begin(), cycle.end(),
                                  [](const Step& s) { return s.edge != Edge::kThrough; });
  std::rotate(cycle.begin(), begin, cycle.end());
  Anomaly a;
  a.cycle = without_helpers(cycle);
  const auto count = [&](Edge e) {
    return std::count_if(a.cycle.begin(), a.cycle.end(),
                         [&](const Step& s) { return s.edge == e; });
  };
  const auto rw = count(Edge::kRw);
  a.breaks = rw == 0                  ? Axioms::kReadCommitted
             : rw == 1 || nonadjacent ? Axioms::kSnapshotIsolation
                                      : Axioms::kSerializable;
  a.type = rw == 0       ? (count(Edge::kWr) > 0 ? "G1c" : "G0")
           : rw == 1     ? "G-single-item"
           : nonadjacent ? "G-nonadjacent-item"
                         : "G2-item";
  if (count(Edge::kRealTime) > 0) {
    a.type += "-realtime";
  } else if (count(Edge::kSession) > 0) {
    a.type += "-process";
  }
  for (const Step& s : a.cycle) a.transactions.push_back(s.from);
  a.message = explain_cycle(history, a.cycle);
  return a;
}

std::vector<Step> shortest_cycle(const Graph& graph, std::span<const Step> steps) {
  const Components components = strong_components(graph);
  if (!components.cyclic()) return {};
  PathFinder finder(graph, components);
  std::vector<Id> best;
  for (Id n = 0; n < graph.nodes() && finder.work() < kMostWork; ++n) {
    if (!components.in_cycle(n)) continue;
    for (std::size_t i = graph.begin_of(n); i < graph.end_of(n); ++i) {
      const Id to = graph.target[i];
      if (components.of[to] != components.of[n]) continue;
      std::vector<Id> path =
          finder.path(to, n, best.empty() ? kLongest : best.size() - std::size_t{2});
      if (path.empty()) continue;
      path.insert(path.begin(), graph.step[i]);
      best = std::move(path);
    }
  }
  std::vector<Step> cycle;
  for (const Id i : best) {
    if (i != kNone) cycle.push_back(steps[i]);
  }
  return cycle;
}

std::vector<Anomaly> find_cycles(const History& history, std::span<const Step> steps, Id nodes) {
  std::vector<Anomaly> anomalies;
  for (const EdgeMask more : {EdgeMask{0}, kSession, kSession | kRealTime}) {
    CycleFinder finder(steps, nodes);
    if (!finder.has_cycle(kWw | kWr | kRw | more)) continue;
    const Kind kinds[] = {{kWw | more, kWw | more, false},
                          {kWr, kWw | kWr | more, false},
                          {kRw, kWw | kWr | more, false},
                          {kRw, kWw | kWr | kRw | more, true},
                          {kRw, kWw | kWr | kRw | more, false}};
    for (const Kind& kind : kinds) {
      std::vector<Step> cycle = finder.find(kind);
      if (!cycle.empty()) anomalies.push_back(anomaly_of(history, std::move(cycle), kind.events));
    }
    return anomalies;
  }
  return anomalies;
}

}  // namespace seedbed::txn
