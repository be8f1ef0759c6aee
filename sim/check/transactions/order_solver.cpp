#include "sim/check/transactions/order_solver.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace seedbed::txn {

OrderSolver::OrderSolver(std::uint32_t nodes, std::span<const std::uint64_t> rank)
    : rank_(rank.begin(), rank.end()), graph_({}) {
  rank_.resize(nodes, 0);
}

std::uint32_t OrderSolver::add_choice() {
  arcs_end_.resize(arcs_end_.size() + 2, arcs_.size());
  value_.push_back(0);
  level_of_.push_back(0);
  reason_.push_back(kNo);
  marked_.push_back(0);
  watches_.resize(watches_.size() + 2);
  return choices() - 1;
}

/// Those of `true` come first, so that arcs lie in the order of their literals.
void OrderSolver::add_edge(bool if_true, std::uint32_t from, std::uint32_t to) {
  arcs_.push_back({from, to});
  if (if_true) ++arcs_end_[arcs_end_.size() - 2];
  ++arcs_end_.back();
}

bool OrderSolver::sort_fixed() {
  const auto nodes = static_cast<std::uint32_t>(rank_.size());
  std::vector<std::size_t> first(nodes + std::size_t{2}, 0);
  std::vector<std::uint32_t> waits(nodes, 0), targets(fixed_.size());
  for (const Arc& arc : fixed_) {
    ++first[arc.from + std::size_t{2}];
    ++waits[arc.to];
  }
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  for (const Arc& arc : fixed_) targets[first[arc.from + std::size_t{1}]++] = arc.to;
  using Ranked = std::pair<std::uint64_t, std::uint32_t>;
  std::priority_queue<Ranked, std::vector<Ranked>, std::greater<>> ready;
  for (std::uint32_t n = 0; n < nodes; ++n) {
    if (waits[n] == 0) ready.push({rank_[n], n});
  }
  std::vector<std::uint64_t> place(nodes, 0);
  std::uint64_t next = 0;
  for (; !ready.empty(); ++next) {
    const std::uint32_t n = ready.top().second;
    ready.pop();
    place[n] = next;
    for (std::size_t i = first[n]; i < first[n + std::size_t{1}]; ++i) {
      if (--waits[targets[i]] == 0) ready.push({rank_[targets[i]], targets[i]});
    }
  }
  if (next != nodes) return false;
  graph_ = AcyclicGraph(place);
  for (const Arc& arc : fixed_) graph_.insert(arc.from, arc.to, kNo);
  return true;
}

/// The edges of a literal; on a cycle none of them, and `conflict_` says whose they are.
bool OrderSolver::put_in(Literal l) {
  const std::size_t before = graph_.edges();
  for (const Arc& arc : arcs_of(l)) {
    if (graph_.insert(arc.from, arc.to, l)) continue;
    conflict_.assign(1, l ^ 1);
    for (const std::uint32_t label : graph_.cycle()) {
      if (label != kNo && label != l) conflict_.push_back(label ^ 1);
    }
    std::sort(conflict_.begin(), conflict_.end());
    conflict_.erase(std::unique(conflict_.begin(), conflict_.end()), conflict_.end());
    while (graph_.edges() > before) graph_.remove_last();
    return false;
  }
  return true;
}

bool OrderSolver::enqueue(Literal l, std::uint32_t reason) {
  value_[l >> 1] = l & 1 ? -1 : 1;
  level_of_[l >> 1] = static_cast<std::uint32_t>(level());
  reason_[l >> 1] = reason;
  trail_.push_back(l);
  edges_before_.push_back(graph_.edges());
  return put_in(l);
}

/// By one edge. (By two of them only where one does: they lead to one transaction.)
bool OrderSolver::closes_cycle(Literal l) {
  const std::span<const Arc> arcs = arcs_of(l);
  for (std::size_t i = 0; i < arcs.size();) {
    const std::uint32_t to = arcs[i].to;
    sources_.clear();
    for (; i < arcs.size() && arcs[i].to == to; ++i) sources_.push_back(arcs[i].from);
    if (graph_.leads_to_any(to, sources_)) return true;
  }
  return false;
}

