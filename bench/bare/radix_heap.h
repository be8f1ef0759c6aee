// A radix heap of 16-byte keys: an entry waits in the bucket of the highest bit in which its time
// differs from the last popped one. `Key` is anything with a `time`; `Visit` sees a small bucket
// before it is taken apart, when what it holds is about to be needed.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "bench/bare/popped.h"

namespace seedbed::bench {

template <class Key>
class RadixBuckets {
 public:
  void put(const Key& key) {
    const std::uint64_t difference = key.time ^ last_;
    const auto bucket = static_cast<std::size_t>(std::bit_width(difference));
    buckets_[bucket].push_back(key);
    if (bucket != 0) occupied_ |= std::uint64_t{1} << (bucket - 1);
  }

  template <class Visit>
  Key take(Visit visit) {
    if (head_ == buckets_[0].size()) refill(visit);
    return buckets_[0][head_++];
  }

 private:
  template <class Visit>
  void refill(Visit visit) {
    buckets_[0].clear();
    head_ = 0;
    std::vector<Key>& lowest = buckets_[static_cast<std::size_t>(std::countr_zero(occupied_)) + 1];
    occupied_ &= occupied_ - 1;
    last_ = ~std::uint64_t{0};
    for (const Key& key : lowest) last_ = std::min(last_, key.time);
    visit(lowest);
    for (const Key& key : lowest) put(key);
    lowest.clear();
  }

  std::array<std::vector<Key>, 65> buckets_;
  std::size_t head_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t occupied_ = 0;  // bit i: bucket i + 1 is not empty
};

class RadixHeap {
 public:
  void push(std::uint64_t time, std::uint32_t slot) { buckets_.put({time, slot}); }
  Popped pop() {
    return buckets_.take([](const std::vector<Popped>&) {});
  }

 private:
  RadixBuckets<Popped> buckets_;
};

}  // namespace seedbed::bench
