// What a judge says. Three values: a checker that ran out of its budget says unknown, never pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed {

enum class Verdict : std::uint8_t { kPass, kFail, kUnknown };
constexpr std::string_view name_of(Verdict v) {
  constexpr std::string_view kNames[] = {"pass", "fail", "unknown"};
  return kNames[static_cast<std::uint8_t>(v)];
}
/// Fail if either failed, else unknown if either is undecided, else pass.
constexpr Verdict worse(Verdict a, Verdict b) {
  if (a == Verdict::kFail || b == Verdict::kFail) return Verdict::kFail;
  return a == Verdict::kPass ? b : a;
}

struct Violation {
  std::string check;
  Time at;
  std::uint64_t event = 0;    // its number in the run
  std::vector<NodeId> nodes;  // who is involved
  std::string message;        // what was expected, what was seen
  std::string shape;          // the way of failing, without ids, numbers or times

  /// The same way of failing has the same fingerprint, whatever the seed.
  std::uint64_t fingerprint() const;
};

}  // namespace seedbed
