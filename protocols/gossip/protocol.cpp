// The epidemics' entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/gossip/fault_points.h"
#include "protocols/gossip/invariants.h"
#include "protocols/gossip/measures.h"
#include "protocols/gossip/mutants.h"
#include "sim/chaos/fault.h"

namespace seedbed::gossip {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{DeliveredOnce::kName, "a site gives a value to its application once",
                  "Demers et al. 1987, section 1"},
    InvariantInfo{.name = Quiescence::kName,
                  .about = "sooner or later every site loses interest in a rumour",
                  .source = "Demers et al. 1987, section 1.4",
                  .at_end = true},
};
constexpr std::array<MakeWatch, 1> kWatches = {&make_watch<Gossiper, DeliveredOnce, Quiescence>};

constexpr std::array kMutants = {
    MutantInfo{"resets-wrongly",
               "begins to count again with an unnecessary contact, not with one that was needed",
               Quiescence::kName, kMake<ResetsWrongly>},
    MutantInfo{"checksums-no-deaths",
               "leaves death certificates out of the checksum, so that anti-entropy skips them",
               "no_resurrection", kMake<ChecksumsNoDeaths>},
    MutantInfo{"forgets-deaths", "drops death certificates at once", "no_resurrection",
               kMake<ForgetsDeaths>},
    MutantInfo{"sleeps-on", "does not wake a dormant certificate that meets its item",
               "no_resurrection", kMake<SleepsOn>},
    MutantInfo{"delivers-again", "takes for news what it is told again", DeliveredOnce::kName,
               kMake<DeliversAgain>},
};

constexpr std::array kMetrics = {
    MetricInfo{"updates_sent", "updates that rumour mongering sent"},
    MetricInfo{"full_comparisons", "anti-entropy that compared all, since checksums differed"},
    MetricInfo{"certificates_awakened", "dormant death certificates that met their item"},
};

constexpr std::string_view kTables = "Demers et al. 1987, tables 1 to 3";
template <class M>
constexpr auto kMeasured = &make_measure<M>;
constexpr std::array kMeasures = {
    MeasureInfo{.name = "residue",
                .about = "the share of sites that have not heard the rumour when it has died out",
                .source = kTables,
                .kind = MeasureKind::kNumber,
                .make = kMeasured<Residue>},
    MeasureInfo{.name = "traffic",
                .about = "updates sent until then, by the number of sites",
                .source = kTables,
                .kind = MeasureKind::kNumber,
                .make = kMeasured<Traffic>},
    MeasureInfo{.name = "last_delay",
                .about = "cycles until the last site that hears it does",
                .source = kTables,
                .kind = MeasureKind::kNumber,
                .make = kMeasured<LastDelay>},
    MeasureInfo{.name = "mean_delay",
                .about = "cycles until a site hears it, on the average",
                .source = kTables,
                .kind = MeasureKind::kNumber,
                .make = kMeasured<MeanDelay>},
    MeasureInfo{.name = "rounds",
                .about = "cycles until everybody has heard it",
                .source = "Pittel 1987, On spreading a rumor",
                .kind = MeasureKind::kNumber,
                .make = kMeasured<Rounds>},
};

constexpr seedbed::Value on_or_off(bool on) { return {on, 0}; }
constexpr std::array kPush = {VariantInfo::Setting{"push", on_or_off(true)},
                              VariantInfo::Setting{"pull", on_or_off(false)}};
constexpr std::array kPull = {VariantInfo::Setting{"push", on_or_off(false)},
                              VariantInfo::Setting{"pull", on_or_off(true)}};
constexpr std::array kBoth = {VariantInfo::Setting{"push", on_or_off(true)},
                              VariantInfo::Setting{"pull", on_or_off(true)}};
constexpr std::array kNeither = {VariantInfo::Setting{"push", on_or_off(false)},
                                 VariantInfo::Setting{"pull", on_or_off(false)}};
constexpr std::array kVariants = {
    VariantInfo{"push", "infective sites tell others", kPush},
    VariantInfo{"pull", "sites ask infective ones", kPull},
    VariantInfo{"push-pull", "both in one contact", kBoth},
    VariantInfo{"anti-entropy", "no rumours: sites compare what they have", kNeither},
};

/// A site trusts its disk; without anti-entropy it has no remedy for one that forgot.
constexpr const FaultInfo* kBeyondItsModel[] = {
    &faults::kWipe, &faults::kSyncLies, &faults::kLoseTail, &faults::kBitRot, &faults::kMisdirect};

std::string_view validate(std::span<const seedbed::Value> parameters, std::uint32_t) {
  const auto p = bind_parameters<Parameters>(parameters);
  if (!p.push && !p.pull && p.anti_entropy.count() == 0) {
    return "nothing spreads without push, pull or anti_entropy";
  }
  return "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "gossip",
    .title = "Epidemics: rumour mongering and anti-entropy",
    .paper =
        "Alan Demers, Dan Greene, Carl Hauser, Wes Irish, John Larson, Scott Shenker, Howard "
        "Sturgis, Dan Swinehart, Doug Terry: Epidemic algorithms for replicated database "
        "maintenance (PODC 1987)",
    .about =
        "What a site learns it tells a random other one each cycle, or is asked for, until it "
        "tells nothing new (push, pull; feedback or blind, counter or coin, k). Anti-entropy "
        "compares what two sites have, by recent updates, checksums, and in full. Deleted items "
        "leave death certificates, which old age makes dormant.",
    .workload = "broadcast",
    .min_nodes = 2,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .measures = kMeasures,
    .validate = validate,
    .make = kMake<Gossiper>,
};

}  // namespace seedbed::gossip
