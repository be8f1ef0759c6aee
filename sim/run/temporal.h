// Tells a temporal watch (sim/check/temporal) what happens in a run: messages as an observer of the
// world, faults, role changes and operations by looking for new ones after each event. A value; who
// observes the run besides is told through it.
//
//   Temporal temporal(scenario.properties, world.servers());
//   temporal.before(world);  auto step = world.step();
//   temporal.after(world, chaos, step, report);
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "sim/chaos/injector.h"
#include "sim/check/temporal/watch.h"
#include "sim/world/world.h"

namespace seedbed {

class Temporal final : public Observer {
 public:
  Temporal(const std::vector<temporal::Property>& properties, std::uint32_t servers);
  Temporal(const Temporal& other) : Observer(), state_(other.state_) {}
  Temporal& operator=(const Temporal&) = delete;

  void before(World& world) {
    if (state_.of_messages) world.observe(this);
  }
  void after(const World& world, const Injector& chaos, const Step& step, Report& report);
  void end(const World& world, Report& report) { state_.watch.end(world, report); }
  std::vector<temporal::Outcome> outcomes(bool ended, Time now) const {
    return state_.watch.outcomes(ended, now);
  }

  /// It observes the world itself, and passes on what it sees.
  bool observes() const { return state_.of_messages; }
  void pass_on_to(Observer* observer) { next_ = observer; }

  void on_send(const MessageKey& key, const PayloadHeader& payload, const Fate& fate,
               bool cut) override;
  void on_event(std::uint64_t number, Time at, const Event& event, const PayloadHeader* payload,
                std::uint64_t digest) override;
  void on_turn(const Event& event, const PayloadHeader* payload) override;

 private:
  /// All that a copy has, too: not who observes.
  struct State {
    temporal::Watch watch;
    bool of_messages = false, of_faults = false, of_roles = false, of_operations = false;
    std::size_t faults = 0;  // seen so far, of each
    std::size_t roles = 0;
    std::size_t invocations = 0;
    std::size_t completions = 0;
    std::vector<std::size_t> under_way = {};  // faults that have an end
  };

  void arriving(const Event& event, const PayloadHeader* payload);
  void happened(temporal::Happens what, std::string_view name, NodeId who);
  void see_faults(const World& world, const Injector& chaos);
  void see_roles(const World& world);
  void see_operations(const World& world);

  State state_;
  std::string_view arriving_;  // the message or tag whose event is under way
  NodeId sender_;
  Observer* next_ = nullptr;
};

}  // namespace seedbed
