#include "protocols/raft/administrator.h"

#include "protocols/raft/server.h"

namespace seedbed::raft {

namespace {

using Nodes = std::vector<NodeId>;

const Server* server(const World& world, NodeId n) {
  return static_cast<const Server*>(world.process(n));
}

/// The leader of the newest term, as an administrator would find it; nobody without one.
NodeId find_leader(const World& world) {
  NodeId leader;
  Term newest = 0;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    const Server* s = server(world, {id});
    if (s == nullptr || s->raft_role() != Role::kLeader || s->current_term() <= newest) continue;
    leader = {id};
    newest = s->current_term();
  }
  return leader;
}

/// Servers of this cluster among `who`: clients are never members.
ServerSet servers_of(const World& world, const Nodes& who) {
  ServerSet set;
  for (const NodeId n : who) {
    if (n.value <= world.servers()) set.insert(n);
  }
  return set;
}

template <class Ask>
Nodes ask_leader(World& world, Ask ask) {
  const NodeId leader = find_leader(world);
  if (!leader) return {};
  world.inject(leader, {}, ask);
  return {leader};
}

template <ChangeKind Kind>
Nodes change_server(World& world, const Nodes& who) {
  const ServerSet servers = servers_of(world, who);
  if (servers.empty()) return {};
  return ask_leader(world, ChangeServer{Kind, *servers.begin()});
}

Nodes change_membership(World& world, const Nodes& who) {
  const ServerSet voters = servers_of(world, who);
  if (voters.empty()) return {};
  return ask_leader(world, ChangeVoters{voters.bits});
}

Nodes transfer_leadership(World& world, const Nodes& who) {
  const ServerSet servers = servers_of(world, who);
  if (servers.empty()) return {};
  return ask_leader(world, TransferLeadership{*servers.begin()});
}

Nodes campaign(World& world, const Nodes& who) {
  Nodes asked;
  for (const NodeId n : servers_of(world, who)) {
    if (!world.is_up(n)) continue;
    world.inject(n, {}, ElectionTimeout{});
    asked.push_back(n);
  }
  return asked;
}

}  // namespace

constinit const std::array<ProtocolAction, 6> kAdministratorActions = {
    ProtocolAction{"add_server",
                   "The leader is asked to add a voter, which learns first until it has caught up.",
                   "Ongaro 2014, sections 4.1 and 4.2.1", "who joins; of several the first",
                   &change_server<ChangeKind::kAddVoter>},
    ProtocolAction{"add_learner",
                   "The leader is asked to add a member that receives the log and does not vote.",
                   "Ongaro 2014, section 4.2.1", "who learns; of several the first",
                   &change_server<ChangeKind::kAddLearner>},
    ProtocolAction{"remove_server", "The leader is asked to remove a member.",
                   "Ongaro 2014, sections 4.1 and 4.2.2", "who leaves; of several the first",
                   &change_server<ChangeKind::kRemove>},
    ProtocolAction{"change_membership",
                   "The leader is asked to make these the voters, by joint consensus.",
                   "Ongaro 2014, section 4.3", "the voters to be", &change_membership},
    ProtocolAction{"transfer_leadership", "The leader is asked to hand over.",
                   "Ongaro 2014, section 3.10", "to whom; of several the first",
                   &transfer_leadership},
    ProtocolAction{"campaign", "Servers stand for election as if they had heard nobody for long.",
                   "Ongaro 2014, section 3.4", "who stands", &campaign},
};

}  // namespace seedbed::raft
