// Push-Sum's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/push_sum/fault_points.h"
#include "protocols/push_sum/invariants.h"
#include "protocols/push_sum/measures.h"
#include "protocols/push_sum/mutants.h"
#include "sim/chaos/fault.h"

namespace seedbed::push_sum {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{MassConservation::kName,
                  "sums and weights together are what they were in the beginning",
                  "Kempe, Dobra and Gehrke 2003, proposition 2.2"},
    InvariantInfo{.name = Convergence::kName,
                  .about = "all estimates agree within 1 % at the end",
                  .source = "Kempe, Dobra and Gehrke 2003, theorem 3.1",
                  .at_end = true},
};
constexpr std::array<MakeWatch, 1> kWatches = {&make_watch<Summer, MassConservation, Convergence>};

constexpr std::array kMutants = {
    MutantInfo{"keeps-both-halves", "gives half of what it has, and keeps it, too",
               MassConservation::kName, kMake<KeepsBothHalves>},
    MutantInfo{"takes-twice", "takes a share as often as it comes", MassConservation::kName,
               kMake<TakesTwice>},
    MutantInfo{"gives-nothing", "gives nothing of what it has", Convergence::kName,
               kMake<GivesNothing>},
};

constexpr std::array kMeasures = {
    MeasureInfo{.name = "rounds",
                .about = "cycles until all estimates are within 1 % of what is true",
                .source = "Kempe, Dobra and Gehrke 2003, theorem 3.1",
                .kind = MeasureKind::kNumber,
                .make = &make_measure<Rounds>},
};

constexpr std::array kCount = {VariantInfo::Setting{"least_value", {1, 0}},
                               VariantInfo::Setting{"most_value", {1, 0}},
                               VariantInfo::Setting{"total", {true, 0}}};
constexpr std::array kTotal = {VariantInfo::Setting{"total", {true, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"sum", "n1 alone has weight: all estimate the sum of the values", kTotal},
    VariantInfo{"count", "and all values are 1: how many nodes there are", kCount},
};

/// A node trusts its disk: what it forgot is mass that is lost, or there twice.
constexpr const FaultInfo* kBeyondItsModel[] = {
    &faults::kWipe, &faults::kSyncLies, &faults::kLoseTail, &faults::kBitRot, &faults::kMisdirect};

std::string_view validate(std::span<const Value> parameters, std::uint32_t nodes) {
  const auto p = bind_parameters<Parameters>(parameters);
  if (p.least_value > p.most_value) return "least_value is above most_value";
  if (std::uint64_t{p.most_value} * nodes > 2'000'000'000) {
    return "so many nodes with such values sum up to more than 2000000000";
  }
  return "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "push_sum",
    .title = "Push-Sum: aggregates by gossip",
    .paper =
        "David Kempe, Alin Dobra, Johannes Gehrke: Gossip-based computation of aggregate "
        "information (FOCS 2003)",
    .about =
        "Each node has a value. Each cycle it gives half of its sum and of its weight to a random "
        "other one, and soon sum by weight is everywhere the average of all values, or with the "
        "weight at one node their total. It runs by itself: there is no workload.",
    .workload = "",
    .min_nodes = 2,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .beyond_its_model = kBeyondItsModel,
    .fault_points = fault_points::kAll,
    .measures = kMeasures,
    .validate = validate,
    .make = kMake<Summer>,
};

}  // namespace seedbed::push_sum
