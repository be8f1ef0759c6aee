// The registry's entry of two-phase commit over Raft groups.
#include "protocols/protocol.h"

#include <array>

#include "protocols/commit_over_raft/invariants.h"
#include "protocols/commit_over_raft/mutants.h"
#include "protocols/raft/fault_points.h"
#include "protocols/two_phase_commit/fault_points.h"
#include "sim/chaos/fault.h"

namespace seedbed::commit_over_raft {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"coordinator", "coordinators"},
                               RoleInfo{"participant", "participants"},
                               RoleInfo{"backup", "backups"}};

using Agreement = OfGroups<tpc::Agreement<Member>>;
using Unanimity = OfGroups<tpc::Unanimity<Member>>;
using VotesSurvive = OfGroups<tpc::VotesSurvive<Member>>;
using LocksHeld = OfGroups<tpc::LocksHeld<Member>>;

constexpr std::array kInvariants = {
    InvariantInfo{Agreement::kName,
                  "no two groups end a transaction differently, whoever speaks for them",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC1, AC2)"},
    InvariantInfo{Unanimity::kName, "what is committed has a yes of every participant",
                  "Bernstein, Hadzilacos, Goodman 1987, section 7.3 (AC3)"},
    InvariantInfo{VotesSurvive::kName,
                  "a group that voted yes for what is committed knows of it until it has committed",
                  "Corbett et al. 2012, section 4.2.1"},
    InvariantInfo{LocksHeld::kName,
                  "what a transaction in doubt has written stays locked until the decision",
                  "Bernstein, Hadzilacos, Goodman 1987, section 3.4 (strict two-phase locking)"},
    InvariantInfo{OneJournal::kName, "the members of a group read the same records in one order",
                  "Corbett et al. 2012, section 2.1; Ongaro and Ousterhout 2014, section 5.4.3"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Member, Agreement, VotesSurvive, Unanimity, LocksHeld, OneJournal>};

constexpr std::array kMutants = {
    MutantInfo{"votes-early", "votes yes before its group has the record of it",
               VotesSurvive::kName, kMake<VotesEarly>},
    MutantInfo{"decides-early", "tells a decision before its group has the record of it",
               Agreement::kName, kMake<DecidesEarly>},
    MutantInfo{"speaks-at-once", "speaks when it is elected, with what it has read by then",
               Agreement::kName, kMake<SpeaksAtOnce>},
    MutantInfo{"reads-ahead", "reads what its group may yet lose, while another one speaks",
               OneJournal::kName, kMake<ReadsAhead>},
    MutantInfo{"answers-alone", "answers from knowing nothing, and may have been succeeded",
               Agreement::kName, kMake<AnswersAlone>},
    MutantInfo{"releases-early", "gives its locks back with its vote", LocksHeld::kName,
               kMake<ReleasesEarly>},
    MutantInfo{"counts-majority", "commits when more than half have voted yes", Unanimity::kName,
               kMake<CountsMajority>},
};

constexpr std::array kMetrics = {
    MetricInfo{"commits", "transactions that a coordinator decided to commit"},
    MetricInfo{"aborts", "transactions that one decided to abort"},
    MetricInfo{"no_votes", "votes against one: what it demanded did not hold"},
    MetricInfo{"deaths", "times a younger transaction died for an older one's lock (wait-die)"},
    MetricInfo{"vote_timeouts", "times a coordinator waited in vain for work or votes"},
    MetricInfo{"inquiries", "times a participant in doubt asked"},
    MetricInfo{"forced_writes", "records that something had to wait for"},
    MetricInfo{"lazy_writes", "records that nothing waited for"},
    MetricInfo{"marks", "times one asked its group whether it still spoke for it"},
    MetricInfo{"takeovers", "times a member began to speak for its group"},
    MetricInfo{"elections", "times a member stood for election"},
};

constexpr std::array kPresumedAbort = {VariantInfo::Setting{"presumed_abort", {1, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"presumed-abort", "aborts are neither forced nor acknowledged", kPresumedAbort},
};

/// Raft's, but for those about snapshots: there are none.
constexpr std::array kFaultPoints = [] {
  namespace commit = tpc::fault_points;
  std::array<FaultPointInfo, commit::kAll.size() + 5> points{};
  std::size_t count = 0;
  for (const FaultPointInfo& point : commit::kAll) points[count++] = point;
  for (const FaultPointInfo& point : raft::fault_points::kAll) {
    const bool ours = point.name == raft::fault_points::kLongTimeout ||
                      point.name == raft::fault_points::kShortTimeout ||
                      point.name == raft::fault_points::kEarlyHeartbeat ||
                      point.name == raft::fault_points::kOneEntry ||
                      point.name == raft::fault_points::kNoFollowUp;
    if (ours) points[count++] = point;
  }
  return points;
}();

std::string_view validate(std::span<const Value> values, std::uint32_t groups) {
  const auto parameters = bind_parameters<Parameters>(values);
  if (parameters.coordinators >= groups) {
    return "coordinators must leave a group to hold the data";
  }
  return raft::complaint(parameters.replication());
}

void use_groups(ProcessBase& process, std::span<const std::uint32_t> sizes) {
  static_cast<Member&>(process).use_groups(std::make_shared<const Groups>(sizes));
}

/// What Raft rules out: a server cannot know that its disk is a new one, or that a sync lied.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "commit_over_raft",
    .title = "Two-phase commit over Raft groups",
    .paper =
        "James Corbett et al.: Spanner: Google's Globally-Distributed Database (OSDI 2012); "
        "C. Mohan, Bruce Lindsay, Ron Obermarck: Transaction Management in the R* Distributed "
        "Database Management System (ACM TODS 1986); Diego Ongaro, John Ousterhout: In Search of "
        "an Understandable Consensus Algorithm (USENIX ATC 2014)",
    .about =
        "Two-phase commit in which each coordinator and each participant is a group of `groups`: "
        "its log is replicated by Raft, and the leader speaks for the group; when it dies, the "
        "next one does. So nobody is in doubt for longer than an election takes.",
    .workload = "txn",
    .min_nodes = 2,
    .max_nodes = ServerSet::kMost,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = {},
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = kFaultPoints,
    .measures = {},
    .validate = validate,
    .make = kMake<Member>,
    .use_groups = use_groups,
};

}  // namespace seedbed::commit_over_raft
