// Three-phase commit's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/three_phase_commit/mutants.h"
#include "protocols/three_phase_commit/terminator.h"
#include "protocols/two_phase_commit/invariants.h"
#include "sim/chaos/fault.h"

namespace seedbed::three_phase_commit {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"coordinator", "coordinators"},
                               RoleInfo{"participant", "participants"}};

using Agreement = tpc::Agreement<Site>;
using Unanimity = tpc::Unanimity<Site>;
using VotesSurvive = tpc::VotesSurvive<Site>;
using LocksHeld = tpc::LocksHeld<Site>;

constexpr std::array kInvariants = {
    InvariantInfo{Agreement::kName,
                  "no two nodes end a transaction differently, whatever crashes between",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC1, AC2)"},
    InvariantInfo{Unanimity::kName, "what is committed has a yes of every participant",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC3)"},
    InvariantInfo{VotesSurvive::kName,
                  "who voted yes for what is committed knows of it until it has committed it",
                  "Skeen 1981, section 2"},
    InvariantInfo{LocksHeld::kName,
                  "what a transaction in doubt has written stays locked until the decision",
                  "Bernstein, Hadzilacos, Goodman 1987, section 3.4 (strict two-phase locking)"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Site, Agreement, VotesSurvive, Unanimity, LocksHeld>};

constexpr std::array kMutants = {
    MutantInfo{"skips-precommit", "commits as soon as all have voted yes", Agreement::kName,
               kMake<SkipsPrecommit>},
    MutantInfo{"forgets-commit", "forgets what was committed without its coordinator",
               Agreement::kName, kMake<ForgetsCommit>},
    MutantInfo{"counts-half", "goes on when half of them have voted yes", Unanimity::kName,
               kMake<CountsHalf>},
    MutantInfo{"votes-unforced", "votes yes before its log has the vote", VotesSurvive::kName,
               kMake<VotesUnforced>},
    MutantInfo{"releases-early", "gives its locks back with its vote", LocksHeld::kName,
               kMake<ReleasesEarly>},
};

constexpr std::array kMetrics = {
    MetricInfo{"commits", "transactions that a coordinator decided to commit"},
    MetricInfo{"aborts", "transactions that one decided to abort"},
    MetricInfo{"no_votes", "votes against one: what it demanded did not hold"},
    MetricInfo{"terminations", "times a participant asked the others, for want of a coordinator"},
    MetricInfo{"deaths", "times a younger transaction died for an older one's lock (wait-die)"},
    MetricInfo{"vote_timeouts", "times a coordinator waited in vain for work or votes"},
    MetricInfo{"inquiries", "times a participant in doubt asked"},
    MetricInfo{"forced_writes", "log records that something had to wait for"},
    MetricInfo{"lazy_writes", "log records that nothing waited for"},
};

/// It is made for crashes, on a network that loses nothing, and where who does not answer in time
/// has crashed: see the scenario split-3pc for what becomes of it in a partition.
constexpr const FaultInfo* kBeyondItsModel[] = {
    &faults::kWipe,        &faults::kSyncLies,   &faults::kLoseTail,  &faults::kPause,
    &faults::kSlow,        &faults::kIsolate,    &faults::kPartition, &faults::kOneWay,
    &faults::kCut,         &faults::kFlap,       &faults::kSwizzle,   &faults::kLoss,
    &faults::kDelay,       &faults::kReorder,    &faults::kCorrupt,   &faults::kBandwidth,
    &faults::kClockFreeze, &faults::kClockDrift, &faults::kDiskSlow,  &faults::kDiskFull,
    &faults::kDiskError,
};

constexpr std::string_view kWeatherBeyondItsModel[] = {
    "network.latency", "network.loss",    "network.order", "network.reorder", "network.corrupt",
    "clocks",          "cpu.per_message", "disk.sync",     "disk.bandwidth",
};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  const auto parameters = bind_parameters<Parameters>(values);
  if (parameters.coordinators >= nodes) return "coordinators must leave a node to hold the data";
  if (parameters.termination_timeout < parameters.vote_timeout * 2) {
    return "termination_timeout must be at least twice vote_timeout, or participants take a "
           "coordinator for crashed that waits";
  }
  return "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "three_phase_commit",
    .title = "Three-phase commit",
    .paper =
        "Dale Skeen: Nonblocking Commit Protocols (SIGMOD 1981); Philip Bernstein, Vassos "
        "Hadzilacos, Nathan Goodman: Concurrency Control and Recovery in Database Systems (1987)",
    .about =
        "Two-phase commit with a phase between votes and decision, after which everybody knows "
        "that all have voted yes: participants end a transaction whose coordinator has crashed. "
        "Only where the network never parts: a partition splits it.",
    .workload = "txn",
    .min_nodes = 2,
    .parameters = kParametersOf<Parameters>,
    .variants = {},
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = {},
    .beyond_its_model = kBeyondItsModel,
    .weather_beyond_its_model = kWeatherBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = {},
    .measures = {},
    .validate = validate,
    .make = kMake<Site>,
};

}  // namespace seedbed::three_phase_commit
