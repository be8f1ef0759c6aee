// Which servers stand together for one site of two-phase commit. A group goes by the name of its
// first node, so that a trace says who is meant: n4 is the group that begins with n4.
//
//   const Groups groups({3, 3, 3});
//   groups.name_of(NodeId{5});       // n4
//   groups.members(NodeId{4});       // n4, n5, n6
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/server_set.h"

namespace seedbed::commit_over_raft {

class Groups {
 public:
  /// Of each group how many nodes it has, by rising id.
  explicit Groups(std::span<const std::uint32_t> sizes) {
    std::uint32_t first = 1;
    for (const std::uint32_t size : sizes) {
      groups_.push_back(
          {{first}, ServerSet::first(first + size - 1) - ServerSet::first(first - 1)});
      first += size;
    }
  }

  std::uint32_t count() const { return static_cast<std::uint32_t>(groups_.size()); }
  /// From 0.
  NodeId name(std::uint32_t group) const { return groups_[group].name; }
  /// Nobody for who has joined later: it belongs to no group.
  NodeId name_of(NodeId n) const {
    for (const Group& group : groups_) {
      if (group.members.contains(n)) return group.name;
    }
    return kNobody;
  }
  ServerSet members(NodeId name) const {
    for (const Group& group : groups_) {
      if (group.name == name) return group.members;
    }
    return {};
  }

 private:
  struct Group {
    NodeId name;
    ServerSet members;
  };
  std::vector<Group> groups_;
};

}  // namespace seedbed::commit_over_raft
