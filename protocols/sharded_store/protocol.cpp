// The entry of the sharded store in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/sharded_store/fault_points.h"
#include "protocols/sharded_store/invariants.h"
#include "protocols/sharded_store/measures.h"
#include "protocols/sharded_store/mutants.h"
#include "protocols/sharded_store/server.h"
#include "sim/chaos/fault.h"

namespace seedbed::sharded_store {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {
    RoleInfo{"coordinator", "coordinators", "leader", "leaders"},
    RoleInfo{"member", "members", "follower", "followers"},
    RoleInfo{"newcomer", "newcomers"},
    RoleInfo{"outsider", "outsiders"},
};

constexpr std::string_view kSource = "Corbett et al. 2012, Spanner, section 2.2 (movedir)";

constexpr std::array kInvariants = {
    InvariantInfo{OneConfiguration::kName, "an epoch names one configuration", kSource},
    InvariantInfo{OneOwner::kName,
                  "at most one server answers for a shard, and nobody is given one that it has",
                  kSource},
    InvariantInfo{MovedWhole::kName,
                  "a shard is taken as it was given: its values, and which requests were executed",
                  kSource},
    InvariantInfo{ShardKept::kName, "nobody forgets a shard before somebody else has it", kSource},
    InvariantInfo{Settled::kName,
                  "in the end each shard is where the last configuration wants it, unless somebody "
                  "is down",
                  kSource, true},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Server, OneConfiguration, OneOwner, MovedWhole, ShardKept, Settled>};

constexpr std::array kMutants = {
    MutantInfo{"answers-while-giving", "answers for a shard that it is giving away",
               OneOwner::kName, kMake<AnswersWhileGiving>},
    MutantInfo{"forgets-giving", "comes back from a crash without knowing what it was giving away",
               OneOwner::kName, kMake<ForgetsGiving>},
    MutantInfo{"takes-late-moves", "takes a shard again when its Move comes late", OneOwner::kName,
               kMake<TakesLateMoves>},
    MutantInfo{"forgets-a-key", "moves a shard without one of its values", MovedWhole::kName,
               kMake<ForgetsAKey>},
    MutantInfo{"moves-no-sessions", "moves a shard without what it knows of clients",
               MovedWhole::kName, kMake<MovesNoSessions>},
    MutantInfo{"forgets-before-answer", "forgets a shard as soon as it has sent it",
               ShardKept::kName, kMake<ForgetsBeforeAnswer>},
    MutantInfo{"moves-once", "sends a Move once, and waits for the answer for ever", Settled::kName,
               kMake<MovesOnce>},
    MutantInfo{"acknowledges-early", "answers before the disk has what it tells of", "linearizable",
               kMake<AcknowledgesEarly>},
    MutantInfo{"forgets-epoch", "keeps the configuration in memory only", OneConfiguration::kName,
               kMake<ForgetsEpoch>},
};

constexpr std::array kMetrics = {
    MetricInfo{"changes", "changes of the members"},
    MetricInfo{"changes_refused", "changes that would have changed nothing, or left nobody"},
    MetricInfo{"moves", "shards that began to change hands"},
    MetricInfo{"redirects", "requests that came to a server without the shard"},
};

constexpr Value setting(Placement placement) { return {static_cast<std::int64_t>(placement), 0}; }
constexpr std::array kJump = {VariantInfo::Setting{"placement", setting(Placement::kJump)}};
constexpr std::array kRendezvous = {
    VariantInfo::Setting{"placement", setting(Placement::kRendezvous)}};
constexpr std::array kBounded = {VariantInfo::Setting{"placement", setting(Placement::kBounded)}};
constexpr std::array kVariants = {
    VariantInfo{"jump", "jump hash over the members by rising id (Lamping and Veach 2014)", kJump},
    VariantInfo{"rendezvous", "the member with the highest weight (Thaler and Ravishankar 1996)",
                kRendezvous},
    VariantInfo{"bounded",
                "a hash ring on which nobody has much more than the mean (Mirrokni, Thorup, "
                "Zadimoghaddam 2016)",
                kBounded},
};

template <ChangeKind Kind>
std::vector<NodeId> change_members(World& world, const std::vector<NodeId>& who) {
  ChangeMembers change{Kind, {}};
  for (const NodeId n : who) {
    if (n.value <= world.servers()) change.servers.push_back(n.value);
  }
  std::sort(change.servers.begin(), change.servers.end());
  if (change.servers.empty() || !world.is_up(kCoordinator)) return {};
  world.inject(kCoordinator, {}, std::move(change));
  return {kCoordinator};
}

constexpr std::array kActions = {
    ProtocolAction{"add_server", "The coordinator is asked to make servers members.", kSource,
                   "who gets shards", &change_members<ChangeKind::kAdd>},
    ProtocolAction{"remove_server",
                   "The coordinator is asked to take servers out of the members; they give away "
                   "what they hold, and may leave then.",
                   kSource, "who gives its shards away", &change_members<ChangeKind::kRemove>},
};

constexpr std::array kMeasures = {
    MeasureInfo{
        "share_error", "the standard error of the shares of the hash ring that the members own",
        "Lamping and Veach 2014, section 4", MeasureKind::kNumber, &make_measure<ShareError>},
    MeasureInfo{"moved_share", "the share of the shards that the first change of the members moves",
                "Lamping and Veach 2014, section 2", MeasureKind::kNumber,
                &make_measure<MovedShare>},
};

/// A server cannot know that its disk is a new one, or that a sync lied.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "sharded_store",
    .title = "A sharded store with rebalancing",
    .paper =
        "Karger et al. 1997; Thaler and Ravishankar 1996; Lamping and Veach 2014; Mirrokni, "
        "Thorup, Zadimoghaddam 2016 (placement); Corbett et al. 2012 (moves)",
    .about =
        "Keys lie in shards, which consistent hashing places on the members. Members come and go, "
        "and shards move. A shard is kept once: while its owner is down, it waits.",
    .workload = "kv",
    .min_nodes = 1,
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
    .measures = kMeasures,
    .make = kMake<Server>,
};

}  // namespace seedbed::sharded_store
