// The checks of `seedbed check` for transactions: a row for each model.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "sim/check/check_rows.h"
#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/readers.h"
#include "sim/check/transactions/witness.h"

namespace seedbed {

namespace {

using txn::History;
using txn::Id;
using txn::Judgement;
using txn::Model;

// The first is what is meant where nobody says: Elle's for lists; registers may come without times.
constexpr std::string_view kListLevels[] = {"strict-serializable",
                                            "read-committed",
                                            "read-atomic",
                                            "causal",
                                            "prefix",
                                            "snapshot-isolation",
                                            "serializable",
                                            "serializable(+session order)",
                                            "repeatable-read",
                                            "strong-session-read-committed",
                                            "strong-session-snapshot-isolation",
                                            "strong-session-serializable",
                                            "strong-read-committed",
                                            "strong-snapshot-isolation",
                                            "strong-serializable"};
constexpr std::string_view kRegisterLevels[] = {"serializable",
                                                "read-committed",
                                                "read-atomic",
                                                "causal",
                                                "prefix",
                                                "snapshot-isolation",
                                                "serializable(+session order)",
                                                "repeatable-read",
                                                "strong-session-read-committed",
                                                "strong-session-snapshot-isolation",
                                                "strong-session-serializable",
                                                "strong-read-committed",
                                                "strong-snapshot-isolation",
                                                "strict-serializable",
                                                "strong-serializable"};
constexpr std::string_view kListFormats[] = {"jepsen-edn", "jepsen-json"};
constexpr std::string_view kRegisterFormats[] = {"jepsen-edn", "jepsen-json", "plume", "awdit",
                                                 "dbcop"};

History read_transactions(const CheckInput& in, const CheckOptions& options, Model model) {
  if (in.format == "plume") return txn::read_plume(in.text, options.init.value_or("0"));
  if (in.format == "awdit") return txn::read_awdit(in.text);
  if (in.format == "dbcop") return txn::read_dbcop(in.text, options.init.value_or("0"));
  const txn::JepsenOptions jepsen{.model = model,
                                  .initial = options.init.value_or("nil"),
                                  .session_per_line = options.session_per_line};
  if (in.maps) return txn::read_jepsen(*in.maps, jepsen);
  const bool json = in.format == "jepsen-json";
  return txn::read_jepsen(in.text, json ? history::Syntax::kJson : history::Syntax::kEdn, jepsen);
}

/// "G-single-item: rw wr": the kinds of its edges, sorted.
std::string shape_of(const txn::Anomaly& a) {
  std::vector<std::string_view> kinds;
  for (const txn::Step& s : a.cycle) kinds.push_back(name_of(s.edge));
  std::sort(kinds.begin(), kinds.end());
  return fmt::format("{}{}{}", a.type, kinds.empty() ? "" : ": ", fmt::join(kinds, " "));
}

void describe_failure(const History& history, const Judgement& found, CheckReport& report) {
  if (found.anomalies.empty()) return;
  const auto with_cycle = std::find_if(found.anomalies.begin(), found.anomalies.end(),
                                       [](const txn::Anomaly& a) { return !a.cycle.empty(); });
  const txn::Anomaly& shown =
      with_cycle == found.anomalies.end() ? found.anomalies.front() : *with_cycle;
  report.shape = shape_of(shown);
  report.picture = picture_of(history, shown);
  for (const Id t : shown.transactions) {
    if (t >= history.size()) continue;
    report.witness.push_back({fmt::format("{}: {}", name_of(history, t), text_of(history, t, {})),
                              shown.type, history[t].offset});
  }
  for (const txn::Anomaly& a : found.anomalies) {
    const auto same = std::find_if(report.anomalies.begin(), report.anomalies.end(),
                                   [&](const Anomaly& known) { return known.name == a.type; });
    if (same != report.anomalies.end()) {
      ++same->count;
    } else {
      report.anomalies.push_back({a.type, 1, a.message});
    }
  }
}

CheckReport judge(const CheckInput& in, const CheckOptions& options, Model model) {
  const History history = read_transactions(in, options, model);
  const txn::TransactionBudget budget{.steps = options.budget.steps,
                                      .bytes = options.budget.bytes,
                                      .expired = options.budget.expired};
  const txn::Level* level = txn::level_named(options.level);
  const Judgement found = check_transactions(history, *level, budget);
  CheckReport report;
  report.verdict = found.verdict;
  report.level = options.level;
  report.operations = history.operations();
  report.steps = found.steps;
  report.message = found.message;
  report.notes.emplace_back("transactions", fmt::format("{}", history.size()));
  if (found.verdict != Verdict::kFail) return report;
  describe_failure(history, found, report);
  const auto holding = strongest_levels(history, budget);
  report.notes.emplace_back("strongest levels that hold",
                            holding.empty() ? "none" : fmt::format("{}", fmt::join(holding, ", ")));
  return report;
}

CheckReport judge_lists(const CheckInput& in, const CheckOptions& options) {
  return judge(in, options, Model::kList);
}
CheckReport judge_registers(const CheckInput& in, const CheckOptions& options) {
  return judge(in, options, Model::kRegister);
}

constexpr HistoryCheck kChecks[] = {
    {"list-append",
     "Transactions over lists: [:append k v], and [:r k [..]] of all that was appended. Read "
     "committed and snapshot isolation are Adya's, without the order of sessions.",
     "Adya 1999; Kingsbury and Alvaro 2020 (Elle); Cerone and Gotsman 2016", kListLevels,
     kListFormats, judge_lists},
    {"rw-register",
     "Transactions over registers: [:w k v] and [:r k v], each value of a key written once. The "
     "levels up to snapshot isolation count the order of sessions in.",
     "Biswas and Enea 2019; Bayless et al. 2015; Huang et al. 2023 (PolySI)", kRegisterLevels,
     kRegisterFormats, judge_registers},
};

}  // namespace

std::span<const HistoryCheck> transaction_checks() { return kChecks; }

}  // namespace seedbed
