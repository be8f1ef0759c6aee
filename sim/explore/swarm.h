// TEMPORARY
#pragma once
#include <vector>
#include "sim/run/scenario.h"
#include "sim/scenario/settings.h"
namespace seedbed {
inline std::vector<Setting> swarm_settings(const Scenario&, std::uint64_t seed) {
  return {{"network.loss", std::to_string(seed % 3) + "%"}};
}
}  // namespace seedbed
