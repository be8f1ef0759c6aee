// Jump consistent hash: a key's bucket among n of them, without any table. Buckets are numbered
// from 0, and come and go at the upper end only; then 1/(n+1) of the keys move, all of them into
// the new bucket, and loads are as even as if they had been drawn.
//
// Lamping and Veach 2014, A Fast, Minimal Memory, Consistent Hash Algorithm. The key is the seed of
// the paper's generator, so that buckets are the published ones. Its quotient is taken in integers:
// the paper's rounding of real numbers cannot occur.
//
//   const std::uint32_t bucket = jump_hash(hash_of(key), 10);   // 0..9
#pragma once

#include <cstdint>

namespace seedbed::hashing {

/// `buckets` is at least 1 and below 2^32. O(log buckets): what a key has jumped to is where it
/// stays until the next jump, and each jump is, on the average, twice as far as the last.
constexpr std::uint32_t jump_hash(std::uint64_t key, std::uint32_t buckets) {
  constexpr std::uint64_t kMultiplier = 2'862'933'555'777'941'757;
  std::uint64_t bucket = 0;
  for (std::uint64_t next = 0; next < buckets;) {
    bucket = next;
    key = key * kMultiplier + 1;
    const std::uint64_t draw = (key >> 33) + 1;  // in (0, 2^31]
    next = ((bucket + 1) << 31) / draw;
  }
  return static_cast<std::uint32_t>(bucket);
}

}  // namespace seedbed::hashing
