// What a sweep found: for people, for programs, for the pages of GitHub and GitLab.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/result_store.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

struct SweepReport {
  const SweepHeader* header = nullptr;
  const SweepSummary* summary = nullptr;
  std::vector<std::string> plugins;  // for the commands that have a run again
  std::string out;                   // the database, or ""
  std::uint64_t total = 0;           // runs that were asked for
  bool bounded = true;               // there is such a number
  std::uint64_t here = 0;            // runs of this process
  double wall_s = 0;
  bool interrupted = false;
};

/// What has one of its runs again.
std::string command_of(const SweepReport& report, const RunRow& row);

std::string sweep_text(const SweepReport& report);
std::string sweep_json(const SweepReport& report);
/// JUnit's XML: a suite for each scenario, a case for each way in which its seeds failed.
std::string sweep_junit(const SweepReport& report);
std::string sweep_markdown(const SweepReport& report);

/// The contract's: 0, 1, 3 or 130.
int exit_code_of(const SweepReport& report);

}  // namespace seedbed::cli
