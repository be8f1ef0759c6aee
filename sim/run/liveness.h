// Whether anything happened at all, and went on happening: the checks of a run that is over.
#pragma once

#include <optional>
#include <vector>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/world/history.h"

namespace seedbed {

/// A run in which nothing happened proves nothing: operations were acknowledged, clients never
/// waited longer for one than the scenario allows, and every entry of chaos took effect on
/// somebody.
CheckResult check_progress(const Run& run, const std::vector<Operation>& operations);

/// Once all faults have ended, and the time that the protocol gives itself has passed, every
/// operation gets its answer. Nothing where this run cannot tell: no operation came so late, or a
/// majority was killed.
std::optional<CheckResult> check_recovery(const Run& run, const std::vector<Operation>& operations);

}  // namespace seedbed
