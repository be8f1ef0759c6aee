#include "sim/explore/sweep_summary.h"

#include <algorithm>
#include <tuple>

namespace seedbed {

namespace {

/// A run without an end has counted nothing: it is no cheap one.
auto cost_of(const RunRow& row) {
  return std::tuple(row.events == 0, row.events, row.job.scenario, row.job.seed);
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  runs += other.runs;
  pass += other.pass;
  fail += other.fail;
  unknown += other.unknown;
  crash += other.crash;
  timeout += other.timeout;
  memory += other.memory;
  expected += other.expected;
  return *this;
}

SweepSummary::SweepSummary(std::vector<SweptScenario> scenarios)
    : scenarios_(std::move(scenarios)), tallies_(scenarios_.size()) {}

bool SweepSummary::is_expected(const RunRow& row) const {
  const std::string& wanted = scenarios_[row.job.scenario].expect_violates;
  return row.ending == Ending::kFail && !wanted.empty() && row.check == wanted;
}

void SweepSummary::add(const RunRow& row) {
  Tally& tally = tallies_[row.job.scenario];
  ++tally.runs;
  tally.pass += row.ending == Ending::kPass;
  tally.unknown += row.ending == Ending::kUnknown;
  tally.crash += row.ending == Ending::kCrash;
  tally.timeout += row.ending == Ending::kTimeout;
  tally.memory += row.ending == Ending::kMemory;
  if (!is_failure(row.ending)) return;
  ++tally.fail;
  tally.expected += is_expected(row);

  FailureGroup& group = groups_[row.fingerprint.value_or(0)];
  if (++group.count == 1 || cost_of(row) < cost_of(group.cheapest)) group.cheapest = row;
  group.unexpected += !is_expected(row);
  FailureGroup::Part& part = group.parts[row.job.scenario];
  if (++part.count == 1 || row.job < part.first.job) part.first = row;
}

Tally SweepSummary::total() const {
  Tally total;
  for (const Tally& tally : tallies_) total += tally;
  return total;
}

std::vector<const FailureGroup*> SweepSummary::groups() const {
  std::vector<const FailureGroup*> groups;
  for (const auto& [fingerprint, group] : groups_) groups.push_back(&group);
  std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) {
    return std::tuple(a->unexpected == 0, b->count) < std::tuple(b->unexpected == 0, a->count);
  });
  return groups;
}

Verdict SweepSummary::verdict(std::uint32_t scenario) const {
  const Tally& tally = tallies_[scenario];
  if (tally.fail > tally.expected) return Verdict::kFail;
  if (!scenarios_[scenario].expect_violates.empty()) {
    if (tally.expected > 0) return Verdict::kPass;
    return tally.unknown > 0 || tally.runs == 0 ? Verdict::kUnknown : Verdict::kFail;
  }
  return tally.unknown > 0 || tally.runs == 0 ? Verdict::kUnknown : Verdict::kPass;
}

Verdict SweepSummary::verdict() const {
  Verdict all = Verdict::kPass;
  for (std::uint32_t i = 0; i < tallies_.size(); ++i) all = worse(all, verdict(i));
  return all;
}

}  // namespace seedbed
