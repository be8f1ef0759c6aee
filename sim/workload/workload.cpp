#include "sim/workload/workload.h"

namespace seedbed {

namespace {

constexpr const Workload* kAll[] = {
    &kBankWorkload,       &kBroadcastWorkload, &kKvWorkload,      &kLookupWorkload,
    &kMembershipWorkload, &kTxnWorkload,       &kWorkflowWorkload};

}  // namespace

std::span<const Workload* const> all_workloads() { return kAll; }

const Workload* find_workload(std::string_view name) {
  for (const Workload* workload : kAll) {
    if (workload->name == name) return workload;
  }
  return nullptr;
}

}  // namespace seedbed
