// Rendezvous hashing, or highest random weight: a key draws a weight for each member, and belongs
// to the one with the highest. Members may come and go anywhere; only the keys of those move. O(n),
// and no table.
//
// Thaler and Ravishankar 1996, A Name-Based Mapping Scheme for Rendezvous (also: IEEE/ACM ToN 1998,
// Using Name-Based Mappings to Increase Hit Rates).
//
//   const std::uint32_t owner = rendezvous(hash_of(key), members);
//   const auto copies = rendezvous(hash_of(key), members, 3);     // the best first
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/hash.h"
#include "sim/hashing/hash_ring.h"

namespace seedbed::hashing {

/// Of equal weights the lower member counts as the higher one.
constexpr bool outweighs(std::uint64_t key, Member a, Member b) {
  const std::uint64_t of_a = hash_of(key, a);
  const std::uint64_t of_b = hash_of(key, b);
  return of_a != of_b ? of_a > of_b : a < b;
}

/// kNone where there are no members.
constexpr Member rendezvous(std::uint64_t key, std::span<const Member> members) {
  Member best = kNone;
  for (const Member member : members) {
    if (best == kNone || outweighs(key, member, best)) best = member;
  }
  return best;
}

/// The `count` with the highest weights, or all.
inline std::vector<Member> rendezvous(std::uint64_t key, std::span<const Member> members,
                                      std::size_t count) {
  std::vector<Member> all(members.begin(), members.end());
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), last, all.end(),
                    [key](Member a, Member b) { return outweighs(key, a, b); });
  all.erase(last, all.end());
  return all;
}

}  // namespace seedbed::hashing
