#include "sim/check/transactions/order_problem.h"

#include <algorithm>

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

OrderProblem::OrderProblem(const History& history, const Facts& facts, const Dependencies& d,
                           Axioms axioms, const std::vector<std::uint8_t>& within)
    : history_(history), facts_(facts), d_(d), axioms_(axioms), within_(within) {
  for (Id t = 0; t < facts.nodes && axioms != Axioms::kSerializable; ++t) {
    if (within[t] && facts.committed[t]) add_arc(t, d.nodes + t);
  }
  for (const Step& s : d.edges) {
    if (!within[s.from] || !within[s.to]) continue;
    for_each_event(s, d.nodes, axioms, [&](Id a, Id b) { add_arc(a, b); });
  }
  number_events();
  steps_ = arcs_.size() + d.choices.size();
  for (const Choice& c : d.choices) {
    if (within[facts.installs[c.a].writer] && within[facts.installs[c.b].writer]) {
      open_.push_back(c);
    }
  }
}

/// Nodes of no transaction play a part where somebody leads to them. They stand in chains, whose
/// arcs lie in one direction or the other.
void OrderProblem::revive_helpers(std::vector<std::uint8_t>& alive) const {
  for (bool changed = true; changed;) {
    changed = false;
    const auto pass = [&](const Arc& arc) {
      if (!alive[arc.from] || alive[arc.to]) return;
      alive[arc.to] = 1;
      changed = true;
    };
    std::for_each(arcs_.begin(), arcs_.end(), pass);
    std::for_each(arcs_.rbegin(), arcs_.rend(), pass);
  }
}

void OrderProblem::number_events() {
  const bool doubled = axioms_ != Axioms::kSerializable;
  std::vector<std::uint8_t> alive((doubled ? 2 : 1) * std::size_t{d_.nodes}, 0);
  for (Id t = 0; t < facts_.nodes; ++t) {
    if (!within_[t] || !facts_.committed[t]) continue;
    alive[t] = 1;
    if (doubled) alive[d_.nodes + t] = 1;
  }
  revive_helpers(alive);
  event_.assign(alive.size(), kNone);
  for (Id e = 0; e < alive.size(); ++e) {
    if (alive[e]) event_[e] = events_++;
  }
  std::size_t kept = 0;
  for (const Arc& arc : arcs_) {
    if (alive[arc.from] && alive[arc.to]) arcs_[kept++] = {event_[arc.from], event_[arc.to]};
  }
  arcs_.resize(kept);
}

std::vector<Step> OrderProblem::steps_of(Id first, Id second) const {
  const Install& from = facts_.installs[first];
  const Id to = facts_.installs[second].writer;
  std::vector<Step> steps{{from.writer, to, Edge::kWw, from.key, kNone}};
  for (const Id reader : d_.readers_of(first)) {
    if (reader != to && within_[reader]) steps.push_back({reader, to, Edge::kRw, from.key, kNone});
  }
  return steps;
}

template <class Visit>
void OrderProblem::for_each_arc(Id first, Id second, const Visit& arc) const {
  const Install& from = facts_.installs[first];
  const Id to = facts_.installs[second].writer;
  const auto visit = [&](Id a, Id b) { arc(event_[a], event_[b]); };
  for_each_event({from.writer, to, Edge::kWw, from.key, kNone}, d_.nodes, axioms_, visit);
  for (const Id reader : d_.readers_of(first)) {
    if (reader == to || !within_[reader]) continue;
    for_each_event({reader, to, Edge::kRw, from.key, kNone}, d_.nodes, axioms_, visit);
  }
}

bool OrderProblem::closes_cycle(Id first, Id second) const {
  bool closes = false;
  for_each_arc(first, second, [&](Id a, Id b) { closes = closes || reach_.leads(b, a); });
  return closes;
}

void OrderProblem::force(Id first, Id second) {
  decided_.push_back({first, second});
  for_each_arc(first, second, [&](Id a, Id b) {
    if (!reach_.leads(a, b)) arcs_.push_back({a, b});
  });
}