/// What would close a cycle at once is decided before the search, as long as there is any.
bool OrderSolver::probe(const OrderBudget& budget) {
  for (std::uint32_t changed = choices(); changed > choices() / 64;) {
    changed = 0;
    for (std::uint32_t c = 0; c < choices(); ++c) {
      if (value_[c] != 0) continue;
      if (over(budget)) return true;
      for (const Literal l : {2 * c, 2 * c + 1}) {
        if (!closes_cycle(l)) continue;
        if (!enqueue(l ^ 1, kNo)) return contradiction_ = c, false;
        ++changed;
        break;
      }
    }
  }
  return true;
}

/// A clause that has lost one of its two watched literals finds another, or decides its last one.
bool OrderSolver::wake(Literal falsified) {
  std::vector<std::uint32_t>& watchers = watches_[falsified];
  std::size_t kept = 0;
  bool fine = true;
  for (std::size_t i = 0; i < watchers.size(); ++i) {
    const std::uint32_t id = watchers[i];
    if (!fine) {
      watchers[kept++] = id;
      continue;
    }
    ++steps_;
    std::vector<Literal>& c = clauses_[id].literals;
    if (c[0] == falsified) std::swap(c[0], c[1]);
    std::size_t other = 2;
    if (value(c[0]) <= 0) {
      while (other < c.size() && value(c[other]) < 0) ++other;
      if (other < c.size()) {
        std::swap(c[1], c[other]);
        watches_[c[1]].push_back(id);
        continue;
      }
      if (value(c[0]) < 0) {
        conflict_ = c;
        fine = false;
      } else {
        fine = enqueue(c[0], id);
      }
    }
    watchers[kept++] = id;
  }
  watchers.resize(kept);
  return fine;
}

bool OrderSolver::propagate() {
  while (propagated_ < trail_.size()) {
    if (!wake(trail_[propagated_++] ^ 1)) return false;
  }
  return true;
}

void OrderSolver::mark(Literal l) {
  const std::uint32_t c = l >> 1;
  if (marked_[c] || level_of_[c] == 0) return;
  marked_[c] = 1;
  heap_.bump(c);
  if (level_of_[c] == level()) {
    ++open_marks_;
  } else {
    learned_.push_back(l);
  }
}

/// The conflict, resolved back to where one literal of this level is left (the first unique
/// implication point): learned_[0] is what follows from the others.
void OrderSolver::analyze() {
  learned_.assign(1, kNo);
  open_marks_ = 0;
  for (const Literal l : conflict_) mark(l);
  for (std::size_t i = trail_.size(); learned_[0] == kNo;) {
    const Literal l = trail_[--i];
    if (!marked_[l >> 1]) continue;
    if (--open_marks_ == 0) {
      learned_[0] = l ^ 1;
      marked_[l >> 1] = 0;
    } else {
      marked_[l >> 1] = 0;
      for (const Literal reason : clauses_[reason_[l >> 1]].literals) {
        if (reason != l) mark(reason);
      }
    }
  }
  for (const Literal l : learned_) marked_[l >> 1] = 0;
  heap_.decay();
}

/// Back to the level where the learned clause decides its first literal, which is then enqueued.
/// The caller looks at propagate() next, unless that enqueue itself closed a cycle.
void OrderSolver::learn() {
  std::size_t back = 0;
  std::vector<std::uint32_t> levels;
  for (std::size_t i = 1; i < learned_.size(); ++i) {
    const std::uint32_t at = level_of_[learned_[i] >> 1];
    levels.push_back(at);
    if (at <= back) continue;
    back = at;
    std::swap(learned_[1], learned_[i]);
  }
  undo_to(back);
  if (learned_.size() == 1) return;
  std::sort(levels.begin(), levels.end());
  const auto distinct = std::unique(levels.begin(), levels.end()) - levels.begin();
  const auto id = static_cast<std::uint32_t>(clauses_.size());
  watches_[learned_[0]].push_back(id);
  watches_[learned_[1]].push_back(id);
  clauses_.push_back({learned_, static_cast<std::uint32_t>(distinct) + 1});
  bytes_ += learned_.size() * sizeof(Literal) + 64;
}

