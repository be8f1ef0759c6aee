#include "sim/hashing/bounded_loads.h"

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/flat_map.h"
#include "sim/base/hash.h"

namespace seedbed::hashing {

std::uint64_t bounded_capacity(std::uint64_t keys, std::uint64_t members, std::uint32_t percent) {
  SEEDBED_ASSERT(members > 0 && percent >= 100, "{}% of the load of {} members have no room",
                 percent, members);
  const Uint128 whole = Uint128{keys} * percent;
  const Uint128 parts = Uint128{members} * 100;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>((whole + parts - 1) / parts));
}

std::vector<Member> place_bounded(const HashRing& ring, std::size_t members,
                                  std::span<const std::uint64_t> keys, std::uint32_t percent) {
  std::vector<Member> owners(keys.size(), kNone);
  if (ring.empty()) return owners;
  const std::uint64_t capacity = bounded_capacity(keys.size(), members, percent);
  FlatMap<Member, std::uint64_t> loads;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t step = 0;
    while (loads[ring.from(keys[i], step).member] >= capacity) ++step;
    owners[i] = ring.from(keys[i], step).member;
    ++loads[owners[i]];
  }
  return owners;
}

}  // namespace seedbed::hashing
