// The broadcast trees' entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/plumtree/fault_points.h"
#include "protocols/plumtree/invariants.h"
#include "protocols/plumtree/mutants.h"
#include "sim/chaos/fault.h"

namespace seedbed::plumtree {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{DeliveredOnce::kName, "a node gives a value to its application once",
                  "Leitao, Pereira and Rodrigues, SRDS 2007, section 4"},
    InvariantInfo{PartialViews::kName,
                  "both views are bounded, no node is in both, and none in its own",
                  "Leitao, Pereira and Rodrigues, DSN 2007, section 4"},
};
constexpr std::array<MakeWatch, 1> kWatches = {&make_watch<Peer, DeliveredOnce, PartialViews>};

constexpr std::array kMutants = {
    MutantInfo{"never-grafts", "never asks for what was announced and does not come", "agreement",
               kMake<NeverGrafts>},
    MutantInfo{"prunes-for-good", "announces nothing along pruned links", "agreement",
               kMake<PrunesForGood>},
    MutantInfo{"delivers-again", "delivers a value as often as it comes", DeliveredOnce::kName,
               kMake<DeliversAgain>},
    MutantInfo{"remembers-neighbours", "keeps its neighbours in the passive view, too",
               PartialViews::kName, kMake<RemembersNeighbours>},
};

constexpr std::array kMetrics = {
    MetricInfo{"values_sent", "values that were sent to another node"},
    MetricInfo{"announcements_sent", "announcements along lazy links"},
    MetricInfo{"duplicates", "values that a neighbour sent again, whose link was pruned"},
    MetricInfo{"grafts", "announced values that were asked for"},
    MetricInfo{"failures_suspected", "neighbours that were silent for too long"},
    MetricInfo{"comparisons", "recoveries that compared all, since checksums differed"},
};

/// A node trusts its disk.
constexpr const FaultInfo* kBeyondItsModel[] = {
    &faults::kWipe, &faults::kSyncLies, &faults::kLoseTail, &faults::kBitRot, &faults::kMisdirect};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "plumtree",
    .title = "Plumtree over HyParView: epidemic broadcast trees",
    .paper =
        "Joao Leitao, Jose Pereira, Luis Rodrigues: HyParView: a membership protocol for reliable "
        "gossip-based broadcast (DSN 2007); Epidemic broadcast trees (SRDS 2007)",
    .about =
        "Each node has a few neighbours, and knows some others to replace them with. A value goes "
        "along eager links, whose duplicates are pruned until they are a tree; along the others "
        "goes word of it, by which a broken tree is grafted. Values cannot be taken back.",
    .workload = "broadcast",
    .min_nodes = 2,
    .parameters = kParametersOf<Parameters>,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .make = kMake<Peer>,
};

}  // namespace seedbed::plumtree
