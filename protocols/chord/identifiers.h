// The identifier circle (Stoica et al. 2003, section IV.B): places modulo 2^m. A node's identifier
// is a function of its address alone, so nobody has to remember or to send one; it is a permutation
// of the addresses that looks random, so no two nodes ever have the same one.
//
//   Circle circle(/*bits=*/32, seed, /*hashed=*/true);
//   circle.distance(circle.id_of(n1), circle.id_of(n2));        // clockwise
//   circle.between(a, x, b);                                    // x in (a, b)
#pragma once

#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/ids.h"

namespace seedbed::chord {

using Id = std::uint64_t;

class Circle {
 public:
  Circle() = default;
  Circle(std::uint32_t bits, std::uint64_t seed, bool hashed)
      : mask_((Id{1} << bits) - 1),
        key_(hash_of(seed, hash_text("chord")) & mask_),
        bits_(bits),
        shift_((bits + 1) / 2),
        hashed_(hashed) {}

  std::uint32_t bits() const { return bits_; }
  Id mask() const { return mask_; }
  Id id_of(NodeId n) const {
    if (!hashed_) return (n.value - 1) & mask_;
    Id x = (n.value ^ key_) & mask_;  // a bijection in each step
    x = ((x ^ (x >> shift_)) * kFirst) & mask_;
    x = ((x ^ (x >> shift_)) * kSecond) & mask_;
    x = ((x ^ (x >> shift_)) * kFirst) & mask_;
    return x ^ (x >> shift_);
  }
  /// Of an application's key.
  Id hash(std::uint64_t key) const { return hashed_ ? hash_of(key_, key) & mask_ : key & mask_; }

  Id plus(Id a, Id b) const { return (a + b) & mask_; }
  /// Clockwise from a to b: 0 where they are the same.
  Id distance(Id a, Id b) const { return (b - a) & mask_; }
  /// The same, where from a to a it is once around.
  Id way(Id a, Id b) const { return ((b - a - 1) & mask_) + 1; }
  bool between(Id a, Id x, Id b) const { return x != a && distance(a, x) < way(a, b); }

 private:
  static constexpr Id kFirst = 0xbf58476d1ce4e5b9;
  static constexpr Id kSecond = 0x94d049bb133111eb;
  Id mask_ = ~Id{0} >> 2;
  Id key_ = 0;
  std::uint32_t bits_ = 62;
  std::uint32_t shift_ = 31;
  bool hashed_ = true;
};

}  // namespace seedbed::chord
