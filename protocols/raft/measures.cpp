#include "protocols/raft/measures.h"

#include "protocols/raft/server.h"

namespace seedbed::raft {

namespace {

constexpr std::string_view kLeader = "leader";

}  // namespace

void TimeToElect::look(const World& world, NodeId touched) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) see(changes[++seen_]);
  if (!elected_ || heard_ || !touched) return;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    const auto* server = static_cast<const Server*>(world.process({id}));
    if (server != nullptr && server->leader() != leader_) return;
  }
  heard_ = world.now();
}

void TimeToElect::see(const RoleChange& change) {
  if (change.role == kLeader && change.epoch > term_) {
    leader_ = change.node;
    term_ = change.epoch;
    elected_ = crashed_.has_value();
  } else if (change.role == "down" && change.node == leader_ && !crashed_) {
    crashed_ = change.at;
  }
}

std::optional<std::int64_t> TimeToElect::value() const {
  if (!heard_) return std::nullopt;
  return (*heard_ - *crashed_).count();
}

void NoElection::look(const World& world, NodeId /*touched*/) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) {
    if (changes[++seen_].role == kLeader) value_ = 0;
  }
}

void SplitVote::look(const World& world, NodeId /*touched*/) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) {
    const RoleChange& change = changes[++seen_];
    if (change.role == kLeader && !split_) split_ = change.epoch == 1 ? 0 : 1;
  }
}

}  // namespace seedbed::raft
