// Events in time order, in a queue that holds all of each. What may be cancelled has a record
// beside it, which tells the living from the dead in O(1): a cancelled event stays in the queue as
// a tombstone; when tombstones outnumber the living, one sweep removes them all, so that re-arming
// a timer a million times costs no memory. One that is put off again and again leaves none: only
// when its turn comes is it found not to be due yet, and moves on.
//
//   Scheduler<Event> scheduler;
//   scheduler.at(now + 5_ms, /*tie=*/0, Event{...});
//   EventId id = scheduler.arm(now + 9_ms, /*tie=*/0, Event{...});
//   scheduler.cancel(id);                                         // its payload, unless it fired
//   for (Scheduler<Event>::Due due; scheduler.next(due);) ...     // advances now()
//
// An `Event` says whether it may be cancelled (`can_be_cancelled()`), has a `payload`, and a word
// that is the scheduler's own while such an event waits (`record()`), and 0 otherwise.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/pages.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/lookahead.h"
#include "sim/kernel/payload.h"

namespace seedbed {

/// Names one event that may be cancelled, for ever: the generation tells it from later users of
/// its record.
struct EventId {
  std::uint32_t record = 0;
  std::uint32_t generation = 0;  // odd; 0: no event
  constexpr explicit operator bool() const { return generation != 0; }
  constexpr bool operator==(const EventId&) const = default;
};

template <class Event>
class Scheduler {
 public:
  using Entry = QueueEntry<Event>;

  Time now() const { return queue_.now(); }
  std::size_t pending() const { return queue_.size() - dead_; }
  /// Entries in the queue, tombstones included: bounded by twice pending() and a constant.
  std::size_t queued() const { return queue_.size(); }

  /// No event comes before this time. (A cancelled one may still stand for it.)
  Time next_time() const { return queue_.next_time(); }

  /// `event` comes at `time`, which is not before now(); see EventQueue for `tie`. It is none that
  /// may be cancelled.
  [[gnu::always_inline]] void at(Time time, std::uint32_t tie, const Event& event) {
    queue_.push(time, tie, event);
  }

  /// The same of one that may be.
  [[gnu::always_inline]] EventId arm(Time time, std::uint32_t tie, Event event) {
    if (free_ == kNone) grow();
    const std::uint32_t index = free_;
    Record& record = records_[index];
    free_ = record.payload.value;
    record.payload = event.payload;
    ++record.generation;
    event.record() = index;
    queue_.push(time, tie, event);
    return {index, record.generation};
  }

  /// Its payload is the caller's then. Nothing if it has fired, or was cancelled, already.
  std::optional<Payload> cancel(EventId id) {
    if (!id || id.record >= records_.size()) return std::nullopt;
    Record& record = records_[id.record];
    if (record.generation != id.generation) return std::nullopt;
    const Payload payload = record.payload;
    ++record.generation;
    if (id.record < waits_.size()) waits_[id.record] = {};
    if (++dead_ > kSlack && dead_ > queue_.size() / 2) sweep();
    return payload;
  }

  /// From now on it may be put off, too; `time` is what it was armed for.
  void may_be_put_off(EventId id, Time time) {
    if (id.record >= waits_.size()) waits_.resize(records_.size());
    waits_[id.record] = {time, time};
  }
  /// It comes at `time` instead, behind what is due then already. Its entry stays where it is, and
  /// moves on when its turn comes. False if it has fired, was cancelled, may not be put off, or
  /// stands behind `time`.
  bool put_off(EventId id, Time time) {
    if (!id || id.record >= waits_.size()) return false;
    Wait& wait = waits_[id.record];
    if (records_[id.record].generation != id.generation || time < wait.stands_at) return false;
    wait.due = time;
    return true;
  }

