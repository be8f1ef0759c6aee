// Paxos Commit's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/paxos_commit/mutants.h"
#include "protocols/paxos_commit/site.h"
#include "protocols/two_phase_commit/fault_points.h"
#include "protocols/two_phase_commit/invariants.h"
#include "sim/chaos/fault.h"

namespace seedbed::paxos_commit {

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
                  "Gray and Lamport 2006, section 2 (consistency, stability)"},
    InvariantInfo{Unanimity::kName, "what is committed has a yes of every participant",
                  "Gray and Lamport 2006, section 2 (nontriviality)"},
    InvariantInfo{VotesSurvive::kName,
                  "who voted yes for what is committed knows of it until it has committed it",
                  "Gray and Lamport 2006, section 4.1"},
    InvariantInfo{LocksHeld::kName,
                  "what a transaction in doubt has written stays locked until the decision",
                  "Bernstein, Hadzilacos, Goodman 1987, section 3.4 (strict two-phase locking)"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Site, Agreement, VotesSurvive, Unanimity, LocksHeld>};

constexpr std::array kMutants = {
    MutantInfo{"acceptor-forgets", "an acceptor forgets on a restart what it has accepted",
               Agreement::kName, kMake<AcceptorForgets>},
    MutantInfo{"ignores-accepted", "a new ballot proposes to abort what others may have chosen",
               Agreement::kName, kMake<IgnoresAccepted>},
    MutantInfo{"presumes-prepared", "a new ballot takes a missing vote for a yes", Unanimity::kName,
               kMake<PresumesPrepared>},
    MutantInfo{"votes-unforced", "votes before its log has the vote", VotesSurvive::kName,
               kMake<VotesUnforced>},
    MutantInfo{"releases-early", "gives its locks back with its vote", LocksHeld::kName,
               kMake<ReleasesEarly>},
};

constexpr std::array kMetrics = {
    MetricInfo{"commits", "transactions that a leader found chosen to commit"},
    MetricInfo{"aborts", "transactions that one found chosen to abort, or aborted before the vote"},
    MetricInfo{"ballots", "times a leader asked for the votes in a ballot of its own"},
    MetricInfo{"takeovers", "times it did so for a transaction of another one"},
    MetricInfo{"deaths", "times a younger transaction died for an older one's lock (wait-die)"},
    MetricInfo{"vote_timeouts", "times a coordinator waited in vain for work or votes"},
    MetricInfo{"inquiries", "times a participant in doubt asked"},
    MetricInfo{"forced_writes", "log records that something had to wait for"},
    MetricInfo{"lazy_writes", "log records that nothing waited for"},
};

constexpr std::array kOne = {VariantInfo::Setting{"acceptors", {1, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"one-acceptor", "F = 0: two-phase commit, whose acceptor's log is the decision",
                kOne},
};

/// Nobody may forget what he has synced; an acceptor least of all.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies,
                                                &faults::kLoseTail};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  const auto parameters = bind_parameters<Parameters>(values);
  return parameters.acceptors >= nodes ? "acceptors must leave a node to hold the data" : "";
}

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "paxos_commit",
    .title = "Paxos Commit",
    .paper = "Jim Gray, Leslie Lamport: Consensus on Transaction Commit (ACM TODS 2006)",
    .about =
        "Two-phase commit whose coordinator cannot block it: the vote of each participant is "
        "decided by an instance of Paxos, and whichever acceptor leads can find out the outcome.",
    .workload = "txn",
    .min_nodes = 4,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = {},
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = tpc::fault_points::kAll,
    .measures = {},
    .validate = validate,
    .make = kMake<Site>,
};

}  // namespace seedbed::paxos_commit
