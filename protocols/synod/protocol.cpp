// The entry of single-decree Paxos in the registry.
#include "protocols/protocol.h"

#include <array>

#include "protocols/synod/fault_points.h"
#include "protocols/synod/invariants.h"
#include "protocols/synod/mutants.h"
#include "protocols/synod/replica.h"
#include "sim/chaos/fault.h"
#include "sim/world/leader_timeouts.h"

namespace seedbed::synod {

namespace {

template <class R>
constexpr auto kMake = &make_process<R, Parameters>;

constexpr std::array kRoles = {RoleInfo{"leader", "leaders"}, RoleInfo{"follower", "followers"},
                               RoleInfo{"observer", "observers"}};

constexpr std::array kInvariants = {
    InvariantInfo{Agreement::kName, "no two replicas take different values of a slot for chosen",
                  "Lamport 2001, section 2.1"},
    InvariantInfo{Validity::kName, "what is chosen is a no-op or what a client has asked for",
                  "Lamport 2001, section 2.1"},
    InvariantInfo{PromisesKept::kName,
                  "an acceptor accepts nothing below what it promised, also "
                  "after a crash",
                  "Lamport 2001, section 2.2 (P1a)"},
    InvariantInfo{OneValueARound::kName, "a round proposes one value for a slot, but a fast one",
                  "Lamport 2001, section 2.2; Lamport 2006, section 3.1"},
    InvariantInfo{ChosenByAQuorum::kName,
                  "what is taken for chosen was accepted by a quorum of one round",
                  "Lamport 2001, section 2.1; Lamport 2006, section 3.3"},
};
constexpr std::array<MakeWatch, 1> kWatches = {
    &make_watch<Replica, Agreement, Validity, PromisesKept, OneValueARound, ChosenByAQuorum>};

constexpr std::array kMutants = {
    MutantInfo{"forgets-promise", "forgets on a restart what it promised", PromisesKept::kName,
               kMake<ForgetsPromise>},
    MutantInfo{"accepts-below-promise", "accepts proposals of any round", PromisesKept::kName,
               kMake<AcceptsBelowPromise>},
    MutantInfo{"reuses-round", "tries again in a round that it has used", OneValueARound::kName,
               kMake<ReusesRound>},
    MutantInfo{"proposes-unsynced", "recovers from a collision before its disk knows of the round",
               OneValueARound::kName, kMake<ProposesUnsynced>},
    MutantInfo{"ignores-accepted", "proposes what it likes, whatever was accepted",
               Agreement::kName, kMake<IgnoresAccepted>},
    MutantInfo{"fills-with-command", "fills slots with a command that nobody asked for",
               Validity::kName, kMake<FillsWithCommand>},
    MutantInfo{"small-quorum", "takes for chosen what one acceptor too few has accepted",
               ChosenByAQuorum::kName, kMake<SmallQuorum>},
    MutantInfo{"small-fast-quorum", "takes a majority for a fast quorum", ChosenByAQuorum::kName,
               kMake<SmallFastQuorum>},
    MutantInfo{"uses-members-at-once", "takes new members for those of the very next slot",
               ChosenByAQuorum::kName, kMake<UsesMembersAtOnce>},
    MutantInfo{"picks-first-vote",
               "proposes the first vote of a fast round that it is told of, "
               "whatever may have been "
               "chosen",
               Agreement::kName, kMake<PicksFirstVote>},
};

constexpr std::array kMetrics = {
    MetricInfo{"leaders", "times a replica took itself for the distinguished proposer"},
    MetricInfo{"rounds", "rounds that began with phase 1"},
    MetricInfo{"changes", "changes of the members that a leader proposed"},
    MetricInfo{"changes_refused", "changes that were not possible when asked for"},
    MetricInfo{"collisions", "fast rounds in which nothing could be chosen any more"},
};

constexpr std::array kFastRounds = {VariantInfo::Setting{"fast", {1, 0}}};
constexpr std::array kAlpha = {VariantInfo::Setting{"alpha", {16, 0}}};
constexpr std::array kVariants = {
    VariantInfo{"reconfigurable",
                "members can be changed; at most 16 slots are open at once "
                "(Lamport 2001, section "
                "3)",
                kAlpha},
    VariantInfo{"fast", "Fast Paxos: proposals go to the acceptors at once (Lamport 2006)",
                kFastRounds},
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
  NodeId leader;
  Slot most = 0;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    const auto* r = static_cast<const Replica*>(world.process({id}));
    if (r == nullptr || r->role() != "leader" || (leader && r->chosen() <= most)) continue;
    leader = {id};
    most = r->chosen();
  }
  if (!leader || members.empty()) return {};
  world.inject(leader, {}, ChangeMembers{Kind, members.bits});
  return {leader};
}

constexpr std::array kActions = {
    ProtocolAction{"add_server", "The leader is asked to add acceptors.", "Lamport 2001, section 3",
                   "who joins", &change_members<ChangeKind::kAdd>},
    ProtocolAction{"remove_server", "The leader is asked to remove acceptors.",
                   "Lamport 2001, section 3", "who leaves", &change_members<ChangeKind::kRemove>},
    ProtocolAction{"change_membership", "The leader is asked to make these the acceptors.",
                   "Lamport 2001, section 3", "the acceptors to be",
                   &change_members<ChangeKind::kReplace>},
    ProtocolAction{"campaign", "Replicas take themselves for the distinguished proposer.",
                   "Lamport 2001, section 2.4", "who does", &campaign},
};

std::string_view validate(std::span<const Value> values, std::uint32_t /*nodes*/) {
  return complaint(bind_parameters<Parameters>(values));
}

/// As long as it takes that one distinguished proposer is left, and has tried
/// again what is open: if a timeout is long enough for both phases at their
/// slowest, and no follower takes itself for it because one heartbeat was
/// slower than the one before.
std::optional<Duration> recovery(std::span<const Value> values, const WorldConfig& world,
                                 bool asked) {
  const auto parameters = bind_parameters<Parameters>(values);
  // Some of the members may be away for good, and more of them than of the
  // servers.
  if (asked && parameters.alpha > 0) return std::nullopt;
  // What is open at once may be less than what clients ask for.
  if (parameters.alpha > 0 && parameters.alpha < 16) return std::nullopt;
  return leader_within(parameters.election_timeout, parameters.heartbeat, world);
}

/// An acceptor cannot know that its disk is a new one, or that a sync lied.
constexpr const FaultInfo* kBeyondItsModel[] = {&faults::kWipe, &faults::kSyncLies};

}  // namespace

extern const Protocol kProtocol;
constinit const Protocol kProtocol = {
    .name = "synod",
    .title = "Single-decree Paxos, and Fast Paxos",
    .paper =
        "Leslie Lamport: Paxos Made Simple (2001), section 2; Leslie Lamport: Fast Paxos "
        "(Distributed Computing 19, 2006)",
    .about =
        "A log, each slot of which is one instance of single-decree Paxos with both of its phases; "
        "or begins with a fast round, in which acceptors take proposals from anybody.",
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

}  // namespace seedbed::synod
