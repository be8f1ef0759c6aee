// A run: the world, its clients, the chaos, the history, and what the invariants remember. A value:
// copied in the middle, both copies end exactly as the original would. That one property gives
// snapshots, branching and search over the very code that the seeds run.
//
//   Run run(std::make_shared<const Scenario>(scenario));
//   run.to_end();
//   Result result = judge(run);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/cloned.h"
#include "sim/chaos/injector.h"
#include "sim/check/invariant.h"
#include "sim/check/measure.h"
#include "sim/check/verdict.h"
#include "sim/run/scenario.h"
#include "sim/run/temporal.h"
#include "sim/world/world.h"

namespace seedbed {

class Run {
 public:
  explicit Run(std::shared_ptr<const Scenario> scenario);

  /// One event; false when the run is over.
  bool step();
  void to_end();
  bool over() const { return over_; }
  /// Ended at a violation, before its time.
  bool stopped_early() const { return over_ && !finished_; }

  /// What the scenario's measure `i` found; or nothing.
  std::optional<std::int64_t> measured(std::size_t i) const { return measures_.at(i)->value(); }
  /// All measures, of which there is one, have found their values, which ended the run.
  bool measured() const;

  const Scenario& scenario() const { return *scenario_; }
  const World& world() const { return world_; }
  /// For scripts, which act from outside between two steps.
  World& world() { return world_; }
  const Injector& chaos() const { return chaos_; }
  /// In the order in which they were found.
  const std::vector<Violation>& violations() const { return violations_; }
  /// How the scenario's temporal properties stand.
  std::vector<temporal::Outcome> temporal_outcomes() const;
  void observe(Observer* observer);

 private:
  enum Action : std::uint32_t { kHeal, kEnd };
  static constexpr std::size_t kMostViolations = 100;

  void add_servers();
  void add_clients();
  void watch_invariants();
  template <class Body>
  void attempt(Body body);
  void take_step();
  void act(std::uint32_t action);
  void check_invariants(const Step& step);
  void take_measures(NodeId touched);
  void tell_changes(const Step& step);
  void end();
  void found_all(std::vector<Report::Finding> findings);
  void found(Report::Finding finding);

  std::shared_ptr<const Scenario> scenario_;
  World world_;
  Injector chaos_;
  std::vector<Cloned<WatchBase>> watches_;
  Report report_;                              // empty between events
  std::vector<Cloned<MeasureBase>> measures_;  // of a scenario with something published
  Cloned<Temporal> temporal_;                  // of one with temporal properties
  std::vector<Violation> violations_;
  bool tells_changes_ = false;  // of servers, to the history
  std::uint64_t told_ = 0;      // role changes so far
  bool over_ = false;
  bool finished_ = false;
};

/// Whether `check` was asked for: listed, or nothing was listed.
bool is_selected(const Scenario& scenario, std::string_view check);

}  // namespace seedbed
