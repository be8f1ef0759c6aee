// Two-phase commit's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/two_phase_commit/fault_points.h"
#include "protocols/two_phase_commit/invariants.h"
#include "protocols/two_phase_commit/mutants.h"
#include "protocols/two_phase_commit/site.h"
#include "sim/chaos/fault.h"

namespace seedbed::two_phase_commit {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"coordinator", "coordinators"},
                               RoleInfo{"participant", "participants"}};

constexpr std::array kInvariants = {
    InvariantInfo{Agreement<Site>::kName,
                  "no two nodes end a transaction differently, whatever crashes between",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC1, AC2)"},
    InvariantInfo{Unanimity<Site>::kName,
                  "what is committed has a yes of every participant: none after a no",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC3)"},
    InvariantInfo{VotesSurvive<Site>::kName,
                  "who voted yes for what is committed knows of it until it has committed it",
                  "Mohan, Lindsay, Obermarck 1986, section 2"},
    InvariantInfo{LocksHeld<Site>::kName,
                  "what a transaction in doubt has written stays locked until the decision",
                  "Bernstein, Hadzilacos, Goodman 1987, section 3.4 (strict two-phase locking)"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Site, Agreement<Site>, VotesSurvive<Site>, Unanimity<Site>, LocksHeld<Site>>};

constexpr std::string_view kAgree = Agreement<Site>::kName;

constexpr std::array kMutants = {
    MutantInfo{"votes-unforced", "votes yes before its log has the vote", VotesSurvive<Site>::kName,
               kMake<VotesUnforced>},
    MutantInfo{"presumes-commit", "takes for committed what it knows nothing of", kAgree,
               kMake<PresumesCommit>},
    MutantInfo{"forgets-decision", "forgets a commit that was not acknowledged", kAgree,
               kMake<ForgetsDecision>},
    MutantInfo{"commits-on-timeout", "commits what it has been in doubt about for long", kAgree,
               kMake<CommitsOnTimeout>},
    MutantInfo{"releases-early", "gives its locks back with its vote", LocksHeld<Site>::kName,
               kMake<ReleasesEarly>},
    MutantInfo{"counts-majority", "commits when more than half have voted yes",
               Unanimity<Site>::kName, kMake<CountsMajority>},
};

constexpr std::array kMetrics = {
    MetricInfo{"commits", "transactions that a coordinator decided to commit"},
    MetricInfo{"aborts", "transactions that one decided to abort"},
    MetricInfo{"no_votes", "votes against one: what it demanded did not hold"},
    MetricInfo{"deaths", "times a younger transaction died for an older one's lock (wait-die)"},
    MetricInfo{"vote_timeouts", "times a coordinator waited in vain for work or votes"},
    MetricInfo{"inquiries", "times a participant in doubt asked"},
    MetricInfo{"forced_writes", "log records that something had to wait for"},
    MetricInfo{"lazy_writes", "log records that nothing waited for"},
};

constexpr Value kTrue = {1, 0};
constexpr std::array kPresumedAbort = {VariantInfo::Setting{"presumed_abort", kTrue},
                                       VariantInfo::Setting{"read_only", kTrue}};
constexpr std::array kPresumedCommit = {VariantInfo::Setting{"presumed_commit", kTrue},
                                        VariantInfo::Setting{"read_only", kTrue}};
constexpr std::array kVariants = {
    VariantInfo{"presumed-abort",
                "aborts are neither forced nor acknowledged; who only read leaves with its vote",
                kPresumedAbort},
    VariantInfo{"presumed-commit",
                "commits are not acknowledged, for which the participants are forced to the "
                "coordinator's log before the vote; who only read leaves with its vote",
                kPresumedCommit},
};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  const auto parameters = bind_parameters<Parameters>(values);
  if (parameters.presumed_abort && parameters.presumed_commit) {
    return "presumed_abort and presumed_commit exclude each other";
  }
  if (parameters.coordinators >= nodes) return "coordinators must leave a node to hold the data";
  return "";
}

/// There is one copy of each log: a disk that forgets what it synced takes commits with it.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies,
                                                &faults::kLoseTail};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "two_phase_commit",
    .title = "Two-phase commit",
    .paper =
        "C. Mohan, Bruce Lindsay, Ron Obermarck: Transaction Management in the R* Distributed "
        "Database Management System (ACM TODS 1986); Jim Gray: Notes on Data Base Operating "
        "Systems (1978); Philip Bernstein, Vassos Hadzilacos, Nathan Goodman: Concurrency Control "
        "and Recovery in Database Systems (1987)",
    .about =
        "Transactions over several nodes, all or nothing: a coordinator has the participants "
        "vote, and decides; who has voted yes is in doubt, and keeps its locks, until it hears.",
    .workload = "txn",
    .min_nodes = 2,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .validate = validate,
    .make = kMake<Site>,
};

}  // namespace seedbed::two_phase_commit
