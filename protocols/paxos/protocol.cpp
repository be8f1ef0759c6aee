// Multi-Paxos' entry in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/paxos/fault_points.h"
#include "protocols/paxos/invariants.h"
#include "protocols/paxos/mutants.h"
#include "protocols/paxos/replica.h"
#include "sim/chaos/fault.h"
#include "sim/world/leader_timeouts.h"

namespace seedbed::paxos {

namespace {

template <class R>
constexpr auto kMake = &make_process<R, Parameters>;

constexpr std::array kRoles = {RoleInfo{"leader", "leaders"}, RoleInfo{"follower", "followers"},
                               RoleInfo{"candidate", "candidates"},
                               RoleInfo{"learner", "learners"}};

constexpr std::array kInvariants = {
    InvariantInfo{Agreement::kName, "no two replicas take different decrees of a slot for chosen",
                  "Lamport 2001, section 2.1"},
    InvariantInfo{Validity::kName, "what is chosen is a no-op or what a client has asked for",
                  "Lamport 2001, section 2.1"},
    InvariantInfo{PromisesKept::kName,
                  "an acceptor accepts nothing below what it promised, also after a crash",
                  "Lamport 2001, section 2.2 (P1a)"},
    InvariantInfo{OneDecreeABallot::kName, "a ballot has one decree for each slot",
                  "Lamport 2001, section 2.2"},
    InvariantInfo{ChosenByAQuorum::kName,
                  "what is taken for chosen was accepted, in one ballot, by acceptors that every "
                  "phase 1 quorum meets",
                  "Lamport 2001, section 2.2 (P2c); Howard et al. 2016, section 4"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Replica, Agreement, Validity, PromisesKept, OneDecreeABallot, ChosenByAQuorum>};

constexpr std::string_view kAgree = Agreement::kName;
constexpr std::string_view kPromise = PromisesKept::kName;

constexpr std::array kMutants = {
    MutantInfo{"forgets-promise", "forgets on a restart what it promised", kPromise,
               kMake<ForgetsPromise>},
    MutantInfo{"accepts-below-promise", "accepts proposals of any ballot", kPromise,
               kMake<AcceptsBelowPromise>},
    MutantInfo{"rejoins-empty", "votes at once with a disk that was emptied", kPromise,
               kMake<RejoinsEmpty>},
    MutantInfo{"reuses-ballot", "tries to lead under its old ballot again after a restart",
               OneDecreeABallot::kName, kMake<ReusesBallot>},
    MutantInfo{"ignores-accepted", "proposes no-ops over what the promises tell of", kAgree,
               kMake<IgnoresAccepted>},
    MutantInfo{"skips-phase-1", "leads without asking for promises", kAgree, kMake<SkipsPhase1>},
    MutantInfo{"fills-over-chosen", "fills slots with no-ops of which others know the decree",
               kAgree, kMake<FillsOverChosen>},
    MutantInfo{"learns-old-ballots", "takes what it accepted in an old ballot for chosen", kAgree,
               kMake<LearnsOldBallots>},
    MutantInfo{"trusts-lost-tail", "takes a journal whose tail the disk lost for a shorter journal",
               kAgree, kMake<TrustsLostTail>},
    MutantInfo{"fills-with-command", "fills gaps with a command that nobody asked for",
               Validity::kName, kMake<FillsWithCommand>},
    MutantInfo{"small-quorums", "takes for chosen what one acceptor too few has accepted",
               ChosenByAQuorum::kName, kMake<SmallQuorums>},
    MutantInfo{"uses-members-at-once", "takes new members for those of the very next slot",
               ChosenByAQuorum::kName, kMake<UsesMembersAtOnce>},
    MutantInfo{"counts-old-members", "counts the acceptances of those who were the members before",
               ChosenByAQuorum::kName, kMake<CountsOldMembers>},
    MutantInfo{"trusts-newcomers", "proposes to new members without their promises", kAgree,
               kMake<TrustsNewcomers>},
};

constexpr std::array kMetrics = {
    MetricInfo{"elections", "times a replica tried to lead: phase 1"},
    MetricInfo{"leaders", "times one did"},
    MetricInfo{"gaps_filled", "slots that a new leader filled with no-ops"},
    MetricInfo{"changes", "changes of the members that a leader proposed"},
    MetricInfo{"changes_refused", "changes that were not possible when asked for"},
    MetricInfo{"snapshots", "snapshots taken"},
    MetricInfo{"snapshots_installed", "snapshots received, and installed"},
};

constexpr std::array kFlexible = {VariantInfo::Setting{"phase2_quorum", {2, 0}}};
constexpr std::array kCompact = {VariantInfo::Setting{"snapshot_entries", {100, 0}}};
constexpr std::array kAlpha = {VariantInfo::Setting{"alpha", {16, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"flexible",
                "two acceptors choose a decree, and all but one make a leader (Howard et al. 2016)",
                kFlexible},
    VariantInfo{"compact", "the log is compacted every 100 decrees", kCompact},
    VariantInfo{
        "reconfigurable",
        "members can be changed; at most 16 slots are open at once (Lamport 2001, section 3)",
        kAlpha},
};

std::vector<NodeId> campaign(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> asked;
  for (const NodeId n : who) {
    if (n.value > world.servers() || !world.is_up(n)) continue;
    world.inject(n, {}, ElectionTimeout{});
    asked.push_back(n);
  }
  return asked;
}
/// Asks the leader that knows most.
template <ChangeKind Kind>
std::vector<NodeId> change_members(World& world, const std::vector<NodeId>& who) {
  ServerSet members;
  for (const NodeId n : who) {
    if (n.value <= world.servers()) members.insert(n);
  }
  const Replica* leader = nullptr;
  NodeId id;
  for (std::uint32_t i = 1; i <= world.servers(); ++i) {
    const auto* r = static_cast<const Replica*>(world.process({i}));
    if (r == nullptr || r->paxos_role() != Role::kLeader) continue;
    if (leader != nullptr && r->ballot() <= leader->ballot()) continue;
    leader = r;
    id = {i};
  }
  if (leader == nullptr || members.empty()) return {};
  world.inject(id, {}, ChangeMembers{Kind, members.bits});
  return {id};
}

constexpr std::array kActions = {
    ProtocolAction{"add_server", "The leader is asked to add acceptors.", "Lamport 2001, section 3",
                   "who joins", &change_members<ChangeKind::kAdd>},
    ProtocolAction{"remove_server", "The leader is asked to remove acceptors.",
                   "Lamport 2001, section 3", "who leaves", &change_members<ChangeKind::kRemove>},
    ProtocolAction{"change_membership", "The leader is asked to make these the acceptors.",
                   "Lamport 2001, section 3", "the acceptors to be",
                   &change_members<ChangeKind::kReplace>},
    ProtocolAction{"campaign", "Replicas try to lead as if they had heard nobody for long.",
                   "Lamport 2001, section 3", "who tries", &campaign},
};

std::string_view validate(std::span<const Value> values, std::uint32_t nodes) {
  return complaint(bind_parameters<Parameters>(values), nodes);
}

/// As long as a leader needs that is found by timeouts: one fails where two try at once, or
/// messages are lost. That is, if a timeout is long enough for both phases at their slowest, and no
/// follower tries because one heartbeat was slower than the one before. With quorums of other sizes
/// more replicas may have to live than a majority.
std::optional<Duration> recovery(std::span<const Value> values, const WorldConfig& world,
                                 bool asked) {
  const auto parameters = bind_parameters<Parameters>(values);
  // Of the members that were asked for, more may be away than of those before.
  if (asked && parameters.alpha > 0) return std::nullopt;
  if (parameters.alpha > 0 && parameters.alpha < 16) return std::nullopt;
  if (parameters.phase1_quorum > 0 || parameters.phase2_quorum > 0) return std::nullopt;
  // Who lags behind learns a long log before it leads, a round trip for every max_entries.
  if (parameters.max_entries < 16) return std::nullopt;
  return leader_within(parameters.election_timeout, parameters.heartbeat, world);
}

/// A disk that was emptied is never trusted again, so a swarm that empties one after the other
/// leaves nobody to vote; and nobody can know that a sync lied.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "paxos",
    .title = "Multi-Paxos",
    .paper =
        "Leslie Lamport: Paxos Made Simple (2001); Jonathan Kirsch and Yair Amir: Paxos for "
        "System Builders (2008); Tushar Chandra, Robert Griesemer, Joshua Redstone: Paxos "
        "Made Live (PODC 2007); Heidi Howard, Dahlia Malkhi, Alexander Spiegelman: Flexible "
        "Paxos (OPODIS 2016)",
    .about =
        "A replicated log, each slot of which is decided by Paxos: a stable leader asks for "
        "promises once, for all slots, and then for one acceptance a decree; slots are "
        "decided in any order, and executed in theirs.",
    .workload = "kv",
    .min_nodes = 1,
    .max_nodes = ServerSet::kMost,
    .parameters = kParametersOf<Parameters>,
    .variants = kVariants,
    .roles = kRoles,
    .invariants = kInvariants,
    .watches = kWatches,
    .mutants = kMutants,
    .actions = kActions,
    .beyond_its_model = kBeyondItsModel,
    .metrics = kMetrics,
    .fault_points = fault_points::kAll,
    .validate = validate,
    .recovery = recovery,
    .make = kMake<Replica>,
};

}  // namespace seedbed::paxos
