// What a collection held, from when to when, where every value was put once: then what a queue, a
// stack or a bag saw can be judged without a search, in n log n (Gibbons, Bruno and Phillips 2002,
// "Black-box correctness tests"; Bouajjani, Emmi, Enea and Hamza 2015, "On reducing
// linearizability to state reachability"). collections.h does.
//
//   const HeldValues held = hold_values(calls);
//   if (held.plain) judge(held.values, held.empties);   // else some value was put twice
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/models.h"

namespace seedbed {

/// One value. Positions are twice those of the calls, so that there is one between any two of them.
/// The put is over before what took it is, and it was taken after it began to be put.
struct HeldValue {
  static constexpr std::uint64_t kFar = std::uint64_t{1} << 63;  // kNever
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t put = kNone;   // calls; both kNone: nothing was there
  std::uint32_t take = kNone;  // kNone: nobody took it
  std::uint64_t put_from = 0;
  std::uint64_t put_until = kFar;
  std::uint64_t take_from = kFar;
  std::uint64_t take_until = kFar;

  /// It is there between these at least.
  bool solid() const { return put_until < take_from; }
};

struct HeldValues {
  bool plain = true;                     // no value was put twice
  std::uint64_t failed_by = 0;           // a value was taken without being there, until then; or 0
  std::vector<HeldValue> values;         // those of which somebody must have put one
  std::vector<std::uint32_t> empties;    // calls that returned: nothing was there
  std::vector<std::uint32_t> any_takes;  // that took nobody knows what, if anything
};

/// A call is a put (code 0), a take (1), or found nothing (2). What never returned and is needed by
/// nobody is left out: any order stays right without that value.
HeldValues hold_values(std::span<const Call<Act>> calls);

/// Gives each of these an instant at which no value is bound to be there: `at` and `until` of each
/// are twice the positions of a call. The index of the first for which there is none, or kNone.
std::uint32_t place_empties(std::span<const HeldValue> values, std::span<HeldValue> empties);

}  // namespace seedbed
