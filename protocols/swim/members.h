// What a member knows of the others: what differs from the beginning, when all servers that the
// group began with are alive in incarnation 0. So ten thousand members of a quiet group cost ten
// thousand times nothing, not ten thousand times ten thousand entries.
//
//   Members members(5);
//   members.set({3}, {1, State::kSuspect});
//   members.holds({3});                    // true: a suspected member is one
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/swim/messages.h"
#include "sim/base/flat_map.h"

namespace seedbed::swim {

struct Known {
  Incarnation incarnation = 0;
  State state = State::kAlive;
  constexpr bool operator==(const Known&) const = default;
};

class Members {
 public:
  Members() = default;
  /// n1 to n`first` are alive.
  explicit Members(std::uint32_t first) : first_(first), size_(first) {}

  /// Nothing of who was never heard of.
  std::optional<Known> of(NodeId n) const {
    const auto found = changed_.find(n.value);
    if (found != changed_.end()) return found->second;
    return n.value <= first_ ? std::optional(Known{}) : std::nullopt;
  }
  /// Alive or suspected.
  bool holds(NodeId n) const {
    const auto known = of(n);
    return known && known->state != State::kDead;
  }
  /// How many it holds.
  std::uint32_t size() const { return size_; }
  void set(NodeId n, Known known) {
    size_ -= holds(n) ? 1U : 0U;
    size_ += known.state != State::kDead ? 1U : 0U;
    changed_[n.value] = known;
  }
  /// By rising id: what is not as it was in the beginning.
  const FlatMap<std::uint32_t, Known>& changed() const { return changed_; }

 private:
  FlatMap<std::uint32_t, Known> changed_;
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace seedbed::swim
