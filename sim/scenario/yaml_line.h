// A node of a scenario on one line, in one canonical form: the same whatever comments, spacing and
// quotes it was written with. People read it, and a fault's random stream is named by it.
//
//   to_line(node);     // "{ at: 5s, isolate: leader, for: 10s }"
#pragma once

#include <string>

#include "sim/scenario/yaml_tree.h"

namespace seedbed {

std::string to_line(const YamlNode& node);

}  // namespace seedbed
