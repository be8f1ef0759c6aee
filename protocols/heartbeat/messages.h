// What members that watch each other say.
#pragma once

#include <cstdint>

namespace seedbed::heartbeat {

struct Heartbeat {
  static constexpr auto kName = "Heartbeat";
  std::uint64_t number = 0;  // from 1, in this life of the sender
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Goodbye {
  static constexpr auto kName = "Goodbye";
  constexpr void describe(auto&) const {}
};

/// A timer: the next heartbeat is due, and a look at the others.
struct Beat {
  static constexpr auto kName = "Beat";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::heartbeat
