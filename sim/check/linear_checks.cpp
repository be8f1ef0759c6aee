// Checks of linearizability: a row for each model. Those of registers have other orders, too.
#include <fmt/format.h>

#include <algorithm>

#include "sim/check/check_rows.h"
#include "sim/check/encode.h"
#include "sim/check/orders/orders.h"
#include "sim/check/orders/recorded_orders.h"

namespace seedbed {

namespace {

using history::Recorded;

constexpr std::string_view kLinearizable[] = {"linearizable"};
constexpr std::string_view kRegisterLevels[] = {
    "linearizable",        "sequential",      "causal",
    "causal-convergence",  "weak-causal",     "pram",
    "read-your-writes",    "monotonic-reads", "monotonic-writes",
    "writes-follow-reads", "k-atomic",        "stale"};
constexpr std::string_view kEtcd[] = {"jepsen-edn", "jepsen-json", "etcd-log"};
constexpr std::string_view kJepsen[] = {"jepsen-edn", "jepsen-json"};
constexpr std::string_view kKeyed[] = {"jepsen-edn", "jepsen-json", "kv-log"};

constexpr std::string_view kSource =
    "Herlihy and Wing 1990; Wing and Gong 1993; Lowe 2017; Horn and Kroening 2015";
constexpr std::string_view kRegisterSource =
    "Herlihy and Wing 1990; Lamport 1979 (sequential); Ahamad et al. 1995 and Bouajjani et al. "
    "2017 "
    "(causal: CM, causal-convergence: CCv, weak-causal: CC); Lipton and Sandberg 1988 (pram); "
    "Terry "
    "et al. 1994 (sessions); Aiyer, Alvisi and Bazzi 2005 (k-atomic); Golab, Li and Shah 2011 "
    "(stale)";

/// "2-atomic", "stale:100ms".
bool is_bounded(std::string_view level) { return orders::level_named(level).has_value(); }
bool is_linearizable(const CheckOptions& options) {
  return options.level.empty() || options.level == "linearizable";
}

template <auto encode>
CheckReport judge_with(const CheckInput& input, const CheckOptions& options,
                       std::string_view model) {
  const Recorded recorded = read_history(input);
  return report_of(judge_parts(encode(recorded, options), recorded, options.budget), recorded,
                   model);
}

CheckReport judge_register(const CheckInput& input, const CheckOptions& options) {
  const Recorded recorded = read_history(input);
  if (!is_linearizable(options)) {
    return orders::judge_recorded(recorded, {"register", false, recorded.failures_tell, ""},
                                  options);
  }
  const auto parts = encode_registers(recorded, options, false);
  return report_of(judge_parts(parts, recorded, options.budget), recorded, "register");
}
CheckReport judge_cas_register(const CheckInput& input, const CheckOptions& options) {
  const Recorded recorded = read_history(input);
  if (!is_linearizable(options)) {
    return orders::judge_recorded(recorded, {"cas-register", true, recorded.failures_tell, ""},
                                  options);
  }
  const auto parts = encode_registers(recorded, options, true);
  return report_of(judge_parts(parts, recorded, options.budget), recorded, "cas-register");
}

CheckReport judge_kv(const CheckInput& input, const CheckOptions& options) {
  const Recorded recorded = read_history(input);
  if (!is_linearizable(options)) {
    return orders::judge_recorded(recorded, {"kv", true, true, input.part}, options);
  }
  const KvParts parts = encode_kv(recorded, options, input.part);
  PartsVerdict found = judge_parts(parts.registers, recorded, options.budget);
  if (found.verdict != Verdict::kFail && !parts.texts.empty()) {
    PartsVerdict texts = judge_parts(parts.texts, recorded, options.budget);
    texts.steps += found.steps;
    if (worse(found.verdict, texts.verdict) == texts.verdict) found = std::move(texts);
  }
  return report_of(found, recorded, "kv");
}

constexpr HistoryCheck kChecks[] = {
    {"register",
     "One register: :read, and :write. An ok read of nil says nothing. k-atomic and stale note the "
     "least bound; 2-atomic, stale:100ms and the like ask for one.",
     kRegisterSource, kRegisterLevels, kEtcd, judge_register, is_bounded},
    {"cas-register",
     "One register with :cas [old new]. An ok read of nil says nothing; a failed cas did not "
     "happen. In an etcd-log both are told: the read saw nil, the cas found another value (which "
     "only linearizable makes use of). Bounds as of register: 2-atomic, stale:100ms.",
     kRegisterSource, kRegisterLevels, kEtcd, judge_cas_register, is_bounded},
    {"kv",
     "A register for each :key, with :read, :write and :cas, or :get, :put and :append of texts. "
     "What `seedbed run --history` writes. But for linearizable, without :append. Bounds as of "
     "register: 2-atomic, stale:100ms. Orders weaker than those of real time are over all keys "
     "together.",
     kRegisterSource, kRegisterLevels, kKeyed, judge_kv, is_bounded, /*has_keys=*/true},
    {"multi-register",
     "Several registers, read and written at once: :txn [[:read k v] [:write k v] ...].", kSource,
     kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_multi_register>(i, o, "multi-register");
     }},
    {"unordered-queue", "A queue in no order: :enqueue v, :dequeue v.", kSource, kLinearizable,
     kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_bag>(i, o, "unordered-queue");
     }},
    {"stack", "Last in, first out: :push v, :pop v, or nil where it was found empty.", kSource,
     kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_stack>(i, o, "stack");
     }},
    {"mutex", "A lock that anybody may give back: :acquire, :release.", kSource, kLinearizable,
     kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_mutex>(i, o, "mutex");
     }},
    {"lock", "A lock that only the process which holds it gives back: :acquire, :release.", kSource,
     kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_lock>(i, o, "lock");
     }},
    {"fenced-lock",
     "A lock of processes, whose :acquire returns a token that is higher than all before it.",
     kSource, kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_fenced_lock>(i, o, "fenced-lock");
     }},
    {"log",
     "A log with offsets: :append v, which returns [offset v], and :read [offset v], nil where "
     "nothing is.",
     kSource, kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_log>(i, o, "log");
     }},
    {"id-generator", "Every :generate returns another id.", kSource, kLinearizable, kJepsen,
     [](const CheckInput& i, const CheckOptions& o) {
       return judge_with<encode_ids>(i, o, "id-generator");
     }},
};

}  // namespace

std::span<const HistoryCheck> linear_checks() { return kChecks; }

}  // namespace seedbed
