// SWIM's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/swim/invariants.h"
#include "protocols/swim/measures.h"
#include "protocols/swim/mutants.h"
#include "protocols/swim/server.h"

namespace seedbed::swim {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{OwnIncarnations::kName, "nobody knows a member in an incarnation it never had",
                  "Das, Gupta and Motivala 2002, section 4.2"},
    InvariantInfo{NoResurrection::kName,
                  "who was declared dead is a member again in a new incarnation only",
                  "Das, Gupta and Motivala 2002, section 4.2"},
    InvariantInfo{Refutation::kName, "who hears itself accused goes on in a higher incarnation",
                  "Das, Gupta and Motivala 2002, section 4.2"},
    InvariantInfo{SuspectedFirst::kName,
                  "with a suspicion mechanism nobody declares dead whom it did not suspect",
                  "Das, Gupta and Motivala 2002, section 4.2"},
    InvariantInfo{SuspicionsExpire::kName, "a suspicion ends in time",
                  "Das, Gupta and Motivala 2002, section 4.2"},
    InvariantInfo{RoundRobin::kName,
                  "between two probes of a member come fewer than two rounds of others",
                  "Das, Gupta and Motivala 2002, section 4.3"},
    InvariantInfo{RetransmissionBound::kName,
                  "a member sends a piece of news lambda log n times at most",
                  "Das, Gupta and Motivala 2002, sections 4.1 and 5"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Server, OwnIncarnations, NoResurrection, Refutation, SuspectedFirst,
                SuspicionsExpire, RoundRobin, RetransmissionBound>};

constexpr std::array kMutants = {
    MutantInfo{"no-refutation", "goes on as before when it hears that it is suspected",
               Refutation::kName, kMake<NoRefutation>},
    MutantInfo{"suspects-for-ever", "its suspicions never expire", SuspicionsExpire::kName,
               kMake<SuspectsForEver>},
    MutantInfo{"revives-the-dead", "takes old news of a dead member for a new life",
               NoResurrection::kName, kMake<RevivesTheDead>},
    MutantInfo{"accuses-ahead", "accuses a member in an incarnation that it has not begun",
               OwnIncarnations::kName, kMake<AccusesAhead>},
    MutantInfo{"kills-at-once", "declares dead at once who does not answer", SuspectedFirst::kName,
               kMake<KillsAtOnce>},
    MutantInfo{"probes-at-random", "probes any member, every time", RoundRobin::kName,
               kMake<ProbesAtRandom>},
    MutantInfo{"tells-for-ever", "never stops to tell its news", RetransmissionBound::kName,
               kMake<TellsForEver>},
};

constexpr std::array kMetrics = {
    MetricInfo{"probes", "periods in which a member probed another one"},
    MetricInfo{"failed_probes", "probes that nobody answered, nor any helper"},
    MetricInfo{"suspicions", "times that a member began to suspect another one"},
    MetricInfo{"refutations", "times that a member heard itself accused, and spoke up"},
    MetricInfo{"declared_dead", "suspicions that expired"},
};

constexpr std::string_view kLifeguardPaper = "Dadgar, Phillips and Currey 2017, section V";
constexpr std::string_view kDasGupta = "Das, Gupta and Motivala 2002, section 3.1";
constexpr std::array kMeasures = {
    MeasureInfo{"first_detection", "from crashes until each is suspected or declared dead, mean",
                kDasGupta, MeasureKind::kTime, &make_measure<FirstDetection<State::kSuspect>>},
    MeasureInfo{"first_death", "from crashes until each is declared dead, mean", kLifeguardPaper,
                MeasureKind::kTime, &make_measure<FirstDetection<State::kDead>>},
    MeasureInfo{"load", "messages that a member sends in a protocol period", kDasGupta,
                MeasureKind::kNumber, &make_measure<Load>},
    MeasureInfo{"failed_probes", "the share of probes that fail", kDasGupta, MeasureKind::kNumber,
                &make_measure<FailedProbes>},
    MeasureInfo{"false_positives", "how often healthy members took healthy members for dead",
                kLifeguardPaper, MeasureKind::kNumber, &make_measure<FalsePositives>},
};

constexpr Value kOn{true, 0};
constexpr std::array kBasic = {VariantInfo::Setting{"suspicion", {0, 0}},
                               VariantInfo::Setting{"round_robin", {false, 0}}};
constexpr std::array kLhaProbe = {VariantInfo::Setting{"lha_probe", kOn}};
constexpr std::array kLhaSuspicion = {VariantInfo::Setting{"lha_suspicion", kOn}};
constexpr std::array kBuddy = {VariantInfo::Setting{"buddy", kOn}};
constexpr std::array kLifeguard = {VariantInfo::Setting{"lha_probe", kOn},
                                   VariantInfo::Setting{"lha_suspicion", kOn},
                                   VariantInfo::Setting{"buddy", kOn}};
constexpr std::array kVariants = {
    VariantInfo{"basic", "no suspicion, and any member is probed (SWIM, section 3)", kBasic},
    VariantInfo{"lha-probe", "Lifeguard's probes by local health", kLhaProbe},
    VariantInfo{"lha-suspicion", "Lifeguard's dynamic suspicion timeouts", kLhaSuspicion},
    VariantInfo{"buddy", "Lifeguard's Buddy System", kBuddy},
    VariantInfo{"lifeguard", "all three", kLifeguard},
};

std::string_view validate(std::span<const Value> values, std::uint32_t /*nodes*/) {
  const auto p = bind_parameters<Parameters>(values);
  if (p.ping_timeout * 2 > p.period) return "period must be at least twice ping_timeout";
  return "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "swim",
    .title = "SWIM",
    .paper =
        "Abhinandan Das, Indranil Gupta, Ashish Motivala: SWIM: Scalable Weakly-consistent "
        "Infection-style Process Group Membership Protocol (DSN 2002); Armon Dadgar, James "
        "Phillips, Jon Currey: Lifeguard: Local Health Awareness for More Accurate Failure "
        "Detection (2017)",
    .about =
        "Who is up: each member pings one other in a period, by way of others if it does not "
        "answer, suspects it, and declares it dead if it does not speak up; what is found travels "
        "on pings and their answers.",
    .workload = "membership",
    .min_nodes = 1,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .metrics = kMetrics,
    .measures = kMeasures,
    .validate = validate,
    .make = kMake<Server>,
};

}  // namespace seedbed::swim
