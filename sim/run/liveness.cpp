#include "sim/run/liveness.h"

#include <algorithm>
#include <set>

#include "sim/base/text.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kEnoughOnLossyNetworks = 10;

std::string entries_without_effect(const Run& run) {
  const ChaosPlan& plan = run.scenario().chaos;
  std::string text;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (!run.chaos().took_effect(i)) text += (text.empty() ? "" : "; ") + plan[i].text;
  }
  return text;
}

struct Silence {
  Time from;
  Duration length;
};

/// The longest time between `from` and the end of the workload in which somebody waited all along,
/// and nothing was acknowledged. Where nobody asks, nobody is kept waiting.
Silence longest_silence(const Run& run, const std::vector<Operation>& operations, Time from) {
  const Time end = Time{} + run.scenario().duration;
  struct Change {
    Time at;
    int waiting;  // one more, or one less
    bool heard;
    auto operator<=>(const Change&) const = default;
  };
  std::vector<Change> changes;
  for (const Operation& op : operations) {
    if (op.invoked_at >= end || op.returned_at <= from) continue;
    const Time returned = std::min(op.returned_at, end);
    changes.push_back({std::max(op.invoked_at, from), 1, false});
    changes.push_back({returned, -1, op.completion == Completion::kOk && returned < end});
  }
  // Who asks at the very time at which another one gives up waits on.
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::pair(a.at, -a.waiting) < std::pair(b.at, -b.waiting);
  });
  Silence longest{from, {}};
  Time since = from;
  int waiting = 0;
  for (const Change& change : changes) {
    if (waiting == 0) since = change.at;
    waiting += change.waiting;
    const bool over = change.heard || waiting == 0;
    if (over && change.at - since > longest.length) longest = {since, change.at - since};
    if (change.heard) since = change.at;
  }
  return longest;
}

bool is_for_ever(const FaultRecord& fault) {
  return fault.info == &faults::kKill || fault.info == &faults::kLeave;
}

/// A fault that nothing has ended but the end of the run ended there.
Time end_of_faults(const Run& run) {
  const Time healed = Time{} + run.scenario().duration;
  Time last;
  for (const FaultRecord& fault : run.chaos().records()) {
    if (fault.on.empty()) continue;
    last = std::max(last,
                    is_for_ever(fault) ? healed : std::min(fault.until.value_or(fault.at), healed));
  }
  return last;
}

/// A disk that it damaged may keep a server from ever starting again.
bool is_damage(const FaultRecord& fault) {
  return fault.info == &faults::kBitRot || fault.info == &faults::kMisdirect;
}

/// Of the servers that were there at the beginning, with what they had written.
bool majority_lives(const Run& run) {
  const std::uint32_t servers = run.world().initial_servers();
  std::set<NodeId> killed;
  for (const FaultRecord& fault : run.chaos().records()) {
    for (const NodeId n : fault.on) {
      const bool lost = is_for_ever(fault) || fault.info == &faults::kLoseTail ||
                        (is_damage(fault) && !run.world().is_up(n));
      if (lost) killed.insert(n);
    }
  }
  killed.erase(killed.upper_bound(NodeId{servers}), killed.end());
  return killed.size() < (servers + 1) / 2;
}

/// It happened, or did not because the value was another one. (A kv client says of a read that
/// nobody answered that it failed; one of another service, that nobody knows.)
bool is_answered(const Operation& op) {
  const bool told = !op.asked.empty() || op.command.function == kv::Function::kCas;
  return op.completion == Completion::kOk || (op.completion == Completion::kFail && told);
}

/// "read of key 3".
std::string text_of(const Operation& op) {
  return op.asked.empty() ? fmt::format("{} of key {}", op.function, op.command.key)
                          : std::string(op.function);
}

}  // namespace

CheckResult check_progress(const Run& run, const std::vector<Operation>& operations) {
  const Scenario& scenario = run.scenario();
  CheckResult check{"progress", "run", Verdict::kPass, "", {}};
  const auto fail = [&](Time at, std::string shape, std::string message) {
    check.verdict = Verdict::kFail;
    check.violations.push_back(
        {"progress", at, run.world().events(), {}, std::move(message), std::move(shape)});
  };
  if (scenario.workload && run.world().history().count(Completion::kOk) == 0) {
    fail(
        run.world().now(), "nothing was acknowledged",
        fmt::format("none of {} operations was acknowledged", run.world().history().invocations()));
  } else if (scenario.workload && scenario.steady) {
    const auto [within, from] = *scenario.steady;
    const Silence silence = longest_silence(run, operations, Time{} + from);
    if (silence.length > within) {
      fail(silence.from + within, "the service fell silent",
           fmt::format("no operation was acknowledged for {} from {} on, and {} is the most",
                       to_text(silence.length), to_text(silence.from), to_text(within)));
    }
  }
  if (const std::string idle = entries_without_effect(run); !idle.empty()) {
    fail(run.world().now(), "a fault hit nobody", "these faults took effect on nobody: " + idle);
  }
  return check;
}

std::optional<CheckResult> check_recovery(const Run& run,
                                          const std::vector<Operation>& operations) {
  const Scenario& scenario = run.scenario();
  if (!scenario.workload || scenario.protocol->recovery == nullptr || !majority_lives(run)) {
    return std::nullopt;
  }
  const auto& faults = run.chaos().records();
  const bool asked = std::any_of(faults.begin(), faults.end(), [](const FaultRecord& fault) {
    return fault.info == &faults::kAction && !fault.on.empty();
  });
  const auto promise = scenario.protocol->recovery(scenario.parameters, scenario.world, asked);
  if (!promise) return std::nullopt;
  const Duration bound = *promise;
  const Time calm = end_of_faults(run);
  // What the end of the run cut short says nothing.
  const Time last = run.world().now() - scenario.workload->timeout;
  // On a lossy network any one operation may run out of attempts, and so may all of a few.
  const NetworkConfig& network = scenario.world.network;
  const bool lossy =
      network.loss || network.corrupt || !network.links.empty() || network.decisions != nullptr;
  const std::uint64_t enough = lossy ? kEnoughOnLossyNetworks : 1;
  std::uint64_t judged = 0;
  bool answered = false;
  std::uint64_t unanswered = 0;
  const Operation* first = nullptr;
  for (const Operation& op : operations) {
    if (op.invoked_at - calm <= bound || op.invoked_at > last) continue;
    ++judged;
    answered |= is_answered(op);
    if (is_answered(op)) continue;
    if (++unanswered == 1) first = &op;
  }
  if (judged < enough) return std::nullopt;
  CheckResult check{"recovery", "run", Verdict::kPass, "", {}};
  if (first == nullptr || (lossy && answered)) return check;
  check.verdict = Verdict::kFail;
  check.violations.push_back(
      {"recovery",
       std::min(first->returned_at, run.world().now()),
       run.world().events(),
       {first->client},
       fmt::format("all faults had ended at {} and the service had {} to come back; the {} that "
                   "{} began at {} was not answered{}",
                   to_text(calm), to_text(bound), text_of(*first),
                   node_name(first->client, run.world().servers()), to_text(first->invoked_at),
                   unanswered == 1 ? "" : fmt::format(", nor were {} others", unanswered - 1)),
       "the service did not come back"});
  return check;
}

}  // namespace seedbed
