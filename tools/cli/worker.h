// What a worker process does: reads jobs, runs each within its limits, and writes a row for each.
//
//   if (fork() == 0) work(jobs, rows, limits, run_one);      // never returns
//   ... = reason_of(status)                                  // why it is no more
#pragma once

#include <string>

#include "tools/cli/workers.h"

namespace seedbed::cli {

/// Ends when `jobs` is closed; also when its parent is gone.
[[noreturn]] void work(int jobs, int rows, const WorkerLimits& limits,
                       const Workers::RunOne& run_one);

/// Why a worker ended that should not have: the row for what it was running. `overdue`: it was
/// killed for taking too long.
RunRow epitaph(Job job, int wait_status, bool overdue, const WorkerLimits& limits);

}  // namespace seedbed::cli
