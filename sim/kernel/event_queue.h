// The pending-event set: a stable radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990, "Faster
// Algorithms for the Shortest Path Problem") whose nearest entries stand sorted in a window.
//
// Simulated time never runs backwards, and that is all a radix heap asks for: an entry waits in the
// bucket of the highest hexadecimal digit in which its time differs from the horizon, and of that
// digit, and moves at most once a digit. What is due up to the horizon stands in the window, sorted
// by insertion. A small queue is thus a sorted array; and of a large one the owner sees what comes
// next, and can fetch what it will touch. The order is (time, tie, sequence): buckets keep the
// order of insertion, so the sequence need not be stored. Entries hold whole items, and move them:
// in a large queue what is kept beside it would be out of the cache when it is wanted.
//
//   EventQueue<Event> queue;
//   queue.push(Time{} + 5_ms, /*tie=*/0, event);    // O(1); never before the last popped time
//   QueueEntry<Event> next = queue.pop();           // amortised O(log range)
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

#include "sim/base/assert.h"
#include "sim/base/time.h"
#include "sim/kernel/chunked_lists.h"
#include "sim/kernel/window.h"

namespace seedbed {

template <class Item>
class EventQueue {
  static_assert(std::is_trivially_copyable_v<Item>);

 public:
  using Entry = QueueEntry<Item>;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The time of the last popped entry: nothing may be pushed before it.
  Time now() const { return now_; }

  [[gnu::always_inline]] void push(Time time, std::uint32_t tie, const Item& item) {
    SEEDBED_ASSERT(time >= now_, "an event {} ns in the past", (now_ - time).count());
    ++size_;
    Entry& place = time > horizon_     ? buckets_.add(bucket_of(time))
                   : window_.has_few() ? window_.blend(time, tie)
                                       : make_place(time, tie);
    place.fill(time, tie, item);
  }

  /// The time of the next entry, never() if there is none. O(size of one bucket).
  Time next_time() const;

  /// The earliest; it stays where it is until the next push.
  const Entry& pop() {
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
    if (buckets_.empty()) return;
    const std::size_t lowest = lowest_bucket();
    if (buckets_.size(lowest) <= kGoodWindow) buckets_.for_each(lowest, visit);
  }

  /// Drops every entry for which `drop(entry)` holds. It is asked once for each; of equal times and
  /// ties the older ones first. O(size): call it rarely.
  template <class Drop>
  void sweep(Drop drop) {
    size_ -= window_.erase_if(drop);
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
      if (!buckets_.empty(bucket)) size_ -= buckets_.erase_if(bucket, drop);
    }
  }

 private:
  static constexpr std::size_t kDigitBits = 4;
  static constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  static constexpr std::size_t kBuckets = (63 / kDigitBits + 1) * kDigits;
  static constexpr std::size_t kMostInWindow = 64;  // more only where all are due at one instant
  static constexpr std::size_t kGoodWindow = 32;
  static constexpr std::size_t kFew = 8;  // so few are the window, however far apart

  static std::uint64_t bits(Time t) { return static_cast<std::uint64_t>(t.count()); }
  static std::uint64_t low_ones(std::size_t n) { return (std::uint64_t{1} << n) - 1; }
  std::size_t lowest_bucket() const { return buckets_.first(); }

  /// The horizon is always the last instant of an aligned block of 2^k nanoseconds that holds the
  /// present, too, and every entry in a bucket differs from it first in bit k or higher. So it may
  /// be drawn in to a smaller block around the present, or moved on to the next block that has
  /// entries: what waits in higher buckets need not move.
  void set_horizon(std::uint64_t block, std::size_t k) {
    horizon_ = Time(static_cast<std::int64_t>(block | low_ones(k)));
  }

