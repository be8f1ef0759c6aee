// What the clients of a distributed hash table found once the run had settled: the checks of the
// workload `lookup`. While nodes come and go, no such table promises anything.
#pragma once

#include <string_view>
#include <vector>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/world/history.h"

namespace seedbed {

/// `name` is "lookup" or "stored". What is asked in the second half of the settled time counts.
CheckResult check_lookups(const Run& run, std::string_view name,
                          const std::vector<Operation>& operations);

}  // namespace seedbed
