// A workload is a row: its name, the service that a protocol must offer for it, what its clients do
// and who judges what they saw. YAML, schema, `list`, `explain` and the judge of a run read the
// row. How to add one: a client process, a row in the .cpp beside it, a line in all_workloads(),
// and the fields of its configuration (sim/scenario/workload_fields.h).
//
//   const Workload* w = find_workload("bank");
//   world.add_node({w->client(plan, 0)});
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/workload/config.h"
#include "sim/world/process.h"

namespace seedbed {

struct ClientPlan;

/// A check of the whole history at the end of a run.
struct WorkloadCheck {
  std::string_view name;  // as `check:` lists it
  std::string_view about;
  std::string_view source;
  std::string_view level;  // of the history check (Workload::judged_as); "": its first
  bool only_if_listed = false;
  /// The level where it depends on the scenario; "": the check is left out. At `settled` all faults
  /// have healed, and half of the time to settle is over.
  std::string (*level_of)(const WorkloadConfig& config, Time settled) = nullptr;
};

struct Workload {
  std::string_view name;
  std::string_view about;
  std::string_view service;                     // Protocol::workload of those that can serve it
  std::span<const std::string_view> functions;  // what the history calls its operations
  std::span<const std::string_view> replies;    // the messages that clients are sent
  std::span<const WorkloadCheck> checks;
  bool listable = false;  // its operations can be written down one by one
  /// Its keys in a scenario that say what there is; all others but `clients` and `timeout` say what
  /// is drawn, and mean nothing where the operations are listed.
  std::span<const std::string_view> lasting_keys;
  /// The process of client `number`, from 0.
  std::shared_ptr<const ProcessBase> (*client)(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) = nullptr;
  /// Of a service of texts: an example of each function's value, as it may be listed, and what is
  /// wrong with one, or "".
  std::span<const std::string_view> examples;
  std::string (*complaint)(const WorkloadConfig& config, std::string_view function,
                           std::string_view value) = nullptr;
  /// The check of recorded histories (`seedbed list checks`) that judges what a run would write as
  /// its history; null: the key-value history is judged as it is.
  std::string_view (*judged_as)(const WorkloadConfig& config) = nullptr;
  /// Its checks ask the run whose a key is (sim/run/lookups.h).
  bool of_keys = false;
  /// Its history tells which servers boot and stop: :join n, :crash n.
  bool of_members = false;
  /// What that check is told of the beginning (--init), as EDN; null: nothing.
  std::string (*initial)(const WorkloadConfig& config) = nullptr;
};

extern const Workload kBankWorkload;
extern const Workload kBroadcastWorkload;
extern const Workload kLookupWorkload;
extern const Workload kMembershipWorkload;
extern const Workload kTxnWorkload;
extern const Workload kWorkflowWorkload;

/// Sorted by name.
std::span<const Workload* const> all_workloads();
/// Null where there is no such workload.
const Workload* find_workload(std::string_view name);

}  // namespace seedbed
