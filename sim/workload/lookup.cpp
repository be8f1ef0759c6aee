// The workload `lookup`: clients of a distributed hash table look up keys, put blocks and get them.
#include <fmt/format.h>

#include "sim/workload/lookup_client.h"
#include "sim/workload/words.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const LookupClient>(std::move(plan), number);
}

constexpr std::string_view kFunctions[] = {"lookup", "put", "get"};
constexpr std::string_view kExamples[] = {"17", "17", "17"};
constexpr std::string_view kReplies[] = {lookup::Reply::kName};
constexpr WorkloadCheck kChecks[] = {
    {"lookup",
     "When the faults are over and the run has settled, whoever is found for a key is its true "
     "owner. Judged at the end.",
     "Stoica et al. 2003, Chord, section IV.E; Maymounkov and Mazieres 2002, Kademlia, section 3",
     ""},
    {"stored",
     "A block whose put was acknowledged is found when the run has settled. For scenarios that "
     "lose no more nodes at once than there are replicas. Judged at the end.",
     "Dabek et al. 2001, Wide-area cooperative storage with CFS, section 4.2", "", true},
};

std::string complaint(const WorkloadConfig&, std::string_view function, std::string_view value) {
  Words words(value);
  const auto key = words.number();
  if (key && *key >= 0 && words.at_end()) return "";
  return fmt::format("a {} wants a key, an integer from 0", function);
}

}  // namespace

constinit const Workload kLookupWorkload = {
    .name = "lookup",
    .about =
        "Clients ask a distributed hash table who has a key, put blocks that never change, and get "
        "them back.",
    .service = "lookup",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = kChecks,
    .listable = true,
    .client = make_client,
    .examples = kExamples,
    .complaint = complaint,
    .of_keys = true,
};

}  // namespace seedbed
