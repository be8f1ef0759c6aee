// A node: one clock, one disk, one processor, one fate; on it live one or several services.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/base/cloned.h"
#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/kernel/payload.h"
#include "sim/kernel/scheduler.h"
#include "sim/world/clock.h"
#include "sim/world/pending.h"
#include "sim/world/process.h"
#include "sim/world/storage.h"

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
  };
  Kind kind = Kind::kAction;
  ServiceId service;
  ServiceId from_service;
  NodeId node;
  NodeId from;
  Payload payload;
  std::uint32_t incarnation = 0;  // of the node when it was armed; of kAction: its number
};
std::string_view name_of(Event::Kind kind);

/// How many things a node has done at the present instant.
class InstantCounter {
 public:
  std::uint32_t next(Time now) {
    if (now != at_) {
      at_ = now;
      count_ = 0;
    }
    return count_++;
  }

 private:
  Time at_{-1};
  std::uint32_t count_ = 0;
};

struct Service {
  Service(std::shared_ptr<const ProcessBase> pristine_process, Rng stream)
      : pristine(std::move(pristine_process)), rng(stream) {}

  std::shared_ptr<const ProcessBase> pristine;  // before any start; a restart begins from a copy
  Cloned<ProcessBase> process;                  // null while the node is down
  Storage storage;
  Rng rng;
  std::string_view role;  // as last seen
};

struct Node {
  enum class State : std::uint8_t { kUp, kDown, kGone };
  State state = State::kDown;
  bool wake_scheduled = false;
  std::uint16_t pauses = 0;  // how many faults hold it paused
  std::uint32_t incarnation = 0;
  Time busy_until;
  Time uplink_free;
  NodeClock clock;
  InstantCounter sends;
  InstantCounter timers;
  std::uint64_t digest = 0;
  Pending<Scheduler<Event>::Due> inbox;  // arrived while the processor was busy or paused
  std::vector<Service> services;
};

}  // namespace seedbed
