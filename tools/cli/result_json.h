// A result as the JSON document that scripts rely on (`run --json`).
#pragma once

#include <string>
#include <vector>

#include "sim/run/result.h"

namespace seedbed::cli {

/// `servers` tells server names from client names; `drawn`: the settings that swarm drew.
std::string result_json(const Result& result, std::uint32_t servers, double wall_s,
                        double check_wall_s, const std::vector<std::string>& drawn);

}  // namespace seedbed::cli
