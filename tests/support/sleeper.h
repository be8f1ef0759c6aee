// A protocol whose servers sleep until chaos asks them to do something: for tests of what a
// protocol adds to the faults. It is no folder of protocols/, so it is registered where it is used.
#pragma once

#include "protocols/protocol.h"

namespace seedbed::testing {

/// Its actions: `wake`, which those do who are up, and `shake`, which nobody ever does.
extern const Protocol kSleeper;

}  // namespace seedbed::testing
