// The pending-event set: a stable radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990, "Faster
// Algorithms for the Shortest Path Problem") whose nearest entries stand sorted in a window.
//
// Simulated time never runs backwards, and that is all a radix heap asks for: an entry waits in the
// bucket of the highest bit in which its time differs from the horizon, and moves at most once a
// bit. What is due up to the horizon stands in the window, sorted by insertion. A small queue is
// thus a sorted array; and of a large one the owner sees what comes next, and can fetch what it
// will touch. The order is (time, tie, sequence): buckets keep the order of insertion, so the
// sequence need not be stored.
//
//   EventQueue queue;
//   queue.push(Time{} + 5_ms, /*tie=*/0, slot);     // O(1); never before the last popped time
//   EventQueue::Entry next = queue.pop();           // amortised O(log range)
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "sim/base/assert.h"
#include "sim/base/time.h"
#include "sim/kernel/chunked_lists.h"
#include "sim/kernel/window.h"

namespace seedbed {

class EventQueue {
 public:
  using Entry = QueueEntry;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The time of the last popped entry: nothing may be pushed before it.
  Time now() const { return now_; }

  void push(Time time, std::uint32_t tie, std::uint32_t slot) {
    SEEDBED_ASSERT(time >= now_, "an event {} ns in the past", (now_ - time).count());
    ++size_;
    const Entry entry{time, tie, slot};
    if (time > horizon_ || !window_.has_few()) return insert(entry);
    window_.blend(entry);
  }

  /// The time of the next entry, never() if there is none. O(size of one bucket).
  Time next_time() const;

  Entry pop() {
    if (window_.empty()) refill();
    --size_;
    now_ = window_.front().time;
    return window_.pop();
  }

  /// The next entries in their order, as far as they are known: a hint for fetching ahead.
  std::span<const Entry> window() const { return window_.entries(); }

  /// Calls `visit` for what will probably make the next window.
  template <class Visit>
  void look_beyond_window(Visit visit) const {
    if (occupied_ == 0 || buckets_.size(lowest_bucket()) > kGoodWindow) return;
    buckets_.for_each(lowest_bucket(), visit);
  }

  /// Drops every entry for which `drop(entry)` holds. It is asked once for each; of equal times and
  /// ties the older ones first. O(size): call it rarely.
  template <class Drop>
  void sweep(Drop drop) {
    size_ -= window_.erase_if(drop);
    for (std::uint64_t left = occupied_; left != 0; left &= left - 1) {
      const auto b = static_cast<std::size_t>(std::countr_zero(left));
      size_ -= buckets_.erase_if(b, drop);
      if (buckets_.empty(b)) occupied_ &= ~(std::uint64_t{1} << b);
    }
  }

 private:
  static constexpr std::size_t kBuckets = 63;
  static constexpr std::size_t kMostInWindow = 48;  // more only where all are due at one instant
  static constexpr std::size_t kGoodWindow = 24;
  static constexpr std::size_t kFew = 8;  // so few are the window, however far apart

  static std::uint64_t bits(Time t) { return static_cast<std::uint64_t>(t.count()); }
  static std::uint64_t low_ones(std::size_t n) { return (std::uint64_t{1} << n) - 1; }
  std::size_t lowest_bucket() const {
    return static_cast<std::size_t>(std::countr_zero(occupied_));
  }

  /// The horizon is always the last instant of an aligned block of 2^k nanoseconds that holds the
  /// present, too, and every bucket in use is k or higher. So it may be drawn in to a smaller block
  /// around the present, or moved on to the next block that has entries: what waits in higher
  /// buckets need not move.
  void set_horizon(std::uint64_t block, std::size_t k) {
    horizon_ = Time(static_cast<std::int64_t>(block | low_ones(k)));
  }

  void place(Entry entry);
  void insert(Entry entry);
  void shorten_window();
  void refill();
  void move_horizon(std::size_t lowest);

  Window window_;
  ChunkedLists<Entry, kBuckets> buckets_;
  std::uint64_t occupied_ = 0;
  std::size_t size_ = 0;
  Time now_;
  Time horizon_;
};

}  // namespace seedbed
