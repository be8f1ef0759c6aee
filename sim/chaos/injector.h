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

#include "sim/chaos/fault.h"
#include "sim/world/world.h"

namespace seedbed {

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
  static constexpr std::uint32_t kEndOfFault = 1U << 31;  // these two and a record's number
  static constexpr std::uint32_t kMoveOfFault = 1U << 30;

  void schedule_next(World& world, std::size_t entry);
  void fire(World& world, std::size_t entry);
  void heal_now(World& world, Firing& firing);
  void move(World& world, UnderWay& under_way);
  void end(World& world, const UnderWay& under_way);

  std::shared_ptr<const ChaosPlan> plan_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> firings_;  // of each entry
  std::vector<bool> effective_;
  std::vector<FaultRecord> records_;
  std::vector<UnderWay> under_way_;
  bool healed_ = false;
};

}  // namespace seedbed
