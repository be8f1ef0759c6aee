// An iterative lookup (section 2.3): whom it has heard of, by distance to its target, and whom to
// ask next. It is over when the k closest of those that are not silent have answered. Plain data,
// without clocks and messages; the order is the caller's.
//
//   Lookup lookup(target);
//   lookup.add(n7, distance, std::less<>{});    // the order of distances
//   while (auto n = lookup.next(20, 3)) ask(*n);
//   lookup.answered(n7, progressed);
//   if (lookup.is_over(20)) use(lookup.closest(20));
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/kademlia/id.h"
#include "sim/base/ids.h"

namespace seedbed::kademlia {

struct Candidate {
  enum class State : std::uint8_t { kNew, kAsked, kSlow, kAnswered, kSilent };
  NodeId node;
  State state = State::kNew;
  Id distance = 0;
};

class Lookup {
 public:
  using State = Candidate::State;

  Lookup() = default;
  explicit Lookup(Id target) : target_(target) {}

  Id target() const { return target_; }
  const std::vector<Candidate>& candidates() const { return candidates_; }

  /// True where it is closer than all that were known.
  template <class Closer>
  bool add(NodeId node, Id distance, Closer closer) {
    for (const Candidate& c : candidates_) {
      if (c.node == node) return false;
    }
    const auto at = std::find_if(candidates_.begin(), candidates_.end(),
                                 [&](const Candidate& c) { return closer(distance, c.distance); });
    const bool first = at == candidates_.begin();
    candidates_.insert(at, {node, State::kNew, distance});
    return first;
  }
  /// The closest of those that are to be asked now: among the k closest, while fewer than `alpha`
  /// requests are under way; all of the k closest once a round of answers brought nothing closer.
  std::optional<NodeId> next(std::uint32_t k, std::uint32_t alpha);
  void set(NodeId node, State state);
  void answered(NodeId node, bool progressed) {
    set(node, State::kAnswered);
    dry_ = progressed ? 0 : dry_ + 1;
  }
  bool is_over(std::uint32_t k) const;
  /// Those that have answered, of the k closest.
  std::vector<NodeId> closest(std::uint32_t k) const;
  /// Forgets who is too far away to matter.
  void trim(std::size_t most);

 private:
  Id target_ = 0;
  std::uint32_t dry_ = 0;              // answers since the last that brought something closer
  std::vector<Candidate> candidates_;  // the closest first
};

}  // namespace seedbed::kademlia
