// Raft's entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/raft/invariants.h"
#include "protocols/raft/measures.h"
#include "protocols/raft/mutants.h"
#include "protocols/raft/server.h"

namespace seedbed::raft {

namespace {

template <class S>
constexpr auto kMake = &make_process<S, Parameters>;

constexpr std::array kRoles = {RoleInfo{"leader", "leaders"}, RoleInfo{"follower", "followers"},
                               RoleInfo{"candidate", "candidates"}};

constexpr std::array kInvariants = {
    InvariantInfo{"election_safety", "at most one leader is elected in a term", "section 5.2",
                  &make_invariant<ElectionSafety>},
    InvariantInfo{"leader_append_only", "a leader never overwrites or deletes its own entries",
                  "section 5.3", &make_invariant<LeaderAppendOnly>},
    InvariantInfo{"log_matching", "two logs that agree at an index and term agree up to there",
                  "section 5.3", &make_invariant<LogMatching>},
    InvariantInfo{"leader_completeness", "every later leader has every committed entry",
                  "section 5.4", &make_invariant<LeaderCompleteness>},
    InvariantInfo{"state_machine_safety", "no two servers apply different entries at one index",
                  "section 5.4.3", &make_invariant<StateMachineSafety>},
};

constexpr std::array kMutants = {
    MutantInfo{"votes-twice", "grants its vote to every candidate of a term", "election_safety",
               kMake<VotesTwice>},
    MutantInfo{"forgets-vote", "forgets on a restart whom it voted for", "election_safety",
               kMake<ForgetsVote>},
    MutantInfo{"commits-old-terms", "commits entries of earlier terms by counting replicas",
               "leader_completeness", kMake<CommitsOldTerms>},
    MutantInfo{"acknowledges-early", "commits before a majority has the entry",
               "leader_completeness", kMake<AcknowledgesEarly>},
};

constexpr std::array kMetrics = {MetricInfo{"elections", "times a server stood for election"},
                                 MetricInfo{"leaders", "elections that were won"}};

constexpr std::array kMeasures = {
    MeasureInfo{"time_to_elect", "from the crash of the leader until a server leads",
                "Ongaro and Ousterhout 2014, section 9.3", false, &make_measure<TimeToElect>},
    MeasureInfo{"split_vote", "whether the first election needed more than one term",
                "Ongaro 2014, section 9.2", true, &make_measure<SplitVote>},
};

std::string_view validate(std::span<const Value> values) {
  const auto p = bind_parameters<Parameters>(values);
  return p.heartbeat < p.election_timeout.min
             ? ""
             : "heartbeat must be shorter than the shortest election_timeout, or followers stand "
               "for election against a leader that lives";
}

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
    .parameters = kParametersOf<Parameters>,
    .variants = {},
    .roles = kRoles,
    .invariants = kInvariants,
    .mutants = kMutants,
    .metrics = kMetrics,
    .measures = kMeasures,
    .validate = validate,
    .make = kMake<Server>,
};

}  // namespace seedbed::raft
