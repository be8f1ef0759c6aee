// The entry of Viewstamped Replication in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/vr/fault_points.h"
#include "protocols/vr/invariants.h"
#include "protocols/vr/mutants.h"
#include "protocols/vr/replica.h"
#include "sim/chaos/fault.h"
#include "sim/world/leader_timeouts.h"

namespace seedbed::vr {

namespace {

template <class R>
constexpr auto kMake = &make_process<R, Parameters>;

constexpr std::array kRoles = {RoleInfo{"primary", "primaries", "leader", "leaders"},
                               RoleInfo{"backup", "backups", "follower", "followers"},
                               RoleInfo{"view_change", "changing_view"},
                               RoleInfo{kRecovering, ""},
                               RoleInfo{"new", ""},
                               RoleInfo{"observer", "observers"}};

constexpr std::array kInvariants = {
    InvariantInfo{Agreement::kName, "all replicas execute the same operations in the same order",
                  "Liskov and Cowling 2012, section 4"},
    InvariantInfo{ViewChangeSafety::kName,
                  "what was committed is in the log of each later view's primary, where it was",
                  "Liskov and Cowling 2012, section 4.2"},
    InvariantInfo{OneOperationAPlace::kName, "a view gives an op-number to one operation",
                  "Liskov and Cowling 2012, section 4.1"},
    InvariantInfo{ViewsKept::kName,
                  "who has told a new primary what it knows takes no part in older views, also "
                  "after a crash",
                  "Liskov and Cowling 2012, section 4.3; Michael et al. 2017"},
    InvariantInfo{AcknowledgedKept::kName,
                  "what a replica has acknowledged stays in its log until a later view's log "
                  "replaces it",
                  "Liskov and Cowling 2012, sections 4.1 and 4.2"},
    InvariantInfo{CommittedByAMajority::kName,
                  "what is taken for committed a majority has prepared",
                  "Liskov and Cowling 2012, section 4.1"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Replica, Agreement, ViewChangeSafety, OneOperationAPlace, ViewsKept,
                AcknowledgedKept, CommittedByAMajority>};

constexpr std::string_view kSafety = ViewChangeSafety::kName;
constexpr std::string_view kViews = ViewsKept::kName;

constexpr std::array kMutants = {
    MutantInfo{"forgets-view", "recovers into the view of the first primary that answers", kViews,
               kMake<ForgetsView>},
    MutantInfo{"counts-old-lives", "counts votes that replicas sent before they last crashed",
               kViews, kMake<CountsOldLives>},
    MutantInfo{"skips-recovery", "comes back from a crash without asking what it knew", kViews,
               kMake<SkipsRecovery>},
    MutantInfo{"answers-while-recovering", "takes part in view changes before it has recovered",
               kSafety, kMake<AnswersWhileRecovering>},
    MutantInfo{"takes-longest-log", "begins a view with the longest log, from whatever view",
               Agreement::kName, kMake<TakesLongestLog>},
    MutantInfo{"keeps-own-log", "begins a view with its own log", kSafety, kMake<KeepsOwnLog>},
    MutantInfo{"resumes-view", "recovers without the log of its view's primary",
               OneOperationAPlace::kName, kMake<ResumesView>},
    MutantInfo{"prepares-old-views", "prepares what the primary of an older view orders",
               Agreement::kName, kMake<PreparesOldViews>},
    MutantInfo{"truncates-acknowledged",
               "drops what it has not seen committed as soon as it hears "
               "of a later view",
               AcknowledgedKept::kName, kMake<TruncatesAcknowledged>},
    MutantInfo{"commits-early", "takes for committed what one replica too few has prepared",
               CommittedByAMajority::kName, kMake<CommitsEarly>},
};

constexpr std::array kMetrics = {
    MetricInfo{"view_changes", "times a replica left its view for a later one"},
    MetricInfo{"views", "view changes that ended with a new primary"},
    MetricInfo{"recoveries", "replicas that came back, and know again what they knew"},
    MetricInfo{"transfers", "logs that were fetched from another replica"},
    MetricInfo{"checkpoints", "checkpoints taken"},
};

constexpr std::array kWholeLog = {VariantInfo::Setting{"checkpoint_entries", {0, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"whole-log", "no checkpoints: who recovers is sent everything (section 4.3)",
                kWholeLog},
};

std::vector<NodeId> change_view(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> asked;
  for (const NodeId n : who) {
    if (n.value > world.servers() || !world.is_up(n)) continue;
    world.inject(n, {}, ViewChangeTimeout{});
    asked.push_back(n);
  }
  return asked;
}
constexpr std::array kActions = {
    ProtocolAction{"change_view", "Replicas ask for the next view as if the primary were silent.",
                   "Liskov and Cowling 2012, section 4.2", "who asks", &change_view},
};

std::string_view validate(std::span<const Value> values, std::uint32_t /*nodes*/) {
  return complaint(bind_parameters<Parameters>(values));
}

/// As long as it takes to find a view whose primary lives: one fails where messages are lost. That
/// is, if a timeout is long enough for the three messages of a view change at their slowest, and no
/// backup leaves because one heartbeat was slower than the one before.
std::optional<Duration> recovery(std::span<const Value> values, const WorldConfig& world,
                                 bool /*asked*/) {
  const auto parameters = bind_parameters<Parameters>(values);
  // Who lags behind is sent a long log before it leads, a round trip for every max_entries.
  if (parameters.max_entries < 16) return std::nullopt;
  const auto timeout = parameters.view_change_timeout;
  const Duration message = slowest_message(world);
  if (parameters.heartbeat + message >= timeout.min) return std::nullopt;
  if (message * 4 >= timeout.min) return std::nullopt;
  return timeout.max * 20 + world.disk.restart;
}

/// That there was an earlier life is the one thing that a disk is asked to remember. (An empty or a
/// damaged one says nothing, which is no lie.) Swarms stop no more than a minority at once: what
/// more than f replicas knew together is lost, and who asks for it waits for ever.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kSyncLies};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "vr",
    .title = "Viewstamped Replication",
    .paper =
        "Barbara Liskov and James Cowling: Viewstamped Replication Revisited (MIT-CSAIL-TR-2012-"
        "021); Ellis Michael, Dan Ports, Naveen Sharma, Adriana Szekeres: Recovering Shared "
        "Objects Without Stable Storage (DISC 2017)",
    .about =
        "A replicated log in memory: a primary orders operations, which are committed when a "
        "majority has prepared them; views take turns to have one; who crashes asks the others "
        "what it knew, and no more than a minority may have crashed at once.",
    .workload = "kv",
    .min_nodes = 3,
    .max_nodes = ServerSet::kMost,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = kActions,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .validate = validate,
    .recovery = recovery,
    .make = kMake<Replica>,
};

}  // namespace seedbed::vr
