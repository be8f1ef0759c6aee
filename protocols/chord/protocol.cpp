// The entry of Chord in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/chord/invariants.h"
#include "protocols/chord/measures.h"
#include "protocols/chord/mutants.h"
#include "protocols/chord/node.h"
#include "sim/chaos/fault.h"

namespace seedbed::chord {

namespace {

template <class N>
constexpr auto kMake = &make_process<N, Parameters>;

constexpr std::array kRoles = {RoleInfo{"joining", ""}};  // members are all others

constexpr std::string_view kZave = "Zave 2012; Zave 2017, section 4";
constexpr std::array kInvariants = {
    InvariantInfo{AtLeastOneRing::kName, "some members form a ring by their best successors",
                  kZave},
    InvariantInfo{AtMostOneRing::kName, "and they form no second one", kZave},
    InvariantInfo{OrderedRing::kName, "it goes once around the circle of identifiers", kZave},
    InvariantInfo{ConnectedAppendages::kName, "from every other member successors lead to it",
                  kZave},
    InvariantInfo{IdealRing::kName,
                  "left alone, every node that is up comes to stand on it, between its true "
                  "neighbours",
                  "Stoica et al. 2003, Theorem IV.3; Zave 2017, section 6", true},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Node, AtLeastOneRing, AtMostOneRing, OrderedRing, ConnectedAppendages, IdealRing>};

constexpr std::array kMutants = {
    MutantInfo{"finger-as-owner", "takes the finger that follows a key for its owner", "lookup",
               kMake<FingerAsOwner>},
    MutantInfo{"keeps-the-dead", "never repairs its successor list", AtLeastOneRing::kName,
               kMake<KeepsTheDead>},
    MutantInfo{"gives-up-the-base", "takes also members of the base for dead", AtMostOneRing::kName,
               kMake<GivesUpTheBase>},
    MutantInfo{"goes-alone", "is a ring of its own when it has lost all its successors",
               AtMostOneRing::kName, kMake<GoesAlone>},
    MutantInfo{"takes-any-candidate",
               "takes its successor's predecessor for its successor, wherever that lies",
               OrderedRing::kName, kMake<TakesAnyCandidate>},
    MutantInfo{"joins-unasked",
               "is a member as soon as it has heard of somebody, and waits for that one",
               ConnectedAppendages::kName, kMake<JoinsUnasked>},
    MutantInfo{"never-notifies", "never tells its successor of itself", IdealRing::kName,
               kMake<NeverNotifies>},
    MutantInfo{"keeps-dead-predecessor", "never gives up a dead predecessor", IdealRing::kName,
               kMake<KeepsDeadPredecessor>},
    MutantInfo{"keeps-one-copy", "keeps the only copy of a block", "stored", kMake<KeepsOneCopy>},
};

constexpr std::array kMetrics = {
    MetricInfo{"lookups", "lookups that found an owner"},
    MetricInfo{"hops", "nodes that they went to, the owner included"},
    MetricInfo{"timeouts", "nodes that they waited for in vain"},
    MetricInfo{"lost_lookups", "lookups that nodes made by themselves, and that found nobody"},
};

constexpr std::string_view kFigures = "Stoica et al. 2003, section VI";
constexpr std::array kMeasures = {
    MeasureInfo{.name = "path_length",
                .about = "hops of a lookup, the last one to the owner included",
                .source = kFigures,
                .kind = MeasureKind::kNumber,
                .make = &make_measure<PathLength>},
    MeasureInfo{.name = "lookup_timeouts",
                .about = "nodes that a lookup waits for in vain",
                .source = kFigures,
                .kind = MeasureKind::kNumber,
                .make = &make_measure<Timeouts>},
    MeasureInfo{.name = "wrong_lookups",
                .about = "the share of lookups that find not the key's successor, or nobody",
                .source = kFigures,
                .kind = MeasureKind::kNumber,
                .make = &make_measure<WrongLookups>},
    MeasureInfo{.name = "load_p1",
                .about = "keys of the machine at the 1st percentile, of 10^6, to the mean",
                .source = kFigures,
                .kind = MeasureKind::kNumber,
                .make = &make_measure<Load<10>>},
    MeasureInfo{.name = "load_p99",
                .about = "keys of the machine at the 99th percentile, of 10^6, to the mean",
                .source = kFigures,
                .kind = MeasureKind::kNumber,
                .make = &make_measure<Load<990>>},
};

constexpr std::array kCorrected = {VariantInfo::Setting{"corrected", {1, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"zave",
                "the corrected ring maintenance: a stable base of r + 1, and lists that are only "
                "taken over whole from who is there (Zave 2017)",
                kCorrected},
};

template <class Timer>
std::vector<NodeId> tell(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> told;
  for (const NodeId n : who) {
    if (n.value > world.servers() || !world.is_up(n)) continue;
    world.inject(n, {}, Timer{});
    told.push_back(n);
  }
  return told;
}
constexpr std::array kActions = {
    ProtocolAction{"stabilize", "Nodes ask their successors for their predecessors, now.",
                   "Stoica et al. 2003, Figure 6", "who asks", &tell<StabilizeNow>},
    ProtocolAction{"notify", "Nodes tell their successors that they might be their predecessors.",
                   "Stoica et al. 2003, Figure 6", "who tells", &tell<NotifyNow>},
};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  const auto p = bind_parameters<Parameters>(values);
  const std::uint32_t founders = p.founders == 0 ? nodes : p.founders;
  if (p.founders > nodes) return "there are fewer nodes than founders";
  if (p.corrected && founders < p.successors + 1) {
    return "the corrected ring has a stable base of one node more than a successor list is long, "
           "all of them founders";
  }
  return "";
}

void deploy(ProcessBase& process, const Deployment& deployment) {
  Node& node = static_cast<Node&>(process);
  const Parameters parameters = node.parameters();
  const std::uint32_t founders = parameters.founders == 0 ? deployment.nodes : parameters.founders;
  node.share(std::make_shared<const FoundedRing>(parameters, deployment.seed, founders,
                                                 deployment.servers));
}

/// The first member at or after the key.
NodeId owner(const World& world, std::uint64_t key) {
  const Picture picture = picture_of(Servers<Node>(world));
  if (picture.members.empty()) return {};
  const Id id = picture.members.front()->circle().hash(key);
  for (const Node* member : picture.members) {
    if (member->id() >= id) return member->self();
  }
  return picture.members.front()->self();
}

/// Zave's base is permanent. Who else leaves, or is killed, is for scenarios to say.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kKill, &faults::kLeave};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "chord",
    .title = "Chord",
    .paper =
        "Ion Stoica, Robert Morris, David Liben-Nowell, David Karger, Frans Kaashoek, Frank Dabek, "
        "Hari Balakrishnan: Chord (IEEE/ACM ToN 11(1), 2003); Pamela Zave: Reasoning About "
        "Identifier Spaces: How to Make Chord Correct (IEEE TSE 43(12), 2017)",
    .about =
        "A ring of nodes by hashed identifiers, each with a list of its successors and fingers to "
        "far nodes, finds the successor of any key in half of log2 N hops. The original's "
        "maintenance of the ring can break it; the variant zave corrects that.",
    .workload = "lookup",
    .min_nodes = 1,
    .max_nodes = 0,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = kActions,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .measures = kMeasures,
    .validate = validate,
    .make = kMake<Node>,
    .deploy = deploy,
    .owner = owner,
};

}  // namespace seedbed::chord
