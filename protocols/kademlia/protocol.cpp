// The entry of Kademlia in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/kademlia/fault_points.h"
#include "protocols/kademlia/invariants.h"
#include "protocols/kademlia/mutants.h"
#include "protocols/kademlia/node.h"

namespace seedbed::kademlia {

namespace {

template <class N>
constexpr auto kMake = &make_process<N, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{RightBucket::kName, "each contact is in the bucket of its distance",
                  "Maymounkov and Mazieres 2002, section 2.2"},
    InvariantInfo{LeastRecentFirst::kName,
                  "a bucket has k contacts at the most, the least recently seen first",
                  "Maymounkov and Mazieres 2002, section 2.2"},
    InvariantInfo{EvictedIfSilent::kName, "nobody is evicted who was not silent",
                  "Maymounkov and Mazieres 2002, section 2.2"},
    InvariantInfo{
        ClosestFirst::kName,
        "a lookup finds the k closest of those that it has heard of, and all have answered",
        "Maymounkov and Mazieres 2002, section 2.3"},
    InvariantInfo{Findable::kName,
                  "in the end a block that anybody has is at one of the k nodes closest to it",
                  "Maymounkov and Mazieres 2002, section 2.5", true},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Node, RightBucket, LeastRecentFirst, EvictedIfSilent, ClosestFirst, Findable>};

constexpr std::array kMutants = {
    MutantInfo{"signed-distance", "compares distances as signed numbers", ClosestFirst::kName,
               kMake<SignedDistance>},
    MutantInfo{"wrong-bucket", "counts the leading bits that differ", RightBucket::kName,
               kMake<WrongBucket>},
    MutantInfo{"keeps-order", "leaves contacts where they stand when they are seen again",
               LeastRecentFirst::kName, kMake<KeepsOrder>},
    MutantInfo{"evicts-unasked", "evicts without a ping", EvictedIfSilent::kName,
               kMake<EvictsUnasked>},
    MutantInfo{"ignores-requesters", "takes only answers for news of a node", "lookup",
               kMake<IgnoresRequesters>},
    MutantInfo{"stops-early", "ends a lookup when the closest node has answered",
               ClosestFirst::kName, kMake<StopsEarly>},
    MutantInfo{"never-republishes", "leaves blocks where they were put", Findable::kName,
               kMake<NeverRepublishes>},
};

constexpr std::array kMetrics = {
    MetricInfo{"lookups", "lookups that were over without finding a block, refreshes too"},
};

constexpr std::array kDeployed = {VariantInfo::Setting{"deployed", {1, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"deployed", "the nodes know each other from the beginning", kDeployed},
};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  const auto p = bind_parameters<Parameters>(values);
  if (p.id_bits < 32 && nodes >= 1U << p.id_bits) return "id_bits are too few for so many nodes";
  return "";
}

void deploy(ProcessBase& process, const Deployment& deployment) {
  auto& node = static_cast<Node&>(process);
  const Parameters& p = node.parameters();
  node.deploy(std::make_shared<const Deployed>(
      Deployed::make(deployment.seed, p.id_bits, deployment.nodes, p.deployed)));
}

/// The closest of those that are up.
NodeId owner(const World& world, std::uint64_t key) {
  NodeId closest;
  Id least = 0;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    const auto* node = static_cast<const Node*>(world.process({id}));
    if (node == nullptr) continue;
    const Id distance = node->id() ^ node->space().id_of_key(key);
    if (closest && distance >= least) continue;
    closest = {id};
    least = distance;
  }
  return closest;
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "kademlia",
    .title = "Kademlia",
    .paper =
        "Petar Maymounkov and David Mazieres: Kademlia: A Peer-to-peer Information System Based on "
        "the XOR Metric (IPTPS 2002)",
    .about =
        "A distributed hash table: nodes know more of those that are closer to them by XOR, learn "
        "of each other from every message, and look keys up with several requests at a time.",
    .workload = "lookup",
    .min_nodes = 1,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .validate = validate,
    .make = kMake<Node>,
    .deploy = deploy,
    .owner = owner,
};

}  // namespace seedbed::kademlia
