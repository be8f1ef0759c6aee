#include "sim/check/transactions/order_search.h"

#include <algorithm>

#include "sim/check/transactions/cycles.h"
#include "sim/check/transactions/graph.h"
#include "sim/check/transactions/order_solver.h"

namespace seedbed::txn {

namespace {

/// Calls `edge(from, to)` for what a step means to the events of a level; see events_of.
template <class Visit>
void for_each_event(const Step& s, Id nodes, Axioms axioms, const Visit& edge) {
  if (axioms == Axioms::kSerializable) return edge(s.from, s.to);
  if (s.edge == Edge::kRw) return edge(s.from, nodes + s.to);
  if (s.edge == Edge::kThrough) {
    edge(s.from, s.to);
    return edge(nodes + s.from, nodes + s.to);
  }
  const bool commits_only = s.edge == Edge::kWw && axioms == Axioms::kPrefix;
  edge(nodes + s.from, commits_only ? nodes + s.to : s.to);
}

}  // namespace

/// Sessions go forward side by side, where nothing else is known.
std::vector<std::uint64_t> OrderSearch::ranks() const {
  std::vector<std::uint64_t> rank(d_.nodes, 0);
  std::vector<std::uint64_t> count, seen;
  for (Id t = 0; t < history_.size(); ++t) {
    const Id s = history_[t].session;
    if (s >= count.size()) count.resize(s + std::size_t{1}, 0);
    ++count[s];
  }
  seen.resize(count.size(), 0);
  constexpr std::uint64_t kWhole = std::uint64_t{1} << 40;
  for (Id t = 0; t < history_.size(); ++t) {
    const Id s = history_[t].session;
    rank[t] = history_.options().timed ? std::min(history_[t].returned, kWhole)
                                       : kWhole / count[s] * ++seen[s];
  }
  return rank;
}

/// `first` is overwritten by `second`, and so its readers come before `second`.
std::vector<Step> OrderSearch::steps_of(Id first, Id second,
                                        const std::vector<std::uint8_t>& within) const {
  const Install& from = facts_.installs[first];
  const Id to = facts_.installs[second].writer;
  std::vector<Step> steps{{from.writer, to, Edge::kWw, from.key, kNone}};
  for (const Id reader : d_.readers_of(first)) {
    if (reader != to && within[reader]) steps.push_back({reader, to, Edge::kRw, from.key, kNone});
  }
  return steps;
}

Verdict OrderSearch::solve(const std::vector<std::uint8_t>& within, std::uint64_t steps,
                           bool keep_forced) {
  const bool doubled = axioms_ != Axioms::kSerializable;
  std::vector<std::uint64_t> rank = ranks();
  for (std::uint64_t& r : rank) r = 2 * r + 1;
  if (doubled) {
    rank.resize(2 * std::size_t{d_.nodes});
    for (Id n = 0; n < d_.nodes; ++n) rank[d_.nodes + n] = rank[n], --rank[n];
  }
  OrderSolver solver(static_cast<std::uint32_t>(rank.size()), rank);
  for (Id n = 0; doubled && n < d_.nodes; ++n) solver.fix(n, d_.nodes + n);
  for (const Step& s : d_.edges) {
    if (!within[s.from] || !within[s.to]) continue;
    for_each_event(s, d_.nodes, axioms_, [&](Id a, Id b) { solver.fix(a, b); });
  }
  std::vector<Choice> asked;
  for (const Choice& c : d_.choices) {
    if (!within[facts_.installs[c.a].writer] || !within[facts_.installs[c.b].writer]) continue;
    asked.push_back(c);
    solver.add_choice();
    for (const Step& s : steps_of(c.a, c.b, within)) {
      for_each_event(s, d_.nodes, axioms_, [&](Id a, Id b) { solver.add_edge(true, a, b); });
    }
    for (const Step& s : steps_of(c.b, c.a, within)) {
      for_each_event(s, d_.nodes, axioms_, [&](Id a, Id b) { solver.add_edge(false, a, b); });
    }
  }
  const Verdict verdict =
      solver.solve({.steps = steps, .bytes = budget_.bytes, .expired = budget_.expired});
  steps_ += solver.steps();
  for (std::uint32_t i = 0; keep_forced && i < asked.size(); ++i) {
    if (i == solver.contradiction()) contradiction_ = asked[i];
    const int forced = solver.forced(i);
    if (forced < 0 || i == solver.contradiction()) continue;
    const auto [a, b] =
        forced ? std::pair(asked[i].a, asked[i].b) : std::pair(asked[i].b, asked[i].a);
    const std::vector<Step> steps_between = steps_of(a, b, within);
    forced_.insert(forced_.end(), steps_between.begin(), steps_between.end());
  }
  return verdict;
}

Verdict OrderSearch::run() {
  return solve(std::vector<std::uint8_t>(d_.nodes, 1), budget_.steps, true);
}

std::vector<std::uint8_t> OrderSearch::only(std::span<const Id> transactions) const {
  std::vector<std::uint8_t> within(d_.nodes, 0);
  for (Id n = facts_.nodes; n < d_.nodes; ++n) within[n] = 1;
  for (const Id t : transactions) within[t] = 1;
  return within;
}

/// Leaves out half of the transactions, a quarter, ... as long as the rest still has no order
/// (Zeller & Hildebrandt 2002, "Simplifying and isolating failure-inducing input").
std::vector<Id> OrderSearch::core() {
  std::vector<Id> kept;
  for (Id t = 0; t < facts_.nodes; ++t) {
    if (facts_.committed[t]) kept.push_back(t);
  }
  const std::uint64_t until = steps_ + std::min(budget_.steps, 20 * steps_ + 10'000'000);
  for (std::size_t chunk = (kept.size() + 1) / 2; chunk > 0 && steps_ < until;) {
    bool smaller = false;
    for (std::size_t begin = 0; begin < kept.size() && steps_ < until;) {
      const std::size_t end = std::min(begin + chunk, kept.size());
      std::vector<std::uint8_t> within = only(kept);
      for (std::size_t i = begin; i < end; ++i) within[kept[i]] = 0;
      if (solve(within, until - steps_, false) == Verdict::kFail) {
        kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(begin),
                   kept.begin() + static_cast<std::ptrdiff_t>(end));
        smaller = true;
      } else {
        begin = end;
      }
    }
    if (chunk == 1 && !smaller) break;
    chunk = chunk == 1 ? 1 : std::min((chunk + 1) / 2, (kept.size() + 1) / 2);
  }
  return kept;
}

std::array<std::vector<Step>, 2> OrderSearch::both_ways(std::span<const Id> core) {
  const std::vector<std::uint8_t> within = only(core);
  forced_.clear();
  contradiction_.reset();
  solve(within, budget_.steps, true);
  if (!contradiction_) return {};
  std::array<std::vector<Step>, 2> cycles;
  for (const bool first : {true, false}) {
    std::vector<Step> steps = first ? steps_of(contradiction_->a, contradiction_->b, within)
                                    : steps_of(contradiction_->b, contradiction_->a, within);
    steps.insert(steps.end(), forced_.begin(), forced_.end());
    for (const Step& s : d_.edges) {
      if (within[s.from] && within[s.to]) steps.push_back(s);
    }
    const Graph g = axioms_ == Axioms::kSerializable ? graph_of(steps, d_.nodes, ~EdgeMask{0})
                                                     : events_of(steps, d_.nodes, axioms_);
    cycles[first ? 0 : 1] = shortest_cycle(g, steps);
  }
  return cycles;
}

}  // namespace seedbed::txn
