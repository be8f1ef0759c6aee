// Raft's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/raft/administrator.h"
#include "protocols/raft/fault_points.h"
#include "protocols/raft/invariants.h"
#include "protocols/raft/measures.h"
#include "protocols/raft/mutants.h"
#include "protocols/raft/server.h"
#include "sim/chaos/fault.h"
#include "sim/world/leader_timeouts.h"

namespace seedbed::raft {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"leader", "leaders"}, RoleInfo{"follower", "followers"},
                               RoleInfo{"candidate", "candidates"},
                               RoleInfo{"pre_candidate", "pre_candidates"}};

constexpr std::array kInvariants = {
    InvariantInfo{ElectionSafety::kName, "at most one leader is elected in a term", "section 5.2"},
    InvariantInfo{LeaderAppendOnly::kName, "a leader never overwrites or deletes its own entries",
                  "section 5.3"},
    InvariantInfo{LogMatching::kName, "two logs that agree at an index and term agree up to there",
                  "section 5.3"},
    InvariantInfo{LeaderCompleteness::kName, "every later leader has every committed entry",
                  "section 5.4"},
    InvariantInfo{StateMachineSafety::kName, "no two servers apply different entries at one index",
                  "section 5.4.3"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Server, ElectionSafety, LeaderAppendOnly, LogMatching, LeaderCompleteness,
                StateMachineSafety>};

constexpr std::string_view kElection = ElectionSafety::kName;
constexpr std::string_view kComplete = LeaderCompleteness::kName;
constexpr std::string_view kSafe = StateMachineSafety::kName;
constexpr std::string_view kLinearizable = "linearizable";
constexpr std::string_view kProgress = "progress";

constexpr std::array kMutants = {
    MutantInfo{"votes-twice", "grants its vote to every candidate of a term", kElection,
               kMake<VotesTwice>},
    MutantInfo{"forgets-vote", "forgets on a restart whom it voted for", kElection,
               kMake<ForgetsVote>},
    MutantInfo{"clears-vote", "forgets its vote when it steps down in the same term", kElection,
               kMake<ClearsVote>},
    MutantInfo{"counts-old-votes", "counts votes of an earlier term", kElection,
               kMake<CountsOldVotes>},
    MutantInfo{"counts-votes-twice", "counts a vote again that the network duplicated", kElection,
               kMake<CountsVotesTwice>},
    MutantInfo{"trusts-lost-tail", "takes a log whose tail the disk lost for a shorter log",
               kComplete, kMake<TrustsLostTail>},
    MutantInfo{"trusts-damage", "starts from what a damaged disk has left, as if that were all",
               kComplete, kMake<TrustsDamage>},
    MutantInfo{"commits-old-terms", "commits entries of earlier terms by counting replicas",
               kComplete, kMake<CommitsOldTerms>},
    MutantInfo{"acknowledges-early", "commits before a majority has the entry", kComplete,
               kMake<AcknowledgesEarly>},
    MutantInfo{"commits-the-mode", "commits the commonest match index instead of the median",
               kComplete, kMake<CommitsTheMode>},
    MutantInfo{"counts-learners", "counts learners in the majority that commits", kComplete,
               kMake<CountsLearners>},
    MutantInfo{"counts-unsynced", "answers before the leader's own disk has synced", kComplete,
               kMake<CountsUnsynced>},
    MutantInfo{"truncates-always", "cuts its log on a stale AppendEntries", kComplete,
               kMake<TruncatesAlways>},
    MutantInfo{"commits-unverified", "commits beyond what the leader's message has verified", kSafe,
               kMake<CommitsUnverified>},
    MutantInfo{"leads-on", "a heartbeat raises its term, and it goes on leading", kElection,
               kMake<LeadsOn>},
    MutantInfo{"applies-twice", "applies a duplicated command again", kLinearizable,
               kMake<AppliesTwice>},
    MutantInfo{"reads-locally", "answers reads without asking whether it still leads",
               kLinearizable, kMake<ReadsLocally>},
    MutantInfo{"lease-without-drift", "trusts its lease as if clocks did not drift", kLinearizable,
               kMake<LeaseWithoutDrift>},
    MutantInfo{"changes-before-no-op",
               "changes the membership before an entry of its term is committed", kComplete,
               kMake<ChangesBeforeNoOp>},
    MutantInfo{"snapshot-drops-sessions", "leaves the sessions out of its snapshots", kLinearizable,
               kMake<SnapshotDropsSessions>},
    MutantInfo{"snapshot-loses-term", "forgets the term of a snapshot's last entry", kComplete,
               kMake<SnapshotLosesTerm>},
    MutantInfo{"stands-at-once", "stands for election without a pre-vote", kProgress,
               kMake<StandsAtOnce>},
    MutantInfo{"leads-alone", "goes on leading when no majority answers", kProgress,
               kMake<LeadsAlone>},
    MutantInfo{"ignores-old-pre-votes", "does not answer pre-votes of an older term", kProgress,
               kMake<IgnoresOldPreVotes>},
    MutantInfo{"stands-aside", "does not stand once a change has removed it, committed or not",
               "recovery", kMake<StandsAside>},
};

constexpr std::array kMetrics = {
    MetricInfo{"elections", "times a server stood for election"},
    MetricInfo{"pre_votes", "times a server asked whether it should"},
    MetricInfo{"leaders", "elections that were won"},
    MetricInfo{"step_downs", "leaders that gave up: no majority answered, or the disk stood still"},
    MetricInfo{"transfers", "leadership transfers that began"},
    MetricInfo{"changes", "configurations that a leader appended"},
    MetricInfo{"changes_refused", "membership changes that were not possible when asked for"},
    MetricInfo{"snapshots", "snapshots taken"},
    MetricInfo{"snapshots_installed", "snapshots received whole, and installed"},
};

constexpr VariantInfo::Setting kPreVote = {"pre_vote", {1, 0}};
constexpr VariantInfo::Setting kCheckQuorum = {"check_quorum", {1, 0}};
constexpr VariantInfo::Setting kReadIndex = {"read_index", {1, 0}};
constexpr VariantInfo::Setting kLeaseReads = {"lease_reads", {1, 0}};

constexpr std::array kPreVoteOnly = {kPreVote};
constexpr std::array kCheckQuorumOnly = {kCheckQuorum};
constexpr std::array kStable = {kPreVote, kCheckQuorum};
constexpr std::array kReadIndexOnly = {kReadIndex};
constexpr std::array kLeases = {kPreVote, kCheckQuorum, kLeaseReads};
constexpr std::array kAll = {kPreVote,
                             kCheckQuorum,
                             kReadIndex,
                             VariantInfo::Setting{"snapshot_entries", {200, 0}},
                             VariantInfo::Setting{"session_timeout", {(60_s).count(), 0}},
                             VariantInfo::Setting{"disk_stall", {(2_s).count(), 0}}};

constexpr std::array kVariants = {
    VariantInfo{"pre-vote", "servers ask before they stand (section 9.6)", kPreVoteOnly},
    VariantInfo{"check-quorum",
                "leaders without a majority step down; servers that hear one do not vote "
                "(sections 4.2.3, 6.2)",
                kCheckQuorumOnly},
    VariantInfo{"stable", "pre-vote and check-quorum: what to run", kStable},
    VariantInfo{"read-index", "reads skip the log (section 6.4)", kReadIndexOnly},
    VariantInfo{"lease", "stable, and reads by the leader's lease (section 6.4.1)", kLeases},
    VariantInfo{"full",
                "stable, with ReadIndex, snapshots, sessions that expire, and leaders that step "
                "down on a stalled disk",
                kAll},
};

constexpr std::array kMeasures = {
    MeasureInfo{
        "time_to_elect", "from the crash of the leader until all others have heard the next",
        "Ongaro and Ousterhout 2014, section 9.3", MeasureKind::kTime, &make_measure<TimeToElect>},
    MeasureInfo{"no_election", "whether nobody is elected before the end",
                "Ongaro and Ousterhout 2014, section 9.3", MeasureKind::kYesOrNo,
                &make_measure<NoElection>},
    MeasureInfo{"split_vote", "whether the first election needed more than one term",
                "Ongaro 2014, section 9.2", MeasureKind::kYesOrNo, &make_measure<SplitVote>},
};

std::string_view validate(std::span<const Value> values, std::uint32_t /*nodes*/) {
  return complaint(bind_parameters<Parameters>(values));
}

/// Elections are rounds of one timeout each at the most; one fails where votes split or messages
/// are lost, and twenty in a row do not. That is, if a round is long enough for two messages and
/// two disk writes at their slowest, and no follower stands because one heartbeat was slower than
/// the one before: "broadcast time << election timeout" (section 3.9). And servers that were
/// removed disturb the others for ever, unless these mind that they have a leader (section 4.2.3).
std::optional<Duration> recovery(std::span<const Value> values, const WorldConfig& world,
                                 bool asked) {
  const auto parameters = bind_parameters<Parameters>(values);
  if (asked && !parameters.check_quorum) return std::nullopt;
  return leader_within(parameters.election_timeout, parameters.heartbeat, world);
}

/// "Persistent state ... updated on stable storage": a server cannot know that its disk is a new
/// one, or that a sync lied. (Damage it finds, and stops for good.) And the lease of a leader whose
/// clock stands still never ends (section 6.4.1).
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies,
                                                &faults::kClockFreeze};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "raft",
    .title = "Raft",
    .paper =
        "Diego Ongaro and John Ousterhout: In Search of an Understandable Consensus Algorithm "
        "(USENIX ATC 2014); Diego Ongaro: Consensus: Bridging Theory and Practice (2014)",
    .about =
        "A replicated log with a strong leader: elections by randomised timeouts, replication "
        "by AppendEntries, commitment by majority of entries of the leader's own term.",
    .workload = "kv",
    .min_nodes = 1,
    .max_nodes = ServerSet::kMost,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = kAdministratorActions,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .measures = kMeasures,
    .validate = validate,
    .recovery = recovery,
    .make = kMake<Server>,
};

}  // namespace seedbed::raft
