// The description of `workload:`. See reader.h. What a workload has beside what all of them have is
// a function here, and a line of own_fields().
#pragma once

#include "sim/scenario/reader.h"
#include "sim/scenario/workflow_form.h"
#include "sim/workload/workload.h"

namespace seedbed {

/// The whole map: the keys of every workload, and those of its own kind.
struct WorkloadForm {
  void read(const Cursor& at, WorkloadConfig& out) const;
  Shape shape() const;
};
/// The keys that a workload takes, with what they mean.
std::vector<FieldShape> keys_of(const Workload& workload);

/// The name of a workload.
struct WorkloadKindForm {
  void read(const Cursor& at, const Workload*& out) const;
  Shape shape() const;
};

/// What is named is the whole mix: read, write and cas sum up to 100%.
struct MixForm {
  void read(const Cursor& at, KvMix& out) const;
  Shape shape() const;
};

/// `uniform` or `{ zipf: 0.99 }`.
struct DistributionForm {
  void read(const Cursor& at, WorkloadConfig& out) const;
  Shape shape() const;
};

/// How many, or each of them: `[{ at: 1s, client: c1, write: 0, value: 7 }]`.
struct OperationsForm {
  void read(const Cursor& at, WorkloadConfig& out) const;
  Shape shape() const;
};
/// Of listed operations: each is of its workload, has a client, and starts before the end; nothing
/// else is said of what is drawn.
void check_listed(const Cursor& workload, const WorkloadConfig& config, Time end);

inline constexpr Choice<TxnModel> kTxnModels[] = {
    {"list-append", TxnModel::kListAppend, "appends to lists, and reads of whole lists"},
    {"rw-register", TxnModel::kRwRegister, "writes and reads of registers"},
};

template <class F>
void fields(F& f, KvMix& mix) {
  f("read", mix.read, "the share of reads");
  f("write", mix.write, "the share of writes");
  f("cas", mix.cas, "the share of compare-and-sets");
}

template <class F>
void kv_fields(F& f, WorkloadConfig& config) {
  f("mix", config.mix, "what is done with them; together 100% (50% read, 30% write, 20% cas)",
    MixForm{});
}

template <class F>
void bank_fields(F& f, WorkloadConfig& config) {
  f("accounts", config.keys, "how many accounts, spread over the servers (4)",
    IntegerForm{2, 10'000});
  f("balance", config.bank.balance, "what each begins with (100)", IntegerForm{0, 1'000'000'000});
  f("max_transfer", config.bank.most, "a transfer moves 1 to so much (20)",
    IntegerForm{1, 1'000'000'000});
  f("reads", config.bank.reads, "the share of reads of all accounts; the rest transfers (20%)");
}

template <class F>
void lookup_fields(F& f, WorkloadConfig& config) {
  f("puts", config.lookup.puts, "the share of puts, each of a new block (20%)");
  f("gets", config.lookup.gets,
    "of what else is done, the share of gets of own blocks; the rest looks up a key (25%)");
}

template <class F>
void txn_fields(F& f, WorkloadConfig& config) {
  f("model", config.txn.model, "what a key holds (list-append)",
    ChoiceForm<TxnModel>{kTxnModels, "model"});
  f("max_length", config.txn.most, "a transaction has 1 to so many operations (4)",
    IntegerForm{1, 100});
  f("reads", config.txn.reads, "the share of reads among them (50%)");
  f("key_life", config.txn.key_life,
    "another key takes a key's place whenever each client has begun so many transactions (32)",
    IntegerForm{1, 1'000'000});
}

template <class F>
void workflow_fields(F& f, WorkloadConfig& config) {
  f("items", config.keys, "how many items the sagas are about (4)", IntegerForm{1, 1'000'000});
  f("refuse", config.workflow.refuse,
    "the share of sagas of which a step is refused: one that may fail, drawn (10%)");
  f("workflow", config.workflow.workflow,
    "the steps of each saga; left out: an order (create, reserve, authorize, charge, ship, "
    "approve)",
    WorkflowForm{});
}

template <class F>
void membership_fields(F& f, WorkloadConfig& config) {
  f("detected_within", config.membership.detected_within,
    "so long after a crash nobody may see who is down; left out: at the end of the run");
}

template <class F>
void broadcast_fields(F& f, WorkloadConfig& config) {
  f("reads", config.broadcast.reads, "the share of reads of what a server has delivered (5%)");
  f("retracts", config.broadcast.retracts,
    "the share of values taken back, of those that the client had acknowledged (0%)");
}

/// The keys of `kind`; of all kinds where it is null.
template <class F>
void own_fields(F& f, WorkloadConfig& config, const Workload* kind) {
  const auto is = [kind](const Workload& w) { return kind == nullptr || kind == &w; };
  if (is(kKvWorkload) || is(kTxnWorkload) || is(kLookupWorkload)) {
    f("keys", config.keys, "how many keys (4)", IntegerForm{1, 1'000'000});
    f("distribution", config, "which keys are asked for (uniform)", DistributionForm{});
  }
  if (is(kKvWorkload)) kv_fields(f, config);
  if (kind == &kBankWorkload) bank_fields(f, config);
  if (kind == &kBroadcastWorkload) broadcast_fields(f, config);
  if (kind == &kTxnWorkload) txn_fields(f, config);
  if (kind == nullptr) {
    bank_fields(f, config);
    txn_fields(f, config);
    broadcast_fields(f, config);
  }
  if (is(kLookupWorkload)) lookup_fields(f, config);
  if (is(kMembershipWorkload)) membership_fields(f, config);
  if (is(kWorkflowWorkload)) workflow_fields(f, config);
}

template <class F>
void workload_fields(F& f, WorkloadConfig& config, const Workload* kind) {
  f("clients", config.clients, "how many clients, each on a node of its own: c1, c2, ... (8)",
    IntegerForm{1, 1'000'000});
  f("rate", config.rate_millihertz,
    "operations of all clients together, each on time whatever the answers do (Poisson); without "
    "it each client waits for its answer",
    RateForm{});
  f("think", config.think, "without a rate: the pause after each answer (0s)");
  own_fields(f, config, kind);
  f("operations", config, "stop after so many; or a list of them, and nothing is drawn",
    OperationsForm{});
  f("timeout", config.timeout, "after so long without an answer nobody knows (1s)",
    DurationForm{1_ns});
}

}  // namespace seedbed
