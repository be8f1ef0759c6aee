// The mixing functions under every digest and every random draw: integers in, integers out, the
// same bits on every machine. Multiply-and-fold after wyhash (Wang Yi), finaliser of SplitMix64
// (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators").
#pragma once

#include <cstdint>
#include <string_view>

namespace seedbed {

__extension__ typedef unsigned __int128 Uint128;
__extension__ typedef __int128 Int128;

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

/// The high word of a * b.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((Uint128{a} * b) >> 64);
}

/// Folds two words into one; cheap, and well mixed for digests.
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Uint128 product = Uint128{a ^ 0x2d358dccaa6c78a5} * (b ^ 0x8bb84b93962eacc9);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// A bijection of 64 bits whose output passes as random: the finaliser of SplitMix64.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// `hash(seed, a, b, ...)`: a key for a random stream or a decision, by value, not by order of use.
constexpr std::uint64_t hash_of(std::uint64_t seed) { return scramble(seed + kGolden); }
template <class... Rest>
constexpr std::uint64_t hash_of(std::uint64_t seed, std::uint64_t next, Rest... rest) {
  return hash_of(scramble(seed + kGolden) ^ fold(next, kGolden), rest...);
}

/// `hash_of(seed, a, b, next)`, where `so_far` is hash_of(seed, a, b): for many a `next`.
constexpr std::uint64_t hash_on(std::uint64_t so_far, std::uint64_t next) {
  return hash_of(so_far ^ fold(next, kGolden));
}

/// FNV-1a over text, scrambled: the stable name of a stream, a message or a check.
constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return scramble(h);
}

}  // namespace seedbed
