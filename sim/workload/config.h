// Who asks for what: what a scenario's `workload:` says. The first half is every workload's; then
// each has what is its own.
//
//   WorkloadConfig config{.clients = 4, .rate_millihertz = 100'000};
//   config.kind = find_workload("bank");       // workload.h; the default is kv
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"

namespace seedbed {

namespace workflow {
class Workflow;
}

struct Workload;
extern const Workload kKvWorkload;

enum class KeyDistribution : std::uint8_t { kUniform, kZipf };

/// One operation written down: nothing about it is drawn.
struct ListedOperation {
  Time at;                   // starts then, whatever came of the others
  std::uint32_t client = 0;  // counts from 0
  kv::Command command;
  std::string_view function = {};  // of another service than kv: one of the workload's functions,
  std::string value = {};          // and its value, as the history tells them
  /// Starts a saga: `command` has its item, its amount, and as what is expected the step that will
  /// be refused (kNil: none).
  bool starts_saga = false;
  bool operator==(const ListedOperation&) const = default;
};

struct KvMix {
  Probability read = Probability::percent(50);
  Probability write = Probability::percent(30);
  Probability cas = Probability::percent(20);
};

/// Transfers of 1 to `most` between two of `keys` accounts, which begin with `balance` each.
struct BankConfig {
  std::int64_t balance = 100;
  std::int64_t most = 20;
  Probability reads = Probability::percent(20);  // of all accounts
};

enum class TxnModel : std::uint8_t { kListAppend, kRwRegister };

/// Transactions of 1 to `most` operations. A key is retired, and a new one takes its place, when
/// each client has begun `key_life` transactions since the last time, so that lists stay short.
struct TxnConfig {
  TxnModel model = TxnModel::kListAppend;
  std::uint32_t most = 4;
  Probability reads = Probability::percent(50);
  std::uint32_t key_life = 32;
};

/// The rest looks up one of the keys. A client that has put nothing yet gets nothing, but looks up.
struct LookupConfig {
  Probability puts = Probability::percent(20);  // of blocks of its own
  Probability gets = Probability::percent(25);  // of what else it does: of blocks that it has put
};

/// Sagas, each about one of the items, for which the keys are.
struct WorkflowConfig {
  Probability refuse = Probability::percent(10);       // of those that may fail a step is refused
  std::shared_ptr<const workflow::Workflow> workflow;  // null: workflow::order_workflow()
};

/// Questions who is up.
struct MembershipConfig {
  std::optional<Duration> detected_within;  // of a crash; none: for who stays down, by the end
};

/// Values that are handed to servers; what is neither read nor taken back is a new one.
struct BroadcastConfig {
  Probability reads = Probability::percent(5);  // of what one server has delivered
  Probability retracts;                         // of a value that the client had acknowledged
};

struct WorkloadConfig {
  std::uint32_t clients = 8;
  /// Open loop: operations a second over all clients, in thousandths; each starts on time whatever
  /// the answers do. Without it the loop is closed.
  std::optional<std::uint64_t> rate_millihertz;
  Duration think;  // closed loop: the pause after each answer
  std::uint32_t keys = 4;
  KeyDistribution distribution = KeyDistribution::kUniform;
  std::uint32_t zipf_permille = 990;  // the exponent s, in thousandths
  KvMix mix;
  std::optional<std::uint64_t> operations;  // stop after so many
  Duration timeout = 1'000_ms;              // after which nobody knows
  /// These and no others, if there are any; then nothing above but `clients` and `timeout` counts.
  std::vector<ListedOperation> listed;

  const Workload* kind = &kKvWorkload;
  BankConfig bank;
  LookupConfig lookup;
  TxnConfig txn;
  WorkflowConfig workflow;
  MembershipConfig membership;
  BroadcastConfig broadcast;
};

}  // namespace seedbed
