// The nearest entries of the event queue, sorted by (time, tie) and, among equals, by insertion: an
// array whose popped entries leave room in front. An insertion moves the shorter side.
//
//   Window<std::uint32_t> window;
//   window.insert(Time{} + 5_ms, /*tie=*/0).fill(Time{} + 5_ms, 0, 7);
//   QueueEntry<std::uint32_t> next = window.pop();       // there must be one
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/time.h"

namespace seedbed {

template <class Item>
struct QueueEntry {
  Time time;
  std::uint32_t tie = 0;  // among equal times the smaller goes first, then the older
  Item item{};

  [[gnu::always_inline]] void fill(Time t, std::uint32_t its_tie, const Item& from) {
    time = t;
    tie = its_tie;
    item = from;
  }
};
template <class Item>
constexpr bool is_earlier(const QueueEntry<Item>& a, const QueueEntry<Item>& b) {
  return a.time != b.time ? a.time < b.time : a.tie < b.tie;
}

template <class Item>
class Window {
 public:
  using Entry = QueueEntry<Item>;

  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  const Entry& front() const { return room_[head_]; }
  std::span<const Entry> entries() const { return {room_.data() + head_, size()}; }

  /// The first, which stays where it is until the next insertion.
  const Entry& pop() { return room_[head_++]; }

  /// A place for such an entry, behind all that are not later: to be filled in.
  [[gnu::always_inline]] Entry& insert(Time time, std::uint32_t tie) {
    if (tail_ == room_.size()) make_room();
    Entry* const first = room_.data() + head_;
    Entry* last = room_.data() + tail_;
    const bool in_front = first == last || goes_before(time, tie, first[size() / 2]);
    if (in_front && head_ > 0) {
      --head_;
      return sift_forward(first - 1, last, time, tie);
    }
    ++tail_;
    if (!in_front) {  // so there is one that is not later, and no need to look for the end
      for (; time < last[-1].time; --last) *last = last[-1];
    }
    return sift_back(first, last, time, tie);
  }
  /// The same of a few, without a branch for the processor to guess wrong.
  bool has_few() const { return size() <= kFew && tail_ < room_.size(); }
  [[gnu::always_inline]] Entry& blend(Time time, std::uint32_t tie) {
    Entry* const first = room_.data() + head_;
    Entry* place = room_.data() + tail_++;
    for (Entry* e = place; e != first;) {
      --e;
      const bool is_later = e->time > time;
      Entry* const to = is_later ? e + 1 : e;
      place = is_later ? e : place;
      *to = *e;
    }
    for (; place != first && goes_before(time, tie, place[-1]); --place) {  // a tie: rare
      *place = place[-1];
    }
    return *place;
  }

  void clear() { head_ = tail_ = 0; }
  /// At the end, whatever its time: `sort` follows.
  void append(const Entry& entry) {
    if (tail_ == room_.size()) make_room();
    room_[tail_++] = entry;
  }
  void sort() {
    Entry* const first = room_.data() + head_;
    Entry* const last = room_.data() + tail_;
    if (std::is_sorted(first, last, is_earlier<Item>)) return;
    if (size() > kMany) return std::stable_sort(first, last, is_earlier<Item>);
    for (Entry* e = first + 1; e < last; ++e) {
      const Entry entry = *e;
      sift_back(first, e, entry.time, entry.tie) = entry;
    }
  }
  /// Calls `pred` for each in order. Returns how many there were.
  template <class Pred>
  std::size_t erase_if(Pred pred) {
    std::size_t kept = head_;
    for (std::size_t i = head_; i < tail_; ++i) {
      if (!pred(room_[i])) room_[kept++] = room_[i];
    }
    return std::exchange(tail_, kept) - kept;
  }

 private:
  static constexpr std::size_t kFew = 8;
  static constexpr std::size_t kMany = 64;  // from here on the library sorts, which allocates

  static bool goes_before(Time time, std::uint32_t tie, const Entry& e) {
    return time != e.time ? time < e.time : tie < e.tie;
  }
  /// Those of [first, last) that are later make room behind.
  static Entry& sift_back(const Entry* first, Entry* last, Time time, std::uint32_t tie) {
    for (; last != first && goes_before(time, tie, last[-1]); --last) *last = last[-1];
    return *last;
  }
  /// Those of (first, last) that are not later make room in front. There are later ones, or none.
  static Entry& sift_forward(Entry* first, const Entry* last, Time time, std::uint32_t tie) {
    if (first + 1 == last) return *first;
    for (; first[1].time < time; ++first) *first = first[1];
    for (; !goes_before(time, tie, first[1]); ++first) *first = first[1];
    return *first;
  }
  /// At the end: what popped entries left in front, if that is much, or more.
  void make_room() {
    if (head_ > room_.size() / 2) {
      std::move(room_.begin() + static_cast<std::ptrdiff_t>(head_), room_.end(), room_.begin());
      tail_ -= std::exchange(head_, 0);
    } else {
      constexpr std::size_t kLeast = 64;
      room_.resize(std::max(kLeast, 2 * room_.size()));
    }
  }

  std::vector<Entry> room_;  // of which [head_, tail_) is in use
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace seedbed
