// The description of `workload:`. See reader.h.
#pragma once

#include "sim/scenario/reader.h"
#include "sim/workload/kv_config.h"

namespace seedbed {

enum class WorkloadKind : std::uint8_t { kKv, kOther };
inline constexpr Choice<WorkloadKind> kWorkloads[] = {
    {"kv", WorkloadKind::kKv, "reads, writes and compare-and-sets of a few keys"},
    {"echo", WorkloadKind::kOther, "a request and its echo", true},
    {"register", WorkloadKind::kOther, "kv with one key", true},
    {"set", WorkloadKind::kOther, "adds elements and reads them all", true},
    {"counter", WorkloadKind::kOther, "increments and reads", true},
    {"unique-ids", WorkloadKind::kOther, "asks for ids", true},
    {"log", WorkloadKind::kOther, "appends, polls and commits offsets", true},
    {"txn", WorkloadKind::kOther, "transactions over lists and registers", true},
    {"bank", WorkloadKind::kOther, "transfers between accounts", true},
    {"lock", WorkloadKind::kOther, "acquires and releases", true},
    {"queue", WorkloadKind::kOther, "enqueues and dequeues", true},
    {"broadcast", WorkloadKind::kOther, "sends to everybody", true},
    {"lookup", WorkloadKind::kOther, "asks who holds a key", true},
    {"membership", WorkloadKind::kOther, "joins and leaves", true},
    {"workflow", WorkloadKind::kOther, "steps that depend on each other", true},
};

/// The checks that judge what the clients of a kv workload saw. All but the first only if listed.
inline constexpr std::string_view kKvChecks[] = {"linearizable",     "sequential",
                                                 "causal",           "causal-convergence",
                                                 "weak-causal",      "pram",
                                                 "read-your-writes", "monotonic-reads",
                                                 "monotonic-writes", "writes-follow-reads"};

struct WorkloadDraft {
  WorkloadKind kind = WorkloadKind::kKv;
  KvConfig kv;
};

/// What is named is the whole mix: read, write and cas sum up to 100%.
struct MixForm {
  void read(const Cursor& at, KvMix& out) const;
  Shape shape() const;
};

/// `uniform` or `{ zipf: 0.99 }`.
struct DistributionForm {
  void read(const Cursor& at, KvConfig& out) const;
  Shape shape() const;
};

/// How many, or each of them: `[{ at: 1s, client: c1, write: 0, value: 7 }]`.
struct OperationsForm {
  void read(const Cursor& at, KvConfig& out) const;
  Shape shape() const;
};
/// Of listed operations: each has a client, and starts before the end; nothing else is said of
/// what is drawn.
void check_listed(const Cursor& workload, const KvConfig& kv, Time end);

template <class F>
void fields(F& f, KvMix& mix) {
  f("read", mix.read, "the share of reads");
  f("write", mix.write, "the share of writes");
  f("cas", mix.cas, "the share of compare-and-sets");
}

template <class F>
void fields(F& f, WorkloadDraft& draft) {
  KvConfig& kv = draft.kv;
  f("kind", draft.kind, "what the clients ask for",
    ChoiceForm<WorkloadKind>{kWorkloads, "workload"}, Need::kRequired);
  f("clients", kv.clients, "how many clients: c1, c2, ...", IntegerForm{1, 1'000'000});
  f("rate", kv.rate_millihertz,
    "operations of all clients together, each on time whatever the answers do; without it each "
    "client waits for its answer",
    RateForm{});
  f("think", kv.think, "without a rate: the pause after each answer");
  f("keys", kv.keys, "how many keys", IntegerForm{1, 1'000'000});
  f("distribution", kv, "which keys are asked for", DistributionForm{});
  f("mix", kv.mix, "what is done with them; together 100%", MixForm{});
  f("operations", kv, "stop after so many; or a list of them, and nothing is drawn",
    OperationsForm{});
  f("timeout", kv.timeout, "after so long without an answer nobody knows", DurationForm{1_ns});
}

}  // namespace seedbed
