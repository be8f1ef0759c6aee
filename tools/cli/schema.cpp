// seedbed schema: the JSON Schema of a scenario, for editors.
#include <fmt/format.h>

#include "sim/scenario/scenario_reader.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

int schema() {
  fmt::print("{}\n", scenario_schema());
  return kAsExpected;
}

}  // namespace seedbed::cli
