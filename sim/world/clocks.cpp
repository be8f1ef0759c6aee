// The world's clocks, when they do not just drift: faults, and time daemons that discipline them.
// A change of rate moves every timer of that node: it waits for a reading of its clock.
#include <algorithm>

#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kPhase = hash_text("ntp phase");
constexpr std::uint64_t kPoll = hash_text("ntp poll");
/// Servers whose daemons poll at the same times share an event, and one pass over the queue.
constexpr std::uint32_t kPhases = 64;

/// `part` of `whole`, in parts per billion.
std::int64_t in_ppb(Duration part, Duration whole) {
  const Int128 ppb = Int128{part.count()} * NodeClock::kBillion / whole.count();
  return static_cast<std::int64_t>(
      std::clamp<Int128>(ppb, -NodeClock::kBillion, NodeClock::kBillion));
}

Range<Duration> plus_or_minus(Duration most) { return {-most, most}; }

}  // namespace

/// Every pending timer of these nodes, which stand by rising id, waits for the reading that it was
/// armed for, whatever `change(node, pace)` does to the rate.
template <class Change>
void World::change_paces(const std::vector<NodeId>& nodes, Change change) {
  const auto waits_here = [&](const Event& event, Time due) {
    return event.kind() == Event::Kind::kTimer && due > now() &&
           std::binary_search(nodes.begin(), nodes.end(), event.node);
  };
  auto timers = scheduler_.lift(waits_here);
  for (auto& timer : timers) {
    const NodeClock& was = clock(timer.item.node);
    timer.time = Time{} + was.left(now(), timer.time);
  }
  for (const NodeId n : nodes) {
    NodeClock& clock = clocks_[n.value - 1];
    if (!paces_.contains(n.value)) paces_[n.value].oscillator_ppb = clock.drift_ppb;
    Pace& pace = paces_.at(n.value);
    change(n, pace);
    clock.set_rate(now(), rate_of(n, pace));
  }
  for (auto& timer : timers) {
    timer.time = clock(timer.item.node).due(now(), timer.time - Time{});
    scheduler_.put_back(timer);
  }
}

/// However much it loses, a clock that is not frozen goes on.
std::int64_t World::rate_of(NodeId n, const Pace& pace) const {
  std::int64_t ppb = pace.oscillator_ppb + pace.frequency_ppb + pace.slew_ppb;
  for (const ClockFault& fault : clock_faults_) {
    if (!std::binary_search(fault.nodes.begin(), fault.nodes.end(), n)) continue;
    if (fault.freeze) return -NodeClock::kBillion;
    const Range<Duration> gain{Duration(fault.gain_ppb.min), Duration(fault.gain_ppb.max)};
    ppb += pick(hash_of(fault.stream, n.value), gain).count();
  }
  constexpr std::int64_t kSlowest = -NodeClock::kBillion / 2, kFastest = NodeClock::kBillion;
  return std::clamp(ppb, kSlowest, kFastest);
}

void World::jump_wall_clock(NodeId id, Duration by) { clocks_[id.value - 1].wall_offset += by; }

void World::skew_clock(NodeId id, Duration by) {
  if (node(id).state == Node::State::kDown) clocks_[id.value - 1].offset += by;
}

std::uint32_t World::add_clock_fault(ClockFault fault) {
  fault.id = ++last_fault_;
  const std::vector<NodeId> nodes = fault.nodes;
  clock_faults_.push_back(std::move(fault));
  change_paces(nodes, [](NodeId, Pace&) {});
  return last_fault_;
}

void World::remove_clock_fault(std::uint32_t id) {
  const auto found = std::find_if(clock_faults_.begin(), clock_faults_.end(),
                                  [&](const ClockFault& fault) { return fault.id == id; });
  if (found == clock_faults_.end()) return;
  const std::vector<NodeId> nodes = std::move(found->nodes);
  clock_faults_.erase(found);
  change_paces(nodes, [](NodeId, Pace&) {});
}

// --- time daemons

void World::start_polls() {
  const Duration every = config_.clocks.ntp.every;
  for (std::uint32_t phase = 0; phase < std::min(kPhases, servers_); ++phase) {
    const Duration first = pick(hash_of(config_.seed ^ kPhase, phase), {1_ns, every});
    scheduler_.at(Time{} + first, 0, {.head = Event::Kind::kPoll, .incarnation = phase});
  }
}

void World::poll_clocks(std::uint32_t phase) {
  std::vector<NodeId> nodes;
  for (std::uint32_t id = phase + 1; id <= std::min(servers_, this->nodes()); id += kPhases) {
    if (!clock({id}).is_frozen()) nodes.push_back({id});  // what does not run polls nobody
  }
  change_paces(nodes, [this](NodeId n, Pace& pace) { ask_for_time(n, pace); });
  scheduler_.at(now() + config_.clocks.ntp.every, 0,
                {.head = Event::Kind::kPoll, .incarnation = phase});
}

/// Half of the offset per interval goes into the estimate of the frequency, and all of it is slewed
/// away until the next poll, as far as the limit lets it. With a steady drift and no error both
/// halve from poll to poll.
void World::ask_for_time(NodeId n, Pace& pace) {
  const NtpConfig& ntp = config_.clocks.ntp;
  const std::uint64_t draw =
      hash_of(config_.seed ^ kPoll, n.value, static_cast<std::uint64_t>(now().count()));
  const Duration off = clock(n).wall(now()) - now() + pick(draw, plus_or_minus(ntp.error));
  if (off > ntp.step || off < -ntp.step) {
    jump_wall_clock(n, -off);
    pace.slew_ppb = 0;
    return;
  }
  const std::int64_t most = ntp.slew_ppb;
  const std::int64_t correction = -in_ppb(off, ntp.every);
  pace.frequency_ppb = std::clamp(pace.frequency_ppb + correction / 2, -most, most);
  pace.slew_ppb = std::clamp(correction, -most - pace.frequency_ppb, most - pace.frequency_ppb);
}

}  // namespace seedbed
