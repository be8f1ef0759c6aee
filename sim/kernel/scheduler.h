// Events in time order, each with a record that can be cancelled in O(1). A cancelled event leaves
// a tombstone in the queue; when tombstones outnumber the living, one sweep removes them all, so
// that re-arming a timer a million times costs no memory.
//
//   Scheduler<Event> scheduler;
//   EventId id = scheduler.at(now + 5_ms, /*tie=*/0, Event{...});
//   scheduler.cancel(id);                            // false if it has fired already
//   for (Scheduler<Event>::Due due; scheduler.next(due);) ...          // advances now()
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/pages.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/lookahead.h"

namespace seedbed {

/// Names one scheduled event, for ever: the generation tells it from later users of its slot.
struct EventId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // odd; 0: no event
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

  /// `event` comes at `time`, which is not before now(); see EventQueue for `tie`.
  [[gnu::always_inline]] EventId at(Time time, std::uint32_t tie, const Event& event) {
    if (free_.empty()) grow();
    const std::uint32_t index = free_.back();
    free_.pop_back();
    if (free_.size() > kManyFree) fetch(&slots_[free_[free_.size() - kFreeAhead]]);
    Slot& slot = slots_[index];
    slot.event = event;
    ++slot.generation;
    queue_.push(time, tie, index);
    return {index, slot.generation};
  }

  /// The event if it is still to come, else null.
  Event* find(EventId id) {
    if (!id || id.slot >= slots_.size()) return nullptr;
    Slot& slot = slots_[id.slot];
    return slot.generation == id.generation ? &slot.event : nullptr;
  }

  bool cancel(EventId id) {
    if (find(id) == nullptr) return false;
    ++slots_[id.slot].generation;
    if (++dead_ > kSlack && dead_ > queue_.size() / 2) sweep();
    return true;
  }

  /// Takes those pending events out of the queue for which `which(event, time)` holds, by rising
  /// time. Their ids stay what they are; each must be put back before anything else is asked for.
  /// O(queued): call it rarely.
  template <class Which>
  std::vector<EventQueue::Entry> lift(Which which) {
    std::vector<EventQueue::Entry> lifted;
    queue_.sweep([&](const EventQueue::Entry& e) {
      const Slot& slot = slots_[e.slot];
      if (!slot.is_pending() || !which(slot.event, e.time)) return false;
      lifted.push_back(e);
      return true;
    });
    const auto is_earlier = [](const EventQueue::Entry& x, const EventQueue::Entry& y) {
      return x.time < y.time;
    };
    std::stable_sort(lifted.begin(), lifted.end(), is_earlier);
    return lifted;
  }
  /// At a time of its own choice, not before now(); behind what is there at that time and tie.
  void put_back(const EventQueue::Entry& lifted) {
    queue_.push(lifted.time, lifted.tie, lifted.slot);
  }
  /// Of one that was lifted.
  const Event& event_of(const EventQueue::Entry& lifted) const { return slots_[lifted.slot].event; }

  struct Due {
    Event event;
    EventId id;
  };
  /// Takes the earliest event out and moves now() to it; false when none is left.
  [[gnu::always_inline]] bool next(Due& due) {
    while (!queue_.empty()) {
      const std::uint32_t index = queue_.pop().slot;
      slots_ahead_.popped();
      Slot& slot = slots_[index];
      free_.push_back(index);
      if (slot.is_pending()) {
        due = {slot.event, {index, slot.generation++}};
        return true;
      }
      --dead_;
    }
    return false;
  }

  /// Calls `visit(event)` for each of the next events that `ahead` has not seen yet. What is
  /// cancelled or scheduled meanwhile may be visited, too, or not: a hint for fetching.
  template <class Visit>
  void look(Lookahead& ahead, Visit visit) const {
    ahead.advance(queue_.window(),
                  [&](const EventQueue::Entry& entry) { visit(slots_[entry.slot].event); });
  }
  /// Fetches what `look` reads.
  void fetch_ahead() {
    const auto fetch_slot = [this](const EventQueue::Entry& e) { fetch(&slots_[e.slot]); };
    if (queue_.window().size() == kNear) queue_.look_beyond_window(fetch_slot);
    slots_ahead_.advance(queue_.window(), fetch_slot);
  }

 private:
  static constexpr std::size_t kSlack = 64;
  static constexpr std::size_t kManyFree =
      1024;                                      // some are out of the cache: fetch the one that is
  static constexpr std::size_t kFreeAhead = 16;  // wanted after so many others
  static constexpr std::size_t kNear = 4;        // so few events before the window ends

  struct Slot {
    Event event{};
    std::uint32_t generation = 0;  // odd: pending; even: free, or the tombstone of a cancelled one
    bool is_pending() const { return generation % 2 != 0; }
  };

  void grow() {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
    free_.reserve(slots_.capacity());  // freeing never allocates
  }
  void sweep() {
    queue_.sweep([this](const EventQueue::Entry& e) {
      if (slots_[e.slot].is_pending()) return false;
      free_.push_back(e.slot);
      return true;
    });
    dead_ = 0;
  }

  EventQueue queue_;
  PagedVector<Slot> slots_;
  std::vector<std::uint32_t> free_;  // not a chain through the slots: those are out of the cache
  std::size_t dead_ = 0;
  Lookahead slots_ahead_{14};
};

}  // namespace seedbed
