#include "sim/run/lookups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "sim/workload/words.h"

namespace seedbed {

namespace {

/// The second half of the settled time, in which clients read back.
Time settled_since(const Scenario& scenario) {
  return Time{} + scenario.duration + scenario.settle / 2;
}

/// "[17 4]": the key and the owner's number; "[17 nil]" of a get that found nothing.
struct Answer {
  std::uint64_t key = 0;
  NodeId owner;
};
Answer answer_of(const Operation& op) {
  Words words(op.answered);
  words.eat("[");
  Answer answer;
  answer.key = static_cast<std::uint64_t>(words.number().value_or(0));
  answer.owner = {static_cast<std::uint32_t>(words.number().value_or(0))};
  return answer;
}

/// When the put of each block was first acknowledged, by what was asked.
using Puts = std::map<std::string_view, std::uint64_t>;
Puts acknowledged_puts(const std::vector<Operation>& operations) {
  Puts puts;
  for (const Operation& op : operations) {
    if (op.function != "put" || op.completion != Completion::kOk) continue;
    const auto [put, is_new] = puts.emplace(op.asked, op.returned);
    if (!is_new) put->second = std::min(put->second, op.returned);
  }
  return puts;
}

/// What is wrong with a get, or "".
std::string lost_block(const Operation& get, const Puts& puts) {
  const auto put = puts.find(get.asked);
  const bool was_put = put != puts.end() && put->second < get.invoked;
  if (!was_put || !get.answered.ends_with(" nil]")) return "";
  return fmt::format("nothing was found under key {}, of which the put was acknowledged",
                     answer_of(get).key);
}

/// What is wrong with a lookup, or "".
std::string wrong_owner(const Operation& lookup, const Run& run) {
  const Answer answer = answer_of(lookup);
  const NodeId owner = run.scenario().protocol->owner(run.world(), answer.key);
  if (owner == answer.owner) return "";
  const std::uint32_t servers = run.scenario().servers();
  return fmt::format("{} was found for key {}, which is {}'s", node_name(answer.owner, servers),
                     answer.key, node_name(owner, servers));
}

CheckResult undecided(std::string_view name, std::string note) {
  return {std::string(name), "history", Verdict::kUnknown, std::move(note), {}};
}

/// Where nothing was answered when it counts. Of a table of one node that is no wonder: if it has
/// crashed, nobody is left by way of whom it could join again.
CheckResult unanswered(const Run& run, std::string_view name, std::string_view function) {
  std::uint32_t up = 0;
  for (std::uint32_t n = 1; n <= run.scenario().servers(); ++n) up += run.world().is_up({n});
  if (up <= 1) {
    return {std::string(name), "history", Verdict::kPass, "at most one node was left to ask", {}};
  }
  return undecided(name, fmt::format("no {} was answered in the second half of the settled time, "
                                     "which is what is judged",
                                     function));
}

}  // namespace

CheckResult check_lookups(const Run& run, std::string_view name,
                          const std::vector<Operation>& operations) {
  const bool stored = name == "stored";
  if (!stored && run.scenario().protocol->owner == nullptr) {
    return undecided(name, "the protocol does not say whose a key is");
  }
  const std::string_view function = stored ? "get" : "lookup";
  const Time since = settled_since(run.scenario());
  const Puts puts = stored ? acknowledged_puts(operations) : Puts{};
  CheckResult check{std::string(name), "history", Verdict::kPass, "", {}};
  bool any = false;
  for (const Operation& op : operations) {
    const bool answered = op.function == function && op.completion == Completion::kOk;
    if (!answered || op.invoked_at < since) continue;
    any = true;
    std::string wrong = stored ? lost_block(op, puts) : wrong_owner(op, run);
    if (wrong.empty()) continue;
    check.verdict = Verdict::kFail;
    check.violations.push_back({std::string(name),
                                op.returned_at,
                                run.world().events(),
                                {op.client},
                                std::move(wrong),
                                stored ? "a block is lost" : "not the owner was found"});
    return check;
  }
  return any ? check : unanswered(run, name, function);
}

}  // namespace seedbed
