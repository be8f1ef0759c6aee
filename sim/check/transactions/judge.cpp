#include "sim/check/transactions/judge.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "sim/check/transactions/cycles.h"
#include "sim/check/transactions/dependencies.h"
#include "sim/check/transactions/graph.h"
#include "sim/check/transactions/order_search.h"
#include "sim/check/transactions/saturation.h"
#include "sim/check/transactions/witness.h"

namespace seedbed::txn {

namespace {

constexpr EdgeMask kNoReadsBeforeWrites =
    ~mask_of(Edge::kRw);  // what the levels up to causal look at

/// G0 and G1c are worse than G-single, and that than the others.
int severity(const Anomaly& a) {
  const auto rw = std::count_if(a.cycle.begin(), a.cycle.end(),
                                [](const Step& s) { return s.edge == Edge::kRw; });
  return static_cast<int>(std::min<std::ptrdiff_t>(rw, 2)) + (a.type.starts_with("G2") ? 1 : 0);
}

class Judge {
 public:
  Judge(const History& history, const Level& level, const TransactionBudget& budget)
      : history_(history),
        level_(level),
        budget_(budget),
        rules_(rules_of(level, history.options().model)) {}

  Judgement judge();

 private:
  bool is_weak() const { return rules_.axioms <= Axioms::kCausal; }
  bool lists() const { return history_.options().model == Model::kList; }
  void weak(Dependencies& d);
  void strong(Dependencies& d);
  void search(const Dependencies& d);
  void no_order(OrderSearch& search);
  void fail(Anomaly a) { found_.push_back(std::move(a)); }
  Judgement unknown(std::string why) {
    judgement_.verdict = Verdict::kUnknown;
    judgement_.message = std::move(why);
    return std::move(judgement_);
  }