std::optional<std::size_t> OrderProblem::reduce() {
  // Of few transactions one choice is decided at a time, so that what contradicts is one choice.
  constexpr Id kFew = 200;
  std::size_t kept = 0;
  const std::size_t before = open_.size();
  for (std::size_t i = 0; i < before; ++i) {
    const Choice c = open_[i];
    if (events_ <= kFew && kept < i) {
      open_[kept++] = c;
      continue;
    }
    steps_ += 4;
    const bool not_a = closes_cycle(c.a, c.b), not_b = closes_cycle(c.b, c.a);
    if (not_a && not_b) {
      contradiction_ = c;
      return std::nullopt;
    }
    if (not_a) {
      force(c.b, c.a);
    } else if (not_b) {
      force(c.a, c.b);
    } else {
      open_[kept++] = c;
    }
  }
  open_.resize(kept);
  return before - kept;
}

/// Sessions go forward side by side, where nothing else is known.
std::vector<std::uint64_t> OrderProblem::ranks() const {
  std::vector<std::uint64_t> count, seen, rank(events_, 0);
  for (Id t = 0; t < history_.size(); ++t) {
    const Id s = history_[t].session;
    if (s >= count.size()) count.resize(s + std::size_t{1}, 0);
    ++count[s];
  }
  seen.resize(count.size(), 0);
  constexpr std::uint64_t kWhole = std::uint64_t{1} << 40;
  for (Id t = 0; t < history_.size(); ++t) {
    const Id s = history_[t].session;
    const std::uint64_t at = history_.options().timed ? std::min(history_[t].returned, kWhole)
                                                      : kWhole / count[s] * ++seen[s];
    if (event_[t] != kNone) rank[event_[t]] = 2 * at;
    if (event_.size() > d_.nodes && event_[d_.nodes + t] != kNone) {
      rank[event_[d_.nodes + t]] = 2 * at + 1;
    }
  }
  return rank;
}

Verdict OrderProblem::search(const TransactionBudget& budget, std::uint64_t steps, bool reduced) {
  OrderSolver solver(events_, ranks());
  for (const Arc& arc : arcs_) solver.fix(arc.from, arc.to);
  for (const Choice& c : open_) {
    solver.add_choice();
    for (const bool a_first : {true, false}) {
      for_each_arc(a_first ? c.a : c.b, a_first ? c.b : c.a,
                   [&](Id from, Id to) { solver.add_edge(a_first, from, to); });
    }
  }
  const Verdict verdict = solver.solve(
      {.steps = steps, .bytes = budget.bytes, .probe = !reduced, .expired = budget.expired});
  steps_ += solver.steps();
  for (std::uint32_t i = 0; i < open_.size(); ++i) {
    if (i == solver.contradiction()) {
      contradiction_ = open_[i];
    } else if (const int forced = solver.forced(i); forced >= 0) {
      decided_.push_back(forced != 0 ? open_[i] : Choice{open_[i].b, open_[i].a});
    }
  }
  return verdict;
}

Verdict OrderProblem::solve(const TransactionBudget& budget, std::uint64_t steps) {
  const bool reduced = Reachability::bytes_for(events_) <= budget.bytes / 4;
  while (reduced) {
    if (!reach_.close(events_, arcs_)) return Verdict::kFail;
    const auto decided = reduce();
    if (!decided) return Verdict::kFail;
    if (open_.empty()) {
      return reach_.close(events_, arcs_) ? Verdict::kPass : Verdict::kFail;
    }
    if (*decided == 0 || *decided < open_.size() / 100) break;
    if (this->steps() > steps || (budget.expired && budget.expired())) {
      return Verdict::kUnknown;
    }
  }
  return search(budget, steps, reduced);
}

std::vector<Step> OrderProblem::forced() const {
  std::vector<Step> all;
  for (const Choice& c : decided_) {
    const std::vector<Step> steps = steps_of(c.a, c.b);
    all.insert(all.end(), steps.begin(), steps.end());
  }
  return all;
}

}  // namespace seedbed::txn
