// The textbook's event queue: std::priority_queue over (time, sequence), 24 bytes an entry.
#pragma once

#include <queue>
#include <vector>

#include "bench/bare/popped.h"

namespace seedbed::bench {

class BinaryHeap {
 public:
  void push(std::uint64_t time, std::uint32_t slot) { heap_.push({time, sequence_++, slot}); }
  Popped pop() {
    const Entry top = heap_.top();
    heap_.pop();
    return {top.time, top.slot};
  }

 private:
  struct Entry {
    std::uint64_t time;
    std::uint64_t sequence;
    std::uint32_t slot;
    bool operator<(const Entry& o) const {  // priority_queue keeps the largest on top
      return time != o.time ? time > o.time : sequence > o.sequence;
    }
  };
  std::priority_queue<Entry> heap_;
  std::uint64_t sequence_ = 0;
};

}  // namespace seedbed::bench
