// Consistent hashing with bounded loads: no member has more than `percent` of the mean load, and
// few keys move. A key goes to the first member from its position on that is not full.
//
// Mirrokni, Thorup, Zadimoghaddam 2016, Consistent Hashing with Bounded Loads. Keys are placed in
// their order in the list, so that where they lie depends on keys and members alone, and not on
// how they came. The capacity is the same for all: ceil(c m / n) keys.
//
//   const auto owners = place_bounded(ring, 10, keys, 125);    // 10 members, at most 5/4 of the
//   mean
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/hashing/hash_ring.h"

namespace seedbed::hashing {

/// ceil(percent / 100 * keys / members), at least 1. `percent` is at least 100.
std::uint64_t bounded_capacity(std::uint64_t keys, std::uint64_t members, std::uint32_t percent);

/// The owner of each position of `keys`; kNone where the ring is empty. `members`: how many stand
/// on it.
std::vector<Member> place_bounded(const HashRing& ring, std::size_t members,
                                  std::span<const std::uint64_t> keys, std::uint32_t percent);

}  // namespace seedbed::hashing
