#include "protocols/raft/configuration.h"

#include <fmt/format.h>

namespace seedbed::raft {

namespace {

std::string list(ServerSet servers) {
  std::string text = "(";
  for (const NodeId n : servers) text += fmt::format("{}{}", text.size() > 1 ? " " : "", n.value);
  return text + ")";
}

void remove(Configuration& c, NodeId server) {
  c.voters.erase(server);
  c.learners.erase(server);
  c.learners_next.erase(server);
}

void add_voter(Configuration& c, NodeId server) {
  remove(c, server);
  c.voters.insert(server);
}

/// A voter of C_old keeps its vote until the joint configuration ends.
void add_learner(Configuration& c, NodeId server) {
  remove(c, server);
  (c.old_voters.contains(server) ? c.learners_next : c.learners).insert(server);
}

/// Each change as if it stood alone: adding a member again, or removing a stranger, does nothing.
void apply(Configuration& c, std::span<const Change> changes) {
  for (const auto& [kind, server] : changes) {
    switch (kind) {
      case ChangeKind::kAddVoter: add_voter(c, server); break;
      case ChangeKind::kAddLearner: add_learner(c, server); break;
      case ChangeKind::kRemove: remove(c, server); break;
    }
  }
}

}  // namespace

std::string brief_text(const Configuration& c) {
  std::string text = list(c.voters);
  if (c.is_joint()) text += "&&" + list(c.old_voters);
  if (!c.learners.empty()) text += " learners=" + list(c.learners);
  if (!c.learners_next.empty()) text += " learners_next=" + list(c.learners_next);
  if (c.auto_leave) text += " autoleave";
  return text;
}

Changed change_one(const Configuration& from, std::span<const Change> changes) {
  if (from.is_joint()) return {from, ChangeError::kSimpleInJoint};
  Configuration to = from;
  apply(to, changes);
  if (to.voters.empty()) return {from, ChangeError::kRemovedAll};
  const std::size_t changed = (to.voters - from.voters).size() + (from.voters - to.voters).size();
  if (changed > 1) return {from, ChangeError::kMoreThanOne};
  return {to};
}

Changed enter_joint(const Configuration& from, std::span<const Change> changes, bool auto_leave) {
  if (from.is_joint()) return {from, ChangeError::kAlreadyJoint};
  if (from.voters.empty()) return {from, ChangeError::kNoVoters};
  Configuration to = from;
  to.old_voters = from.voters;
  to.auto_leave = auto_leave;
  apply(to, changes);
  if (to.voters.empty()) return {from, ChangeError::kRemovedAll};
  return {to};
}

Changed leave_joint(const Configuration& from) {
  if (!from.is_joint()) return {from, ChangeError::kNotJoint};
  Configuration to{.voters = from.voters, .learners = from.learners | from.learners_next};
  return {to};
}

}  // namespace seedbed::raft
