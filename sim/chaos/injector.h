// Carries out a chaos plan. Each firing of an entry draws from a stream of its own, named by the
// entry and a count: removing one entry leaves every draw of the others as it was. What was done is
// recorded as concrete faults: when, what, whom.
//
//   Injector chaos(plan, seed);
//   chaos.start(world);
//   if (step.kind == Event::Kind::kAction && chaos.owns(step.action)) chaos.act(world,
//   step.action); chaos.heal(world);                       // at the end: everything works again
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/chaos/plan.h"
#include "sim/world/world.h"

namespace seedbed {

/// One fault as it happened. `on` is empty where it meant nobody and was skipped.
struct FaultRecord {
  Time at;
  std::optional<Time> until;  // none: it has no end (kill, clock_jump, heal)
  FaultKind kind = FaultKind::kHeal;
  std::string_view name;  // the fault's, or that of the protocol's action
  std::vector<NodeId> on;
  std::string detail;     // "20ms", "n1 n2 | n3 n4 n5"
  std::size_t entry = 0;  // of the plan
};

class Injector {
 public:
  Injector(std::shared_ptr<const ChaosPlan> plan, std::uint64_t seed);

  /// Schedules each entry's first firing.
  void start(World& world);
  bool owns(std::uint32_t action) const { return action >= kFirstAction; }
  void act(World& world, std::uint32_t action);
  /// Ends every fault that is under way, and fires no more.
  void heal(World& world);

  const std::vector<FaultRecord>& records() const { return records_; }
  /// Whether some firing of this entry of the plan took effect on somebody.
  bool took_effect(std::size_t entry) const { return effective_[entry]; }

 private:
  static constexpr std::uint32_t kFirstAction = 16;
  static constexpr std::uint32_t kEndOfFault = 1U << 31;

  struct Hit {
    NodeId node;
    std::uint32_t incarnation = 0;
  };
  /// A fault under way and what ends it.
  struct Active {
    std::size_t record = 0;
    FaultKind kind = FaultKind::kHeal;
    std::vector<Hit> hits;
    std::uint32_t weather = 0;  // a cut or an overlay of the network
    std::uint32_t disks = 0;    // that are slow
  };
  struct Firing;

  void schedule_next(World& world, std::size_t entry);
  void fire(World& world, std::size_t entry);
  bool begin(World& world, Firing& firing);
  bool begin_on_nodes(World& world, Firing& firing);
  bool begin_cut(World& world, Firing& firing);
  bool begin_weather(World& world, Firing& firing);
  bool begin_slow_disks(World& world, Firing& firing);
  void ask(World& world, Firing& firing);
  void end(World& world, const Active& active);

  std::shared_ptr<const ChaosPlan> plan_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> firings_;  // of each entry
  std::vector<bool> effective_;
  std::vector<FaultRecord> records_;
  std::vector<Active> active_;
  bool healed_ = false;
};

}  // namespace seedbed
