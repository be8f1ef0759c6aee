// Names for nodes, as chaos uses them: n3, c1, [n1, n2], a group, a region, a role (leader,
// followers), all, random, random(2), random(40%), random(2 followers), minority, majority. Names
// that can mean nobody in this scenario are errors.
//
//   Who who{.nodes = 5, .clients = 8, .groups = {}, .protocol = find_protocol("raft")};
//   SelectorForm{&who}.read(at, fault.who);
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/protocol.h"
#include "sim/chaos/plan.h"
#include "sim/run/scenario.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"

namespace seedbed {

/// Who there is to be named.
struct Who {
  std::uint32_t nodes = 0;
  std::uint32_t clients = 0;
  std::uint32_t spares = 0;  // servers that may join, named after the nodes
  std::span<const NodeGroup> groups;
  std::span<const Regions::Place> regions;
  const Protocol* protocol = nullptr;
  /// False where the scenario's nodes, groups, clients or protocol are wrong themselves: then there
  /// is no telling whether a name means nobody.
  bool certain = true;
  /// Nodes named so far, over the whole plan: a group of a million named ten thousand times is a
  /// plan that nobody can hold.
  mutable std::size_t named = 0;

  std::uint32_t servers() const { return nodes + spares; }
  /// "n6 to n7".
  std::string spare_names() const;
};

struct SelectorForm {
  const Who* who = nullptr;
  void read(const Cursor& at, Selector& out) const;
  Shape shape() const;
};

/// Two nodes at least: the ends of links.
struct EndsForm {
  const Who* who = nullptr;
  void read(const Cursor& at, Selector& out) const;
  Shape shape() const;
};

/// A shape's name, or lists of nodes: [[n1, n2], [n3, n4, n5]].
struct PartitionForm {
  const Who* who = nullptr;
  void read(const Cursor& at, PartitionShape& out) const;
  Shape shape() const;
};

/// True for words that a group must not be called: they mean something to a selector already.
bool is_taken(std::string_view name, const Protocol* protocol);

}  // namespace seedbed
