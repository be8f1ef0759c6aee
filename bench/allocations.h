// What is allocated: a hook under operator new and delete counts it.
#pragma once

#include <cstdint>

namespace seedbed::bench {

/// Bytes that are allocated now, as the heap sees them: rounded up, without its own words.
std::int64_t living_bytes();
/// The most of these at once since forget_peak(), which returns what there is now.
std::int64_t peak_bytes();
std::int64_t forget_peak();
/// What the whole program keeps in memory, after the heap has given back what is free: sees what
/// does not come from operator new, too.
std::int64_t resident_bytes();

}  // namespace seedbed::bench
