// The open choices of a search, by how often they took part in recent conflicts (the VSIDS rule of
// Chaff, Moskewicz et al. 2001), in whole numbers.
//
//   ActivityHeap heap;
//   heap.add(choice); heap.bump(choice); heap.decay();
//   while (!heap.empty()) use(heap.pop());
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace seedbed::txn {

class ActivityHeap {
 public:
  bool empty() const { return heap_.empty(); }
  /// A choice that is there already stays.
  void add(std::uint32_t choice) {
    if (choice >= at_.size()) {
      at_.resize(choice + std::size_t{1}, kOut);
      activity_.resize(choice + std::size_t{1}, 0);
    }
    if (at_[choice] != kOut) return;
    at_[choice] = static_cast<std::uint32_t>(heap_.size());
    heap_.push_back(choice);
    sift_up(heap_.size() - 1);
  }
  std::uint32_t pop() {
    const std::uint32_t top = heap_.front();
    place(0, heap_.back());
    heap_.pop_back();
    at_[top] = kOut;
    if (!heap_.empty()) sift_down(0);
    return top;
  }
  void bump(std::uint32_t choice) {
    activity_[choice] += step_;
    if (at_[choice] != kOut) sift_up(at_[choice]);
  }
  /// What is bumped from now on counts for a sixteenth more.
  void decay() {
    step_ += step_ / 16 + 1;
    if (step_ < kMost) return;
    for (std::uint64_t& a : activity_) a >>= 40;
    step_ >>= 40;
  }

 private:
  static constexpr std::uint32_t kOut = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint64_t kMost = std::uint64_t{1} << 52;

  bool before(std::uint32_t a, std::uint32_t b) const {
    return activity_[a] != activity_[b] ? activity_[a] > activity_[b] : a < b;
  }
  void place(std::size_t i, std::uint32_t choice) {
    heap_[i] = choice;
    at_[choice] = static_cast<std::uint32_t>(i);
  }
  void sift_up(std::size_t i) {
    const std::uint32_t choice = heap_[i];
    for (; i > 0 && before(choice, heap_[(i - 1) / 2]); i = (i - 1) / 2) {
      place(i, heap_[(i - 1) / 2]);
    }
    place(i, choice);
  }
  void sift_down(std::size_t i) {
    const std::uint32_t choice = heap_[i];
    for (std::size_t child = 2 * i + 1; child < heap_.size(); child = 2 * i + 1) {
      if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], choice)) break;
      place(i, heap_[child]);
      i = child;
    }
    place(i, choice);
  }

  std::vector<std::uint32_t> heap_;
  std::vector<std::uint32_t> at_;  // by choice
  std::vector<std::uint64_t> activity_;
  std::uint64_t step_ = 1 << 10;
};

}  // namespace seedbed::txn