  /// Takes those pending events out of the queue for which `which(event, time)` holds, by rising
  /// time. Their ids stay what they are; each must be put back before anything else is asked for.
  /// O(queued): call it rarely.
  template <class Which>
  std::vector<Entry> lift(Which which) {
    std::vector<Entry> lifted;
    queue_.sweep([&](const Entry& e) {
      const Time due = due_of(e);
      if (is_dead(e.item) || !which(e.item, due)) return false;
      lifted.push_back(e);
      lifted.back().time = due;
      return true;
    });
    const auto is_before = [](const Entry& x, const Entry& y) { return x.time < y.time; };
    std::stable_sort(lifted.begin(), lifted.end(), is_before);
    return lifted;
  }
  /// At a time of its own choice, not before now(); behind what is there at that time and tie.
  void put_back(const Entry& lifted) {
    queue_.push(lifted.time, lifted.tie, lifted.item);
    if (may_be_put_off(lifted.item)) waits_[lifted.item.record()] = {lifted.time, lifted.time};
  }

  struct Due {
    Event event;
    EventId id;  // of one that could have been cancelled
  };
  /// Takes the earliest event out and moves now() to it; false when none is left.
  [[gnu::always_inline]] bool next(Due& due) {
    while (!queue_.empty()) {
      const Entry& entry = queue_.pop();
      due.event = entry.item;
      if (!due.event.can_be_cancelled()) return due.id = {}, true;
      if (due_of(entry) > now()) [[unlikely]] {
        move_on(entry);
      } else if (retire(due)) {
        return true;
      }
    }
    return false;
  }

  /// The next events in their order, as far as they are known: a hint for fetching ahead.
  std::span<const Entry> window() const { return queue_.window(); }
  /// Calls `visit(event)` for what will probably follow the window.
  template <class Visit>
  void look_beyond_window(Visit visit) const {
    queue_.look_beyond_window([&](const Entry& e) { visit(e.item); });
  }
  /// Fetches what `next` will touch of this event beside the queue.
  void fetch_record(const Event& event) const {
    if (event.can_be_cancelled()) fetch(&records_[event.record()]);
  }

 private:
  static constexpr std::size_t kSlack = 64;
  static constexpr std::uint32_t kNone = ~0U;

  struct Record {
    std::uint32_t generation = 0;  // odd: pending; even: free, or the tombstone of a cancelled one
    Payload payload;               // of a free one: the number of the next free one
  };

  /// Of one that may be put off.
  struct Wait {
    Time stands_at = Time::never();  // in the queue, not after `due`
    Time due;
  };

  bool may_be_put_off(const Event& event) const {
    return event.can_be_cancelled() && event.record() < waits_.size() &&
           waits_[event.record()].stands_at != Time::never();
  }
  Time due_of(const Entry& entry) const {
    return may_be_put_off(entry.item) ? waits_[entry.item.record()].due : entry.time;
  }
  /// The turn of one has come that was put off.
  [[gnu::noinline]] void move_on(Entry entry) {
    Wait& wait = waits_[entry.item.record()];
    wait.stands_at = wait.due;
    queue_.push(wait.due, entry.tie, entry.item);
  }
  bool is_dead(const Event& event) const {
    return event.can_be_cancelled() && records_[event.record()].generation % 2 == 0;
  }
  /// Of one that may be cancelled; false: it was.
  [[gnu::always_inline]] bool retire(Due& due) {
    const std::uint32_t index = due.event.record();
    Record& record = records_[index];
    free(index);
    if (record.generation % 2 == 0) return --dead_, false;
    due.id = {index, record.generation++};
    if (index < waits_.size()) waits_[index] = {};
    due.event.record() = 0;
    return true;
  }
  void grow() {
    records_.emplace_back();
    free(static_cast<std::uint32_t>(records_.size() - 1));
  }
  void free(std::uint32_t index) {
    records_[index].payload.value = free_;
    free_ = index;
  }
  void sweep() {
    queue_.sweep([this](const Entry& e) {
      if (!is_dead(e.item)) return false;
      free(e.item.record());
      return true;
    });
    dead_ = 0;
  }

  EventQueue<Event> queue_;
  PagedVector<Record> records_;
  std::vector<Wait> waits_;     // by record, up to the last of one that may be put off
  std::uint32_t free_ = kNone;  // the last freed, which is the next used
  std::size_t dead_ = 0;
};

}  // namespace seedbed
