// The space of node ids and keys, and the distance in it: x XOR y as an integer (section 2.1).
//
//   const Space space(seed, 64);
//   const Id d = space.id_of(n1) ^ space.id_of_key(17);
//   const unsigned bucket = bucket_of(d);            // 2^bucket <= d < 2^(bucket+1)
#pragma once

#include <bit>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/ids.h"

namespace seedbed::kademlia {

using Id = std::uint64_t;

/// Of a distance that is not 0.
constexpr std::uint32_t bucket_of(Id distance) {
  return 63U - static_cast<std::uint32_t>(std::countl_zero(distance));
}

/// Ids are drawn once a run, and different for all nodes, of which there are fewer than ids: a
/// keyed permutation of the addresses, where the paper takes random numbers of 160 bits.
class Space {
 public:
  constexpr Space() = default;
  constexpr Space(std::uint64_t seed, std::uint32_t bits)
      : bits_(bits), key_(hash_of(seed, hash_text("kademlia"))) {}

  constexpr std::uint32_t bits() const { return bits_; }
  constexpr Id id_of(NodeId node) const {
    Id id = (node.value + key_) & mask();
    for (int round = 0; round < 3; ++round) {
      id = (id * (kGolden | 1)) & mask();
      id ^= id >> ((bits_ + 1) / 2);
    }
    return id;
  }
  constexpr Id id_of_key(std::uint64_t key) const { return hash_of(key) & mask(); }

 private:
  constexpr Id mask() const { return ~Id{0} >> (64 - bits_); }

  std::uint32_t bits_ = 64;
  std::uint64_t key_ = 0;
};

}  // namespace seedbed::kademlia
