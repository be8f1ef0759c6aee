// A 4-ary heap of 16-byte keys whose groups of children each fill a cache line. A pop leaves a hole
// at the root, which the next push fills: one way down instead of one down and one up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "bench/bare/popped.h"
#include "sim/base/hash.h"

namespace seedbed::bench {

class QuadHeap {
 public:
  void push(std::uint64_t time, std::uint32_t slot) {
    const Key key{time, sequence_++ << kSlotBits | slot};
    if (hole_) {
      hole_ = false;
      sift(key);
      return;
    }
    if (size_ == capacity_) grow();
    Key* const h = keys();
    std::size_t i = size_++;
    while (i != 0) {
      const std::size_t parent = (i - 1) / 4;
      if (!less(key, h[parent])) break;
      h[i] = h[parent];
      i = parent;
    }
    h[i] = key;
  }

  Popped pop() {
    if (hole_) {
      hole_ = false;
      const Key last = keys()[--size_];
      if (size_ != 0) sift(last);
    }
    hole_ = true;
    const Key top = keys()[0];
    return {top.time, static_cast<std::uint32_t>(top.order & ((1U << kSlotBits) - 1))};
  }

 private:
  static constexpr unsigned kSlotBits = 24;  // 16 million slots, 2^40 pushes
  static constexpr std::size_t kRootAt = 3;  // so that keys 1..4, 5..8, ... share a line each

  struct Key {
    std::uint64_t time;
    std::uint64_t order;  // sequence, slot
  };
  struct Free {
    void operator()(Key* keys) const { std::free(keys); }
  };

  static bool less(const Key& a, const Key& b) {
    return (Uint128{a.time} << 64 | a.order) < (Uint128{b.time} << 64 | b.order);
  }
  Key* keys() { return storage_.get() + kRootAt; }

  void grow() {
    const std::size_t capacity = std::max<std::size_t>(64, 2 * capacity_);
    const std::size_t bytes = (capacity + 4) / 4 * 64;
    std::unique_ptr<Key[], Free> wider(static_cast<Key*>(std::aligned_alloc(64, bytes)));
    if (size_ != 0) std::copy_n(keys(), size_, wider.get() + kRootAt);
    storage_ = std::move(wider);
    capacity_ = capacity;
  }

  void sift(const Key& key) {
    Key* const h = keys();
    std::size_t i = 0;
    for (std::size_t child = 1; child < size_; child = 4 * i + 1) {
      std::size_t least = child;
      if (child + 4 <= size_) {
        const std::size_t a = child + less(h[child + 1], h[child]);
        const std::size_t b = child + 2 + less(h[child + 3], h[child + 2]);
        least = less(h[b], h[a]) ? b : a;
      } else {
        for (std::size_t k = child + 1; k < size_; ++k) {
          if (less(h[k], h[least])) least = k;
        }
      }
      if (!less(h[least], key)) break;
      h[i] = h[least];
      i = least;
    }
    h[i] = key;
  }

  std::unique_ptr<Key[], Free> storage_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::uint64_t sequence_ = 0;
  bool hole_ = false;
};

}  // namespace seedbed::bench
