// The sagas' entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/saga/fault_points.h"
#include "protocols/saga/invariants.h"
#include "protocols/saga/mutants.h"
#include "protocols/saga/server.h"
#include "sim/chaos/fault.h"

namespace seedbed::saga {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"coordinator", "coordinators"},
                               RoleInfo{"participant", "participants"}};

constexpr std::array kInvariants = {
    InvariantInfo{ExactlyOnce::kName,
                  "each step takes effect at most once, and so does its compensation",
                  "Richardson 2018, section 3.3.6"},
    InvariantInfo{ReverseOrder::kName,
                  "a step is compensated when nothing stands any more that came after it",
                  "Garcia-Molina and Salem 1987, section 1"},
    InvariantInfo{CompletedOrCompensated::kName,
                  "a saga that completed has all its effects, a compensated one has none",
                  "Garcia-Molina and Salem 1987, section 1"},
    InvariantInfo{Isolation::kName,
                  "no anomaly under a semantic lock, and no commutative update is lost",
                  "Richardson 2018, section 4.3"},
    InvariantInfo{.name = NoOrphan::kName,
                  .about = "at the end every saga has ended, and no lock is left",
                  .source = "Garcia-Molina and Salem 1987, section 1",
                  .at_end = true},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Server, ExactlyOnce, ReverseOrder, CompletedOrCompensated, Isolation, NoOrphan>};

constexpr std::string_view kOnce = ExactlyOnce::kName;
constexpr std::string_view kWhole = CompletedOrCompensated::kName;

constexpr std::array kMutants = {
    MutantInfo{"compensation-not-idempotent", "compensates again when it is asked again", kOnce,
               kMake<CompensationNotIdempotent>},
    MutantInfo{"retries-without-key", "asks again under another key", kOnce,
               kMake<RetriesWithoutKey>},
    MutantInfo{"compensates-at-once", "compensates all steps at once, not in reverse order",
               ReverseOrder::kName, kMake<CompensatesAtOnce>},
    MutantInfo{"compensates-before-step",
               "forgets that it was told to undo a step that had not come yet", kWhole,
               kMake<CompensatesBeforeStep>},
    MutantInfo{"dual-write", "publishes an event without waiting for what it tells of to be saved",
               kWhole, kMake<DualWrite>},
    MutantInfo{"ignores-locks", "performs steps on records that another saga has locked",
               Isolation::kName, kMake<IgnoresLocks>},
    MutantInfo{"restores-old-value", "compensates by writing back what was there before",
               Isolation::kName, kMake<RestoresOldValue>},
    MutantInfo{"forgets-place", "does not take up its sagas again after a crash", NoOrphan::kName,
               kMake<ForgetsPlace>},
};

constexpr std::array kMetrics = {
    MetricInfo{"sagas_completed", "sagas all of whose steps took effect"},
    MetricInfo{"sagas_compensated", "sagas that were undone"},
    MetricInfo{"steps", "steps that took effect"},
    MetricInfo{"compensations", "steps that were compensated"},
    MetricInfo{"retries", "commands and events that were sent again"},
    MetricInfo{"lock_waits", "times a step found its record locked by another saga"},
    MetricInfo{"lost_updates", "compensations that wrote over what another saga had written"},
    MetricInfo{"dirty_reads", "times a saga read what another one had written, and then undid"},
    MetricInfo{"fuzzy_reads", "times a saga looked again, and found what another one had changed"},
    MetricInfo{"log_writes", "records written to the journals"},
};

constexpr std::array kOrchestrated = {VariantInfo::Setting{"choreographed", {false, 0}}};
constexpr std::array kChoreographed = {VariantInfo::Setting{"choreographed", {true, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"orchestrated", "a process manager with a durable log commands the participants",
                kOrchestrated},
    VariantInfo{"choreographed", "participants react to each other's events, told by an outbox",
                kChoreographed},
};

void use_workflow(ProcessBase& process, std::shared_ptr<const Workflow> workflow) {
  static_cast<Server&>(process).use(std::move(workflow));
}

/// Nobody can know that a disk lost what it had acknowledged, in silence.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies,
                                                &faults::kLoseTail};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "saga",
    .title = "Sagas",
    .paper =
        "Hector Garcia-Molina, Kenneth Salem: Sagas (SIGMOD 1987); Chris Richardson: "
        "Microservices Patterns (2018), chapter 4",
    .about =
        "A long piece of business as a sequence of local transactions at several participants, "
        "each with a compensation: all of them take effect, or what did is undone in reverse "
        "order. Run by a process manager with a durable log, or by events from one "
        "participant to the next; between the steps other sagas see what is not final.",
    .workload = "workflow",
    .min_nodes = 1,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .make = kMake<Server>,
    .use_workflow = use_workflow,
};

}  // namespace seedbed::saga
