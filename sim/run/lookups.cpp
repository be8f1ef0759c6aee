#include "sim/run/lookups.h"

#include <fmt/format.h>

#include <algorithm>

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

/// A put of the same block was acknowledged before this get began.
bool was_put(const Operation& get, const std::vector<Operation>& operations) {
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& op) {
    return op.function == "put" && op.completion == Completion::kOk && op.asked == get.asked &&
           op.returned < get.invoked;
  });
}

/// What is wrong with it, or "".
std::string complaint(const Run& run, std::string_view name, const Operation& op,
                      const std::vector<Operation>& operations) {
  const Answer answer = answer_of(op);
  if (name == "stored") {
    if (!op.answered.ends_with(" nil]") || !was_put(op, operations)) return "";
    return fmt::format("nothing was found under key {}, of which the put was acknowledged",
                       answer.key);
  }
  const NodeId owner = run.scenario().protocol->owner(run.world(), answer.key);
  if (owner == answer.owner) return "";
  const std::uint32_t servers = run.scenario().servers();
  return fmt::format("{} was found for key {}, which is {}'s", node_name(answer.owner, servers),
                     answer.key, node_name(owner, servers));
}

}  // namespace

CheckResult check_lookups(const Run& run, std::string_view name,
                          const std::vector<Operation>& operations) {
  const bool stored = name == "stored";
  CheckResult check{std::string(name), "history", Verdict::kPass, "", {}};
  if (!stored && run.scenario().protocol->owner == nullptr) {
    check.verdict = Verdict::kUnknown;
    check.note = "the protocol does not say whose a key is";
    return check;
  }
  const Time since = settled_since(run.scenario());
  for (const Operation& op : operations) {
    const bool concerns = op.function == (stored ? "get" : "lookup");
    if (!concerns || op.completion != Completion::kOk || op.invoked_at < since) continue;
    std::string wrong = complaint(run, name, op, operations);
    if (wrong.empty()) continue;
    check.verdict = Verdict::kFail;
    check.violations.push_back({std::string(name),
                                op.returned_at,
                                run.world().events(),
                                {op.client},
                                std::move(wrong),
                                stored ? "a block is lost" : "not the owner was found"});
    break;
  }
  return check;
}

}  // namespace seedbed
