// Everything that has a name: protocols, mutants, faults, checks, workloads and scenarios, for
// `list` and `explain`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/protocol.h"

namespace seedbed::cli {

struct NamedThing {
  std::string name;
  std::string about;
  std::string source;  // paper and section, where there is one
};

struct CheckInfo {
  std::string_view name, about, source;
};
/// The checks that belong to no protocol.
const std::vector<CheckInfo>& general_checks();

/// What `list WHAT` lists; throws BadInput for an unknown WHAT.
std::vector<NamedThing> catalogue(const std::string& what);

}  // namespace seedbed::cli
