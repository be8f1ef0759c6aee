// A random order of 0 to n - 1 that nobody has to write down: a keyed bijection, 16 bytes instead
// of n numbers. A Feistel network on the next power of four, walked until it is back below n (Black
// and Rogaway 2002, "Ciphers with Arbitrary Finite Domains"; Luby and Rackoff 1988).
//
//   const Permutation order(rng.next(), 1000);
//   for (std::uint32_t i = 0; i < 1000; ++i) visit(order(i));      // each once
#pragma once

#include <bit>
#include <cstdint>

#include "sim/base/hash.h"

namespace seedbed {

class Permutation {
 public:
  /// Of 0 to n - 1, where n is at least 1.
  constexpr Permutation(std::uint64_t key, std::uint32_t n)
      : key_(key), n_(n), half_bits_(half_bits_of(n)) {}

  /// The place of `i`, which is below n. On the average it takes fewer than four walks.
  constexpr std::uint32_t operator()(std::uint32_t i) const {
    std::uint64_t x = i;
    do {
      x = encrypt(x);
    } while (x >= n_);
    return static_cast<std::uint32_t>(x);
  }

 private:
  /// Few bits need many rounds to be mixed: with four of them small orders are visibly uneven.
  constexpr int rounds() const { return half_bits_ < 4 ? 12 : 6; }
  static constexpr unsigned half_bits_of(std::uint32_t n) {
    const auto bits = static_cast<unsigned>(std::bit_width(n - 1));
    return bits < 2 ? 1 : (bits + 1) / 2;
  }
  constexpr std::uint64_t encrypt(std::uint64_t x) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = x >> half_bits_;
    std::uint64_t right = x & mask;
    for (int round = 0; round < rounds(); ++round) {
      const std::uint64_t mixed =
          scramble(key_ + static_cast<std::uint64_t>(round) * kGolden + right * 0xd1342543de82ef95);
      const std::uint64_t next = left ^ (mixed & mask);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  std::uint64_t key_;
  std::uint32_t n_;
  unsigned half_bits_;
};

}  // namespace seedbed
