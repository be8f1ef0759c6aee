// A scenario half read: what its keys said, before what belongs together is put together.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/run/scenario.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/protocol_forms.h"
#include "sim/scenario/shape.h"
#include "sim/scenario/who.h"
#include "sim/scenario/workload_fields.h"

namespace seedbed {

struct Draft {
  Scenario scenario;
  ParameterValues with;
  std::optional<std::uint32_t> nodes;
  std::optional<std::vector<NodeGroup>> groups;
  std::optional<WorkloadConfig> workload;
  const Errors* errors = nullptr;  // found so far; null while the schema is written
};

/// Who there is to be named by chaos, by the keys read so far.
Who who_of(const Draft& draft);

/// Reads the keys of the scenario at `root`, each by its form.
void read_keys(const Cursor& root, Draft& draft);
/// The same as data: what a scenario may hold.
Shape scenario_shape();

/// The rules between keys; and what is left out gets its default. What is wrong already is not
/// judged again.
void settle_draft(const Cursor& root, Draft& draft);

}  // namespace seedbed
