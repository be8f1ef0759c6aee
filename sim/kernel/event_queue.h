// The pending-event set: a stable radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990, "Faster
// Algorithms for the Shortest Path Problem"). Simulated time never runs backwards, and that is all
// a radix heap asks for: an entry waits in the bucket of the highest bit in which its time differs
// from the last popped one, and moves at most once a bit. The order is (time, tie, sequence):
// buckets keep insertion order, so the sequence need not be stored.
//
//   EventQueue queue;
//   queue.push(Time{} + 5_ms, /*tie=*/0, slot);     // O(1); never before the last popped time
//   EventQueue::Entry next = queue.pop();           // amortised O(log range), no comparisons
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/time.h"

namespace seedbed {

class EventQueue {
 public:
  struct Entry {
    Time time;
    std::uint32_t tie = 0;   // among equal times the smaller goes first, then the older
    std::uint32_t slot = 0;  // whatever the owner wants to find again
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The time of the last popped entry: nothing may be pushed before it.
  Time now() const { return last_; }

  void push(Time time, std::uint32_t tie, std::uint32_t slot) {
    SEEDBED_ASSERT(time >= last_, "an event {} ns in the past", (last_ - time).count());
    ++size_;
    place({time, tie, slot});
  }

  /// The time of the next entry, never() if there is none. O(size of one bucket).
  Time next_time() const {
    if (head_ < ready_.size()) return last_;
    if (occupied_ == 0) return Time::never();
    return earliest(buckets_[static_cast<std::size_t>(std::countr_zero(occupied_))]);
  }

  Entry pop() {
    if (head_ == ready_.size()) refill();
    --size_;
    return ready_[head_++];
  }

  /// Drops every entry for which `dead(slot)` holds. O(size): call it rarely.
  template <class Dead>
  void sweep(Dead dead) {
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
    const auto is_dead = [&](const Entry& e) { return dead(e.slot); };
    size_ -= std::erase_if(ready_, is_dead);
    for (std::size_t b = 0; b < buckets_.size(); ++b) {
      size_ -= std::erase_if(buckets_[b], is_dead);
      if (buckets_[b].empty()) occupied_ &= ~(std::uint64_t{1} << b);
    }
  }

 private:
  static Time earliest(const std::vector<Entry>& entries) {
    const auto by_time = [](const Entry& a, const Entry& b) { return a.time < b.time; };
    return std::min_element(entries.begin(), entries.end(), by_time)->time;
  }

  void place(const Entry& entry) {
    const auto difference =
        static_cast<std::uint64_t>(entry.time.count()) ^ static_cast<std::uint64_t>(last_.count());
    if (difference == 0) return place_ready(entry);
    const auto bucket = static_cast<std::size_t>(std::bit_width(difference) - 1);
    buckets_[bucket].push_back(entry);
    occupied_ |= std::uint64_t{1} << bucket;
  }

  /// Entries due at the last popped time, in the order they will leave.
  void place_ready(const Entry& entry) {
    if (head_ == ready_.size() || ready_.back().tie <= entry.tie) {
      ready_.push_back(entry);
      return;
    }
    const auto from = ready_.begin() + static_cast<std::ptrdiff_t>(head_);
    const auto later = [](std::uint32_t tie, const Entry& e) { return tie < e.tie; };
    ready_.insert(std::upper_bound(from, ready_.end(), entry.tie, later), entry);
  }

  /// Takes the lowest bucket apart: its earliest time becomes the present.
  void refill() {
    SEEDBED_ASSERT(occupied_ != 0, "pop from an empty event queue");
    ready_.clear();
    head_ = 0;
    const auto lowest = static_cast<std::size_t>(std::countr_zero(occupied_));
    occupied_ &= occupied_ - 1;
    scratch_.swap(buckets_[lowest]);
    last_ = earliest(scratch_);
    for (const Entry& entry : scratch_) place(entry);
    scratch_.clear();
    scratch_.swap(buckets_[lowest]);  // keeps its capacity
  }

  std::vector<Entry> ready_;
  std::size_t head_ = 0;
  std::array<std::vector<Entry>, 63> buckets_;
  std::vector<Entry> scratch_;
  std::uint64_t occupied_ = 0;
  std::size_t size_ = 0;
  Time last_;
};

}  // namespace seedbed
