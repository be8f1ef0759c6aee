// Events in time order, each with a record that can be cancelled in O(1). A cancelled event leaves
// a tombstone in the queue; when tombstones outnumber the living, one sweep removes them all, so
// that re-arming a timer a million times costs no memory.
//
//   Scheduler<Event> scheduler;
//   EventId id = scheduler.at(now + 5_ms, /*tie=*/0, Event{...});
//   scheduler.cancel(id);                            // false if it has fired already
//   while (auto due = scheduler.next()) ...          // advances now()
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/kernel/event_queue.h"

namespace seedbed {

/// Names one scheduled event, for ever: the generation tells it from later users of its slot.
struct EventId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: no event
  constexpr explicit operator bool() const { return generation != 0; }
  constexpr bool operator==(const EventId&) const = default;
};

template <class Event>
class Scheduler {
 public:
  Time now() const { return queue_.now(); }
  std::size_t pending() const { return queue_.size() - dead_; }
  /// Entries in the queue, tombstones included: bounded by twice pending() and a constant.
  std::size_t queued() const { return queue_.size(); }

  /// No event comes before this time. (A cancelled one may still stand for it.)
  Time next_time() const { return queue_.next_time(); }

  EventId at(Time time, std::uint32_t tie, const Event& event) {
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Slot& slot = slots_[index];
    slot.event = event;
    slot.alive = true;
    ++slot.generation;
    queue_.push(time, tie, index);
    return {index, slot.generation};
  }

  /// The event if it is still to come, else null.
  Event* find(EventId id) {
    if (!id || id.slot >= slots_.size()) return nullptr;
    Slot& slot = slots_[id.slot];
    return slot.alive && slot.generation == id.generation ? &slot.event : nullptr;
  }

  bool cancel(EventId id) {
    if (find(id) == nullptr) return false;
    slots_[id.slot].alive = false;
    if (++dead_ > kSlack && dead_ > queue_.size() / 2) sweep();
    return true;
  }

  struct Due {
    Event event;
    EventId id;
  };
  /// Takes the earliest event out and moves now() to it; nullopt when none is left.
  std::optional<Due> next() {
    while (!queue_.empty()) {
      const std::uint32_t index = queue_.pop().slot;
      Slot& slot = slots_[index];
      free_.push_back(index);
      if (slot.alive) {
        slot.alive = false;
        return Due{slot.event, {index, slot.generation}};
      }
      --dead_;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kSlack = 64;

  struct Slot {
    Event event{};
    std::uint32_t generation = 0;
    bool alive = false;
  };

  void sweep() {
    queue_.sweep([this](std::uint32_t index) {
      if (slots_[index].alive) return false;
      free_.push_back(index);
      return true;
    });
    dead_ = 0;
  }

  EventQueue queue_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t dead_ = 0;
};

}  // namespace seedbed
