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
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/time.h"
#include "sim/kernel/chunked_lists.h"

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
  Time now() const { return now_; }

  void push(Time time, std::uint32_t tie, std::uint32_t slot) {
    SEEDBED_ASSERT(time >= now_, "an event {} ns in the past", (now_ - time).count());
    ++size_;
    const Entry entry{time, tie, slot};
    if (time > horizon_) return place(entry);
    insert(entry);
    if (is_too_long()) shorten_window();
  }

  /// The time of the next entry, never() if there is none. O(size of one bucket).
  Time next_time() const;

  Entry pop() {
    if (head_ == window_.size()) refill();
    --size_;
    now_ = window_[head_].time;
    return window_[head_++];
  }

  /// The next entries in their order, as far as they are known: a hint for fetching ahead.
  std::span<const Entry> window() const { return std::span(window_).subspan(head_); }

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
    forget_popped();
    const auto is_dropped = [&](const Entry& e) { return drop(e); };
    size_ -= std::erase_if(window_, is_dropped);
    for (std::size_t b = 0; b < kBuckets; ++b) {
      size_ -= buckets_.erase_if(b, is_dropped);
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
  static bool is_earlier(const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time < b.time : a.tie < b.tie;
  }
  std::size_t lowest_bucket() const {
    return static_cast<std::size_t>(std::countr_zero(occupied_));
  }

  /// An entry after the horizon.
  void place(const Entry& entry) {
    const std::uint64_t difference = bits(entry.time) ^ bits(horizon_);
    const auto bucket = static_cast<std::size_t>(std::bit_width(difference) - 1);
    buckets_.push_back(bucket, entry);
    occupied_ |= std::uint64_t{1} << bucket;
  }

  /// An entry up to the horizon: behind all that are not later.
  void insert(const Entry& entry) {
    const std::size_t length = window_.size() - head_;
    if (length > kMostInWindow) return insert_into_long(entry);
    if (length > kFew && is_earlier(entry, window_[head_ + length / 2])) {
      return sift_forward(entry);
    }
    if (head_ >= kMostInWindow) forget_popped();
    window_.push_back(entry);
    Entry* const first = window_.data() + head_;
    length > kFew ? sift_back(first, length, entry) : blend(first, length, entry);
  }
  /// Those of `first[0..length)` that are later make room behind.
  static void sift_back(Entry* first, std::size_t length, Entry entry) {
    for (; length > 0 && is_earlier(entry, first[length - 1]); --length) {
      first[length] = first[length - 1];
    }
    first[length] = entry;
  }
  /// Those that are not later make room in front, where popped ones left it. There are later ones.
  void sift_forward(Entry entry) {
    if (head_ == 0) window_.insert(window_.begin(), Entry{}), head_ = 1;
    Entry* at = window_.data() + --head_;
    for (; !is_earlier(entry, at[1]); ++at) *at = at[1];
    *at = entry;
  }
  /// As sift_back, without a branch for the processor to guess wrong.
  static void blend(Entry* first, std::size_t length, Entry entry) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < length; ++i) {
      place += static_cast<std::size_t>(first[i].time <= entry.time);
    }
    while (place > 0 && is_earlier(entry, first[place - 1])) --place;  // a tie: rare
    for (std::size_t i = length; i > 0; --i)
      first[i] = first[i - static_cast<std::size_t>(i > place)];
    first[place] = entry;
  }
  void insert_into_long(const Entry& entry);
  void forget_popped() {
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

  /// The horizon is always the last instant of an aligned block of 2^k nanoseconds that holds the
  /// present, too, and every bucket in use is k or higher. So it may be drawn in to a smaller block
  /// around the present, or moved on to the next block that has entries: what waits in higher
  /// buckets need not move.
  void set_horizon(std::uint64_t block, std::size_t k) {
    horizon_ = Time(static_cast<std::int64_t>(block | low_ones(k)));
  }

  bool is_too_long() const { return window_.size() - head_ > kMostInWindow && horizon_ > now_; }
  void shorten_window();
  void refill();
  void move_horizon(std::size_t lowest);
  void sort_window();

  std::vector<Entry> window_;
  std::size_t head_ = 0;
  ChunkedLists<Entry, kBuckets> buckets_;
  std::uint64_t occupied_ = 0;
  std::size_t size_ = 0;
  Time now_;
  Time horizon_;
};

}  // namespace seedbed
