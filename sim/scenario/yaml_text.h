// A tree as a YAML document for people: what fits on a line stands on one, what does not in block
// style, and each item of a list of maps on a line of its own. Comments are gone.
//
//   to_document(root);     // "nodes: 3\nchaos:\n  - { at: 5s, crash: n3, for: 1s }\n"
#pragma once

#include <string>

#include "sim/scenario/yaml_tree.h"

namespace seedbed {

std::string to_document(const YamlNode& root);

}  // namespace seedbed
