// A node: one clock, one disk, one processor, one fate; on it live one or several services. A world
// may have a million of them, so what each event touches is one cache line of the node and half a
// line of the service; what most never use is made at its first use.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/base/cloned.h"
#include "sim/base/ids.h"
#include "sim/kernel/payload.h"
#include "sim/kernel/scheduler.h"
#include "sim/world/clock.h"
#include "sim/world/pending.h"
#include "sim/world/services.h"

namespace seedbed {

/// What a pending event is about.
struct Event {
  enum class Kind : std::uint8_t {
    kBoot,     // a node starts, for the first time or again
    kMessage,  // arrives at node
    kTimer,    // fires on node; also the tags of when_synced
    kSync,     // node's disk is done
    kWake,     // node's processor is free for what queued
    kAction,   // something outside the nodes: chaos, the end of the workload
    kPoll,     // outside, too: time daemons of some servers look at their clocks
  };
  /// What it is, and from which service to which, in one word: so it enters the digest.
  struct Head {
    constexpr Head(Kind kind, ServiceId to = {}, ServiceId from = {})
        : word(std::uint32_t{to.value} << 16 | std::uint32_t{from.value} << 8 |
               static_cast<std::uint32_t>(kind)) {}
    std::uint32_t word;
  };
  Head head = Kind::kAction;
  NodeId node;
  NodeId from;  // of a message; of a timer that waits the scheduler's record
  Payload payload;
  std::uint32_t incarnation = 0;  // of the node when it was armed; of kAction and kPoll: its number

  Kind kind() const { return static_cast<Kind>(head.word); }
  ServiceId from_service() const { return {static_cast<std::uint8_t>(head.word >> 8)}; }
  ServiceId service() const { return {static_cast<std::uint8_t>(head.word >> 16)}; }

  bool can_be_cancelled() const { return kind() == Kind::kTimer; }
  std::uint32_t& record() { return from.value; }
  std::uint32_t record() const { return from.value; }
};
static_assert(sizeof(QueueEntry<Event>) == 32);
std::string_view name_of(Event::Kind kind);

/// How many things a node has done at the present instant.
class InstantCounts {
 public:
  std::uint32_t next_send(Time now) { return turn_to(now), sends_++; }
  std::uint32_t next_timer(Time now) { return turn_to(now), timers_++; }

 private:
  void turn_to(Time now) {
    if (now == at_) return;
    at_ = now;
    sends_ = timers_ = 0;
  }
  Time at_{-1};
  std::uint32_t sends_ = 0;
  std::uint32_t timers_ = 0;
};

struct alignas(64) Node {
  enum class State : std::uint8_t {
    kUp,
    kDown,
    kGone,   // for ever
    kSpare,  // has not joined yet
  };
  static constexpr std::uint16_t kSlow = 0x8000;
  State state = State::kDown;
  bool wake_scheduled = false;
  std::uint16_t holds = 0;  // how many faults hold it paused; and kSlow
  std::uint32_t incarnation = 0;
  Time busy_until;
  Time uplink_free;
  InstantCounts counts;
  std::uint64_t digest = 0;
  Cloned<Pending<Scheduler<Event>::Due>> inbox;  // arrived while the processor was busy or paused
  std::uint32_t first_service = 0;               // they lie side by side
  std::uint32_t services = 0;

  bool has_mail() const { return inbox && !inbox->empty(); }
  bool is_paused() const { return (holds & ~kSlow) != 0; }
  bool is_slow() const { return (holds & kSlow) != 0; }
};
static_assert(sizeof(Node) == 64);

/// A service on its node: where a handler runs. Not to be kept: nodes that join move them all.
struct Site {
  NodeId id;
  ServiceId service_id;
  Node& node;
  Service& service;
};

}  // namespace seedbed
