// Judges temporal properties while a run goes on: looks again only at servers that an event has
// touched, and asks a property again only when something in it may have changed. A value.
//
//   Watch watch(properties, world.servers());
//   watch.happened({Happens::kFault, "crash", &n1, 1});      // at this event
//   watch.look(world, touched, report);                      // after it
//   watch.end(world, report);  watch.outcomes();
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/invariant.h"
#include "sim/check/temporal/property.h"
#include "sim/check/temporal/tally.h"
#include "sim/check/verdict.h"

namespace seedbed::temporal {

struct Outcome {
  const Property* property = nullptr;
  Verdict verdict = Verdict::kUnknown;
  std::string note;  // why it is unknown
};

class Watch {
 public:
  Watch(std::vector<Property> properties, std::uint32_t servers);

  /// Whether some property asks for happenings of this kind: the others may be kept back.
  bool asks_for(Happens what) const;
  void happened(const Happening& happening);
  /// After an event that touched this server; nobody: it touched none of them.
  void look(const World& world, NodeId touched, Report& report);
  /// The same where any of them may be touched.
  void look_at_all(const World& world, Report& report);
  /// The run has come to its end: what had to happen until now has, or never did.
  void end(const World& world, Report& report);
  /// As it stands. What was not violated is a pass after the end only, or where nothing is open.
  std::vector<Outcome> outcomes(bool ended, Time now) const;

 private:
  struct Flag {
    const Formula* atom;
    bool up = false;
  };
  /// Of a property.
  struct State {
    bool held = true;      // of kAlways: at the last event
    bool settled = false;  // of kSometimes and kEventually: it held, or the window has closed
    bool failed = false;
    std::optional<Time> since;  // of kLeadsTo: the first trigger that waits ...
    std::uint64_t event = 0;    // ... its event, ...
    std::vector<NodeId> who;    // ... and whom it was about
    std::optional<Time> last;   // when `what` held last
  };

  static void number(Formula& formula, std::uint32_t& tallies, std::uint32_t& flags);
  void touch(const World& world, NodeId n);
  void judge(const World& world, Report& report);
  void judge_one(const World& world, std::size_t i, Report& report);
  void lead(const World& world, std::size_t i);
  void close_windows(const World& world, bool at_end, Report& report);
  bool holds(const Formula& formula, const World& world) const;
  const Formula& broken_part(const Formula& formula, const World& world) const;
  std::string witness(const Formula& part, const World& world, std::vector<NodeId>& nodes) const;
  void fail(std::size_t i, const Formula& part, std::string story, std::vector<NodeId> nodes,
            Report& report);

  std::shared_ptr<const std::vector<Property>> properties_;
  std::vector<Tally> tallies_;
  std::vector<Flag> flags_;
  std::vector<State> states_;
  std::vector<NodeId> who_;  // whom the present happenings are about
  std::uint32_t up_ = 0;
  std::vector<bool> is_up_;
  Time next_close_ = Time::never();  // the earliest end of an open window
  bool uses_time_ = false;
  bool changed_ = true;  // since the properties were asked
  bool lowers_ = false;  // a flag is up
};

}  // namespace seedbed::temporal
