// Jepsen's processes: who asks one thing at a time. A client that asks for more before it has its
// answers is several, and one that never heard what became of its operation asks nothing more, but
// its client does, as another. So what one process did stands in the order of its client.
//
//   const auto process = processes_of(history.operations());   // by position in the list, from 0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/world/history.h"

namespace seedbed {

/// Of operations in the order of invocation; numbered as they come.
std::vector<std::uint32_t> processes_of(std::span<const Operation> operations);

}  // namespace seedbed