void OrderSolver::undo_to(std::size_t level) {
  if (level >= level_begins_.size()) return;
  const std::size_t begin = level_begins_[level];
  while (graph_.edges() > edges_before_[begin]) graph_.remove_last();
  for (std::size_t i = trail_.size(); i-- > begin;) {
    value_[trail_[i] >> 1] = 0;
    heap_.add(trail_[i] >> 1);
  }
  trail_.resize(begin);
  edges_before_.resize(begin);
  level_begins_.resize(level);
  propagated_ = std::min(propagated_, begin);
}

/// Half of the clauses, those that span the most decisions. Only where nothing is decided.
void OrderSolver::forget_some() {
  std::stable_sort(clauses_.begin(), clauses_.end(),
                   [](const Clause& a, const Clause& b) { return a.levels < b.levels; });
  clauses_.resize(clauses_.size() / 2);
  for (auto& w : watches_) w.clear();
  bytes_ = 0;
  for (std::uint32_t id = 0; id < clauses_.size(); ++id) {
    std::vector<Literal>& c = clauses_[id].literals;
    std::stable_partition(c.begin(), c.end(), [&](Literal l) { return value(l) >= 0; });
    watches_[c[0]].push_back(id);
    watches_[c[1]].push_back(id);
    bytes_ += c.size() * sizeof(Literal) + 64;
  }
}

/// As the graph's present order has it: that closes no cycle by the pair itself.
bool OrderSolver::decide() {
  while (!heap_.empty()) {
    const std::uint32_t c = heap_.pop();
    if (value_[c] != 0) continue;
    const Arc& arc = arcs_of(2 * c).front();
    level_begins_.push_back(trail_.size());
    const Literal l = 2 * c + (graph_.stands_before(arc.from, arc.to) ? 0 : 1);
    if (!enqueue(l, kNo)) conflicting_ = true;
    return true;
  }
  return false;
}

namespace {

/// 1 1 2 1 1 2 4 ... (Luby, Sinclair, Zuckerman 1993)
std::uint64_t luby(std::uint64_t i) {
  for (;;) {
    std::uint64_t size = 1;
    while (size < i + 1) size = 2 * size + 1;
    if (size == i + 1) return (size + 1) / 2;
    i -= (size - 1) / 2;
  }
}

}  // namespace

Verdict OrderSolver::solve(const OrderBudget& budget) {
  if (!sort_fixed() || (budget.probe && !probe(budget))) return Verdict::kFail;
  for (std::uint32_t c = 0; c < choices(); ++c) heap_.add(c);
  propagated_ = trail_.size();
  std::size_t most_clauses = 4000;
  for (std::uint64_t restart = 0;; ++restart) {
    const std::uint64_t until = conflicts_ + 64 * luby(restart);
    while (conflicts_ < until) {
      if (over(budget)) return Verdict::kUnknown;
      if (!std::exchange(conflicting_, false) && propagate()) {
        if (!decide()) return Verdict::kPass;
        continue;
      }
      if (level() == 0) return Verdict::kFail;
      ++conflicts_;
      analyze();
      learn();
      const bool unit = learned_.size() == 1;
      const auto reason = unit ? kNo : static_cast<std::uint32_t>(clauses_.size() - 1);
      if (!enqueue(learned_[0], reason)) conflicting_ = true;
    }
    if (conflicting_ && level() == 0) return Verdict::kFail;
    conflicting_ = false;
    undo_to(0);
    if (!propagate()) return Verdict::kFail;
    if (clauses_.size() > most_clauses) {
      forget_some();
      most_clauses += 500;
    }
  }
}

}  // namespace seedbed::txn
