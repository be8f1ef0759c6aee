// The timers that clients of every workload know.
#pragma once

#include <cstdint>

namespace seedbed {

struct NextOperation {
  static constexpr auto kName = "NextOperation";
  constexpr void describe(auto&) const {}
};
struct AskAgain {
  static constexpr auto kName = "AskAgain";
  std::uint64_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
struct GiveUp {
  static constexpr auto kName = "GiveUp";
  std::uint64_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
struct ReadBack {
  static constexpr auto kName = "ReadBack";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed
