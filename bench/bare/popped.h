// What every bare queue answers, and all that it offers: push(time, slot) and pop(). They are the
// limit that the engine is measured against: each does as little as its data structure allows, in
// the same order as the engine's queue (by time, then by age).
#pragma once

#include <cstdint>

namespace seedbed::bench {

struct Popped {
  std::uint64_t time = 0;
  std::uint32_t slot = 0;
};

}  // namespace seedbed::bench
