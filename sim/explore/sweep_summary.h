// What a sweep found so far: counts by scenario, and its failures grouped by fingerprint, so that
// forty seeds that fail in three ways are three rows. The same whatever the order of the rows.
//
//   SweepSummary summary(scenarios);
//   summary.add(row);
//   for (const FailureGroup* g : summary.groups()) ... g->first().job.seed, g->cheapest ...
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/explore/run_row.h"

namespace seedbed {

/// One of the scenarios of a sweep, with the options that change it.
struct SweptScenario {
  std::string name;  // its own; or its file's, where several have that name
  std::string file;
  std::string settings;  // --set: PATH=VALUE, a line each
  std::string mutant;
  std::string expect_violates;  // "": expect: pass
  std::uint64_t hash = 0;       // of its text and of what changes it
  bool operator==(const SweptScenario&) const = default;
};

struct FailureGroup {
  struct Part {
    std::uint64_t count = 0;
    RunRow first;  // the lowest seed
  };
  std::map<std::uint32_t, Part> parts;  // by scenario
  RunRow cheapest;                      // the fewest events, where any was counted
  std::uint64_t count = 0;
  std::uint64_t unexpected = 0;

  const RunRow& first() const { return parts.begin()->second.first; }
};

/// How one scenario fared.
struct Tally {
  std::uint64_t runs = 0, pass = 0, fail = 0, unknown = 0;
  std::uint64_t crash = 0, timeout = 0, memory = 0;  // all of them are among `fail`
  std::uint64_t expected = 0;                        // violations of what it should violate
  Tally& operator+=(const Tally& other);
};

class SweepSummary {
 public:
  explicit SweepSummary(std::vector<SweptScenario> scenarios);

  void add(const RunRow& row);

  const std::vector<SweptScenario>& scenarios() const { return scenarios_; }
  const std::vector<Tally>& tallies() const { return tallies_; }
  Tally total() const;
  /// A violation of exactly what the scenario should violate.
  bool is_expected(const RunRow& row) const;
  /// Those that should not be first, then by how many.
  std::vector<const FailureGroup*> groups() const;

  /// Every seed ended as expected; for `expect: { violates: X }`, at least one violates X, and none
  /// something else first.
  Verdict verdict(std::uint32_t scenario) const;
  Verdict verdict() const;

 private:
  std::vector<SweptScenario> scenarios_;
  std::vector<Tally> tallies_;
  std::map<std::uint64_t, FailureGroup> groups_;  // by fingerprint
};

}  // namespace seedbed
