#include "protocols/raft/measures.h"

namespace seedbed::raft {

namespace {

constexpr std::string_view kLeader = "leader";

}  // namespace

void TimeToElect::look(const World& world, NodeId /*touched*/) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) see(changes[++seen_]);
}

void TimeToElect::see(const RoleChange& change) {
  if (change.role == kLeader && change.epoch > term_) {
    leader_ = change.node;
    term_ = change.epoch;
    if (crashed_ && !elected_) elected_ = change.at;
  } else if (change.role == "down" && change.node == leader_ && !crashed_) {
    crashed_ = change.at;
  }
}

std::optional<std::int64_t> TimeToElect::value() const {
  if (!elected_) return std::nullopt;
  return (*elected_ - *crashed_).count();
}

void SplitVote::look(const World& world, NodeId /*touched*/) {
  const auto& changes = world.role_changes();
  while (seen_ < changes.last_index()) {
    const RoleChange& change = changes[++seen_];
    if (change.role == kLeader && !split_) split_ = change.epoch == 1 ? 0 : 1;
  }
}

}  // namespace seedbed::raft
