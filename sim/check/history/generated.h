// Histories of services that are right, as long as one likes, and with one answer changed: what
// checkers are measured by. Clients call, each operation happens at one instant before its return,
// and a few never hear of it.
//
//   const Recorded right = generate({"queue", 1'000'000});
//   const Recorded wrong = generate({.model = "queue", .operations = 1'000, .planted = true});
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/check/history/recorded.h"

namespace seedbed::history {

struct Generated {
  std::string_view model = "register";  // one of generated_models()
  std::size_t operations = 1000;        // invocations
  std::uint32_t clients = 8;
  std::uint32_t lost = 5;  // operations that never return
  bool planted = false;    // an answer about in the middle is wrong
  std::uint64_t seed = 1;
};

std::span<const std::string_view> generated_models();
Recorded generate(const Generated& wanted);

}  // namespace seedbed::history
