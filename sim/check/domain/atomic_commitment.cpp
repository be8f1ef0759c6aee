#include <fmt/format.h>

#include <algorithm>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// One transaction. Operations are indices into the history.
struct Transaction {
  std::uint32_t begin = kNone;
  std::vector<std::uint32_t> votes;
  std::vector<std::uint32_t> decisions;  // that somebody was told
};

/// "yes" or "commit" is true; "no" or "abort" is false.
bool is_yes(const RecordedOp& op, std::string_view yes, std::string_view no) {
  const Value& v = op.value;
  if (v.is_boolean()) return v.integer() != 0;
  if (!v.is(yes) && !v.is(no)) {
    detail::refuse_value(op, fmt::format("a {} wants :{} or :{}", to_text(op.function), yes, no));
  }
  return v.is(yes);
}
bool votes_yes(const RecordedOp& op) { return is_yes(op, "yes", "no"); }
bool commits(const RecordedOp& op) { return is_yes(op, "commit", "abort"); }

class Commitment {
 public:
  Commitment(const Recorded& recorded, Findings& findings)
      : recorded_(recorded), findings_(findings) {}

  void judge(const std::string& name, const Transaction& t) {
    agree(name, t);
    for (const std::uint32_t d : t.decisions) {
      if (commits(at(d)) && valid(name, t, d)) break;
    }
    change_no_vote(name, t);
  }

 private:
  const RecordedOp& at(std::uint32_t i) const { return recorded_.operations[i]; }

  void agree(const std::string& name, const Transaction& t) {
    for (const std::uint32_t d : t.decisions) {
      const std::uint32_t first = t.decisions.front();
      if (commits(at(d)) == commits(at(first))) continue;
      const bool same = at(d).process == at(first).process;
      findings_.add(
          same ? "changed-decision" : "disagreement",
          fmt::format("of {}, process {} decided {}, and process {} {}", name, at(first).process,
                      to_text(at(first).value), at(d).process, to_text(at(d).value)),
          {first, d});
      return;
    }
  }

  /// Whether something was found.
  bool valid(const std::string& name, const Transaction& t, std::uint32_t commit) {
    for (const std::uint32_t v : t.votes) {
      if (votes_yes(at(v)) || !at(v).ok()) continue;
      findings_.add(
          "commit-after-no",
          fmt::format("{} was committed, though process {} voted no", name, at(v).process),
          {v, commit});
      return true;
    }
    if (t.begin == kNone) return false;
    for (const Value& participant : at(t.begin).value.items()) {
      const bool voted = std::any_of(t.votes.begin(), t.votes.end(), [&](std::uint32_t v) {
        return participant.is_integer() && participant.integer() == at(v).process &&
               votes_yes(at(v)) && at(v).invoked < at(commit).returned;
      });
      if (voted) continue;
      findings_.add("commit-without-vote",
                    fmt::format("{} was committed before process {} voted yes", name,
                                to_text(participant, 30)),
                    {t.begin, commit});
      return true;
    }
    return false;
  }

  void change_no_vote(const std::string& name, const Transaction& t) {
    std::vector<std::uint32_t> votes = t.votes;
    std::erase_if(votes, [&](std::uint32_t v) { return !at(v).ok(); });
    std::stable_sort(votes.begin(), votes.end(), [&](std::uint32_t a, std::uint32_t b) {
      return at(a).process < at(b).process;
    });
    for (std::size_t i = 1; i < votes.size(); ++i) {
      const RecordedOp& a = at(votes[i - 1]);
      const RecordedOp& b = at(votes[i]);
      if (a.process != b.process || votes_yes(a) == votes_yes(b)) continue;
      findings_.add("changed-vote",
                    fmt::format("of {}, process {} voted {} and then {}", name, a.process,
                                to_text(a.value), to_text(b.value)),
                    {votes[i - 1], votes[i]});
    }
  }

  const Recorded& recorded_;
  Findings& findings_;
};

}  // namespace

CheckReport check_atomic_commitment(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  ValueNumbers names;
  std::vector<Transaction> transactions;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    const std::uint32_t number = names.of(op.key);
    if (number == transactions.size()) transactions.emplace_back();
    Transaction& t = transactions[number];
    if (op.is("begin")) {
      if (!op.value.has_items()) detail::refuse_value(op, "a begin wants [participant ...]");
      if (!op.failed()) t.begin = i;
    } else if (op.is("vote")) {
      votes_yes(op);
      if (!op.failed()) t.votes.push_back(i);
    } else if (op.is("decide")) {
      if (op.ok()) commits(op), t.decisions.push_back(i);
    } else {
      detail::refuse_function(op, "atomic commitment", ":begin, :vote and :decide");
    }
  }
  Commitment commitment(recorded, findings);
  std::uint64_t undecided = 0;
  for (std::uint32_t n = 0; n < transactions.size(); ++n) {
    const std::string name =
        names[n].is_nil() ? "the transaction" : "transaction " + to_text(names[n], 30);
    commitment.judge(name, transactions[n]);
    undecided += transactions[n].decisions.empty() ? 1U : 0U;
  }
  if (undecided == transactions.size()) findings.undecided("nobody heard of a decision");
  findings.note("transactions", std::to_string(transactions.size()));
  findings.note("undecided", std::to_string(undecided));
  return std::move(findings).report();
}

}  // namespace seedbed::domain