  /// Of what is due after the horizon.
  std::size_t bucket_of(Time time) const {
    const auto highest = static_cast<std::size_t>(std::bit_width(bits(time) ^ bits(horizon_))) - 1;
    const std::size_t digit = highest / kDigitBits;
    return digit * kDigits + (bits(time) >> digit * kDigitBits) % kDigits;
  }
  void place(const Entry& entry) { buckets_.push_back(bucket_of(entry.time), entry); }
  /// Of what is due up to the horizon.
  [[gnu::noinline]] Entry& make_place(Time time, std::uint32_t tie) {
    if (window_.size() >= kMostInWindow) shorten_window();
    return time > horizon_ ? buckets_.add(bucket_of(time)) : window_.insert(time, tie);
  }
  void shorten_window();
  [[gnu::noinline]] void refill();
  void move_horizon(std::size_t lowest);
  std::size_t good_block(std::size_t most) const;

  Window<Item> window_;
  ChunkedLists<Entry, kBuckets> buckets_;
  std::size_t size_ = 0;
  Time now_;
  Time horizon_;
};

template <class Item>
Time EventQueue<Item>::next_time() const {
  if (!window_.empty()) return window_.front().time;
  Time earliest = Time::never();
  if (buckets_.empty()) return earliest;
  buckets_.for_each(lowest_bucket(),
                    [&](const Entry& e) { earliest = std::min(earliest, e.time); });
  return earliest;
}

/// The window got long, but where all are due at one instant: only its beginning stays, around the
/// present. It need not be sorted.
template <class Item>
void EventQueue<Item>::shorten_window() {
  if (horizon_ <= now_) return;
  set_horizon(bits(now_), good_block(kGoodWindow));
  window_.erase_if([this](const Entry& e) { return e.time > horizon_ && (place(e), true); });
}

/// The largest block of 2^result nanoseconds around the present, within the horizon's, in which no
/// more than `most` of the window are due; 2^0 if there is none.
template <class Item>
std::size_t EventQueue<Item>::good_block(std::size_t most) const {
  std::array<std::uint32_t, 65> differ{};  // by the first bit in which they differ from the present
  for (const Entry& e : window()) {
    ++differ[static_cast<std::size_t>(std::bit_width(bits(e.time) ^ bits(now_)))];
  }
  const auto k = static_cast<std::size_t>(std::bit_width(bits(horizon_) ^ bits(now_)));
  std::size_t held = 0;
  for (std::size_t b = 0; b <= k; ++b) {
    held += differ[b];
    if (held > most) return b == 0 ? 0 : b - 1;
  }
  return k;
}

/// For pop: its first entry makes the present.
template <class Item>
void EventQueue<Item>::refill() {
  SEEDBED_ASSERT(size_ > 0, "pop from an empty event queue");
  window_.clear();
  const bool all = size_ <= kFew;
  while (window_.empty() || (all && !buckets_.empty())) {
    const std::size_t lowest = lowest_bucket();
    all ? set_horizon(0, 63) : move_horizon(lowest);
    buckets_.take(lowest, [this](const Entry& e) {
      if (e.time > horizon_) return place(e);
      window_.append(e);
    });
  }
  const auto entries = window();
  now_ = std::min_element(entries.begin(), entries.end(), is_earlier<Item>)->time;
  if (entries.size() > kMostInWindow) shorten_window();
  window_.sort();
}

/// On to the next block with entries, which are in the lowest bucket: all of that, or as much of it
/// as should make a good window, if they are spread evenly.
template <class Item>
void EventQueue<Item>::move_horizon(std::size_t lowest) {
  const std::size_t low = lowest / kDigits * kDigitBits;  // bits below that digit
  const std::uint64_t above = bits(horizon_) >> low >> kDigitBits << kDigitBits;
  const std::uint64_t block = (above | lowest % kDigits) << low;
  const auto halvings = std::bit_width(buckets_.size(lowest) / (kGoodWindow + 1));
  set_horizon(block, low - std::min(low, static_cast<std::size_t>(halvings)));
}

}  // namespace seedbed
