// A result as the JSON document that scripts rely on (`run --json`).
#pragma once

#include <string>
#include <vector>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tools/cli/run_costs.h"

namespace seedbed::cli {

/// `drawn`: the settings that swarm drew.
std::string result_json(const Run& run, const Result& result, const RunCosts& costs,
                        const std::vector<std::string>& drawn);

}  // namespace seedbed::cli
