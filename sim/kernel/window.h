// The nearest entries of the event queue, sorted by (time, tie) and, among equals, by insertion: an
// array whose popped entries leave room in front. An insertion moves the shorter side.
//
//   Window window;
//   window.insert({Time{} + 5_ms, /*tie=*/0, slot});     // behind all that are not later
//   Entry next = window.pop();                           // there must be one
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/time.h"

namespace seedbed {

struct QueueEntry {
  Time time;
  std::uint32_t tie = 0;   // among equal times the smaller goes first, then the older
  std::uint32_t slot = 0;  // whatever the owner wants to find again
};
constexpr bool is_earlier(const QueueEntry& a, const QueueEntry& b) {
  return a.time != b.time ? a.time < b.time : a.tie < b.tie;
}

class Window {
 public:
  using Entry = QueueEntry;

  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  const Entry& front() const { return room_[head_]; }
  std::span<const Entry> entries() const { return {room_.data() + head_, size()}; }

  Entry pop() { return room_[head_++]; }

  /// So few, and room for one more: `blend` may insert it.
  bool has_few() const { return size() <= kFew && tail_ < room_.size(); }
  /// As insert, without a branch for the processor to guess wrong.
  void blend(Entry entry) {
    Entry* const first = room_.data() + head_;
    std::size_t place = size();
    for (Entry* e = room_.data() + tail_++; e != first;) {
      const Entry moved = *--e;
      const auto is_later = static_cast<std::size_t>(moved.time > entry.time);
      e[is_later] = moved;
      place -= is_later;
    }
    for (; place > 0 && is_earlier(entry, first[place - 1]); --place) {  // a tie: rare
      first[place] = first[place - 1];
    }
    first[place] = entry;
  }
  void insert(Entry entry) {
    if (tail_ == room_.size()) make_room();
    const std::size_t length = size();
    if (length <= kFew) return blend(entry);
    Entry* const first = room_.data() + head_;
    if (length > kMany) {
      Entry* const place = std::upper_bound(first, first + length, entry, is_earlier);
      std::move_backward(place, first + length, first + length + 1);
      *place = entry;
    } else if (head_ > 0 && is_earlier(entry, first[length / 2])) {
      --head_;
      return sift_forward(first - 1, entry);
    } else {
      sift_back(first, length, entry);
    }
    ++tail_;
  }

  void clear() { head_ = tail_ = 0; }
  /// At the end, whatever its time: `sort` follows.
  void append(const Entry& entry) {
    if (tail_ == room_.size()) make_room();
    room_[tail_++] = entry;
  }
  void sort();
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
  static constexpr std::size_t kMany = 48;  // from here on halving beats one after the other

  /// Those of `first[0..length)` that are later make room behind.
  static void sift_back(Entry* first, std::size_t length, Entry entry) {
    for (; length > 0 && is_earlier(entry, first[length - 1]); --length) {
      first[length] = first[length - 1];
    }
    first[length] = entry;
  }
  /// Those of `first[1...]` that are not later make room in front. There are later ones.
  static void sift_forward(Entry* first, Entry entry) {
    for (; !is_earlier(entry, first[1]); ++first) *first = first[1];
    *first = entry;
  }
  void make_room();

  std::vector<Entry> room_;  // of which [head_, tail_) is in use
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace seedbed