  const History& history_;
  const Level& level_;
  const TransactionBudget& budget_;
  Rules rules_;
  Facts facts_;
  Judgement judgement_;
  std::vector<Anomaly> found_;
  std::string undecided_;
};

void Judge::weak(Dependencies& d) {
  const bool adya = lists() && rules_.axioms == Axioms::kReadCommitted;
  if (!adya && !saturate(history_, facts_, rules_.axioms, budget_.bytes, d)) {
    undecided_ = "too many sessions for the memory allowed";
    return;
  }
  const Graph g = graph_of(d.edges, d.nodes, kNoReadsBeforeWrites);
  std::vector<Step> cycle = shortest_cycle(g, d.edges);
  if (cycle.empty()) return;
  Anomaly a = anomaly_of(history_, std::move(cycle), false);
  a.breaks = rules_.axioms;
  const bool inferred =
      std::any_of(a.cycle.begin(), a.cycle.end(), [](const Step& s) { return s.via != kNone; });
  if (inferred) {  // an overwriting that the level concludes from a read
    constexpr std::string_view kTypes[] = {"non-monotonic-read", "fractured-read",
                                           "causality-violation"};
    a.type = kTypes[static_cast<std::size_t>(rules_.axioms)];
  }
  fail(std::move(a));
}

void Judge::strong(Dependencies& d) {
  const bool serial = rules_.axioms == Axioms::kSerializable;
  const Graph g = serial ? graph_of(d.edges, d.nodes, ~EdgeMask{0})
                         : events_of(d.edges, d.nodes, rules_.axioms);
  if (strong_components(g).cyclic()) {
    for (Anomaly& a : find_cycles(history_, d.edges, d.nodes)) {
      if (a.breaks <= rules_.axioms || rules_.axioms == Axioms::kPrefix) fail(std::move(a));
    }
    const bool told = std::any_of(found_.begin(), found_.end(),
                                  [](const Anomaly& a) { return !a.cycle.empty(); });
    if (!told) fail(anomaly_of(history_, shortest_cycle(g, d.edges), !serial));
  }
  if (!found_.empty()) return;
  if (d.too_many) {
    undecided_ = "too many pairs of writes whose order nobody observed";
  } else if (!d.choices.empty()) {
    search(d);
  }
}

void Judge::search(const Dependencies& d) {
  OrderSearch search(history_, facts_, d, rules_.axioms, budget_);
  const Verdict verdict = search.run();
  judgement_.steps = search.steps();
  if (verdict == Verdict::kUnknown) undecided_ = "the budget ended before the search did";
  if (verdict == Verdict::kFail) no_order(search);
}

/// Whichever way round two writes are put there is a cycle, and the milder of the two is what must
/// have happened; or it takes more than two writes to see, and there are only the transactions.
void Judge::no_order(OrderSearch& search) {
  Anomaly a{
      .type = "no-order", .breaks = rules_.axioms, .message = {}, .transactions = {}, .cycle = {}};
  if (!budget_.explain) return fail(std::move(a));
  a.transactions = search.core();
  std::array<std::vector<Step>, 2> ways = search.both_ways(a.transactions);
  if (!ways[0].empty() && !ways[1].empty()) {
    const bool events = rules_.axioms != Axioms::kSerializable;
    Anomaly one = anomaly_of(history_, std::move(ways[0]), events);
    Anomaly other = anomaly_of(history_, std::move(ways[1]), events);
    a.type = severity(one) <= severity(other) ? other.type : one.type;
    a.message = fmt::format("{}; or, the other way round, {}", one.message, other.message);
    a.cycle = std::move(one.cycle);
    a.otherwise = std::move(other.cycle);
    return fail(std::move(a));
  }
  std::string names;
  for (std::size_t i = 0; i < a.transactions.size() && i < 12; ++i) {
    names += (i == 0 ? "" : ", ") + name_of(history_, a.transactions[i]);
  }
  a.message = fmt::format("no order of their writes has this level: {}{}, {} transactions", names,
                          a.transactions.size() > 12 ? ", ..." : "", a.transactions.size());
  fail(std::move(a));
}

Judgement Judge::judge() {
  if (rules_.real_time && !history_.options().timed) {
    return unknown(
        fmt::format("{} asks for real time, which this history does not have", level_.name));
  }
  facts_ = facts_of(history_);
  for (const Anomaly& a : facts_.anomalies) {
    if (a.breaks <= rules_.axioms) fail(a);
  }
  const bool needs_choices =
      !is_weak() && (!lists() || rules_.axioms == Axioms::kSnapshotIsolation);
  Dependencies d = dependencies_of(history_, facts_,
                                   {.sessions = rules_.sessions,
                                    .real_time = rules_.real_time,
                                    .choices = needs_choices,
                                    .bytes = budget_.bytes / 2});
  if (is_weak()) {
    weak(d);
  } else {
    strong(d);
  }
  if (found_.empty() && !undecided_.empty()) return unknown(undecided_);
  if (found_.empty() && !(facts_.ambiguous && lists())) {  // a register's guess is a proof
    judgement_.verdict = Verdict::kPass;
    return std::move(judgement_);
  }
  judgement_.anomalies = std::move(found_);
  if (facts_.ambiguous) {
    return unknown("a value that was read had been written twice: whose it was is not known");
  }
  judgement_.verdict = Verdict::kFail;
  const Anomaly& first = judgement_.anomalies.front();
  judgement_.message = fmt::format("{}: {}", first.type, first.message);
  return std::move(judgement_);
}

}  // namespace

Judgement check_transactions(const History& history, const Level& level,
                             const TransactionBudget& budget) {
  return Judge(history, level, budget).judge();
}

std::vector<Anomaly> find_anomalies(const History& history) {
  const Facts facts = facts_of(history);
  std::vector<Anomaly> found = facts.anomalies;
  const Dependencies d =
      dependencies_of(history, facts, {.sessions = true, .real_time = history.options().timed});
  for (Anomaly& a : find_cycles(history, d.edges, d.nodes)) found.push_back(std::move(a));
  return found;
}

std::vector<std::string_view> strongest_levels(const History& history,
                                               const TransactionBudget& budget) {
  const Model model = history.options().model;
  TransactionBudget quiet = budget;
  quiet.explain = false;
  std::vector<const Level*> holding;
  for (std::size_t i = all_levels().size(); i-- > 0;) {
    const Level& level = all_levels()[i];
    const bool implied = std::any_of(holding.begin(), holding.end(), [&](const Level* l) {
      return implies(rules_of(*l, model), rules_of(level, model));
    });
    if (!implied && check_transactions(history, level, quiet).verdict == Verdict::kPass) {
      holding.push_back(&level);
    }
  }
  std::vector<std::string_view> names;
  for (const Level* l : holding) names.push_back(l->name);
  return names;
}

}  // namespace seedbed::txn
