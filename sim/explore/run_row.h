// One run of a sweep as a row: how it ended and what it cost. What is stored, grouped, and sent
// from one process to another.
//
//   const RunRow row = row_of(job, judge(run));
//   const std::string bytes = encode(row);            // to the parent process
//   std::optional<RunRow> again = decode(bytes);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/explore/sweep_plan.h"
#include "sim/run/result.h"

namespace seedbed {

/// A verdict, or why there is none: the process that ran the seed ended with it, took longer than
/// it may, or wanted more memory than it may have.
enum class Ending : std::uint8_t { kPass, kFail, kUnknown, kCrash, kTimeout, kMemory };
std::string_view name_of(Ending ending);
std::optional<Ending> ending_named(std::string_view name);
/// A verdict of fail, or no verdict at all.
constexpr bool is_failure(Ending e) { return e != Ending::kPass && e != Ending::kUnknown; }

struct RunRow {
  Job job;
  Ending ending = Ending::kPass;
  std::optional<std::uint64_t> digest;       // none where the run has no end
  std::optional<std::uint64_t> fingerprint;  // of a failure
  std::string check;  // the first that was violated, or is undecided; "crash", "timeout", "memory"
  std::string message;   // what it says
  std::string settings;  // what swarm drew for the seed: PATH=VALUE, a line each
  std::uint64_t events = 0;
  std::int64_t simulated_ns = 0;
  std::uint64_t ok = 0, fail = 0, info = 0;  // operations
  std::uint64_t wall_us = 0;

  bool operator==(const RunRow&) const = default;
};

RunRow row_of(Job job, const Result& result);

/// A run that took its process with it. `shape` tells ways of ending apart: "SIGSEGV".
RunRow row_without_end(Job job, Ending ending, std::string_view shape, std::string message);

/// For another process of the same program. Long messages lose their end.
std::string encode(const RunRow& row);
/// Nothing where `bytes` is no row.
std::optional<RunRow> decode(std::string_view bytes);

}  // namespace seedbed
