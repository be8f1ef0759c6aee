// The entry of heartbeats in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/heartbeat/invariants.h"
#include "protocols/heartbeat/measures.h"
#include "protocols/heartbeat/mutants.h"
#include "protocols/heartbeat/server.h"

namespace seedbed::heartbeat {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kInvariants = {
    InvariantInfo{LateIsSuspected::kName, "who is late by a member's own measure is suspected",
                  "Chandra and Toueg 1996, strong completeness"},
    InvariantInfo{HeardIsTrusted::kName, "who was heard right now is trusted",
                  "Chandra and Toueg 1996, eventual strong accuracy"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Server, LateIsSuspected, HeardIsTrusted>};

constexpr std::array kMutants = {
    MutantInfo{"never-suspects", "trusts whom it does not hear", LateIsSuspected::kName,
               kMake<NeverSuspects>},
    MutantInfo{"never-forgives", "takes who was late once for down for good", HeardIsTrusted::kName,
               kMake<NeverForgives>},
};

constexpr std::array kMetrics = {
    MetricInfo{"suspicions", "times that a member was taken for down"},
    MetricInfo{"mistakes", "times that it was heard after that"},
};

constexpr std::string_view kChen = "Chen, Toueg and Aguilera 2002, quality of service";
constexpr std::array kMeasures = {
    MeasureInfo{"detection", "from a crash until all others take the crashed one for down", kChen,
                MeasureKind::kTime, &make_measure<Detection>},
    MeasureInfo{"mistake", "whether anybody was taken for down who was heard after that", kChen,
                MeasureKind::kYesOrNo, &make_measure<AnyMistake>},
};

constexpr std::array kFixed = {VariantInfo::Setting{"phi", {false, 0}}};
constexpr std::array kPhi = {VariantInfo::Setting{"phi", {true, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"fixed", "a timeout", kFixed},
    VariantInfo{"phi", "phi accrual detectors (Hayashibara et al. 2004)", kPhi},
};

std::string_view validate(std::span<const Value> values, std::uint32_t /*nodes*/) {
  const auto p = bind_parameters<Parameters>(values);
  if (!p.phi && p.timeout < p.interval) return "timeout must be at least one interval";
  return "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "heartbeat",
    .title = "Heartbeats",
    .paper =
        "Tushar Chandra, Sam Toueg: Unreliable Failure Detectors for Reliable Distributed Systems "
        "(JACM 1996); Naohiro Hayashibara, Xavier Defago, Rami Yared, Takuya Katayama: The phi "
        "Accrual Failure Detector (SRDS 2004)",
    .about =
        "Who is up: each member sends heartbeats to all others, and takes for down who is late, by "
        "a fixed timeout or by what it has learnt of how late heartbeats are.",
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

}  // namespace seedbed::heartbeat
