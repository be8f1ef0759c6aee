// A log of immutable entries in shared chunks: copying one copies a few pointers, however long it
// is, so a `Run` with hours of history copies in microseconds. Entries are read in place, appended
// at the end, cut at either end. Indices are the papers': the first entry ever has index 1, and
// compaction never renumbers.
//
//   SharedLog<Entry> log;
//   log.append({.term = 1});        // index 1
//   log.truncate(1);                // drops index 1 and everything after it
//   log.compact(5);                 // drops everything up to and including index 5
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/assert.h"

namespace seedbed {

template <class T, std::size_t ChunkSize = 256>
class SharedLog {
 public:
  using Index = std::uint64_t;

  Index first_index() const { return first_; }
  Index last_index() const { return first_ + size() - 1; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  const T& operator[](Index index) const {
    SEEDBED_ASSERT(index >= first_ && index - first_ < size_, "log index {} outside {}..{}", index,
                   first_, last_index());
    return at_offset(index - first_ + skip_);
  }
  const T& back() const { return (*this)[last_index()]; }

  void append(T entry) {
    const std::size_t offset = (skip_ + size_) % ChunkSize;
    if (offset == 0) {
      chunks_.push_back(std::make_shared<Chunk>());
      chunks_.back()->reserve(ChunkSize);
    }
    own_tail(offset);
    chunks_.back()->push_back(std::move(entry));
    ++size_;
  }

  /// Drops `index` and all after it. `index` may be last_index() + 1 (drops nothing).
  void truncate(Index index) {
    SEEDBED_ASSERT(index >= first_ && index <= last_index() + 1,
                   "cannot truncate at {}: the log holds {}..{}", index, first_, last_index());
    size_ = index - first_;
    chunks_.resize((skip_ + size_ + ChunkSize - 1) / ChunkSize);
  }

  /// Drops everything up to and including `index`, which may lie beyond the end: the log is then
  /// empty and continues at index + 1.
  void compact(Index index) {
    if (index < first_) return;
    if (index >= last_index()) {
      chunks_.clear();
      skip_ = size_ = 0;
    } else {
      const std::size_t dropped = index - first_ + 1;
      const std::size_t whole = (skip_ + dropped) / ChunkSize;
      chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(whole));
      skip_ = (skip_ + dropped) % ChunkSize;
      size_ -= dropped;
    }
    first_ = index + 1;
  }

 private:
  using Chunk = std::vector<T>;

  const T& at_offset(std::size_t offset) const {
    return (*chunks_[offset / ChunkSize])[offset % ChunkSize];
  }

  /// The tail chunk may be shared with a copy, or hold entries that were truncated: make it ours
  /// and exactly `used` long. A unique owner never copies.
  void own_tail(std::size_t used) {
    auto& tail = chunks_.back();
    if (tail.use_count() > 1) {
      auto copy = std::make_shared<Chunk>();
      copy->reserve(ChunkSize);
      copy->assign(tail->begin(), tail->begin() + static_cast<std::ptrdiff_t>(used));
      tail = std::move(copy);
    } else if (tail->size() > used) {
      tail->erase(tail->begin() + static_cast<std::ptrdiff_t>(used), tail->end());
    }
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t skip_ = 0;  // compacted entries at the start of the first chunk
  std::size_t size_ = 0;
  Index first_ = 1;
};

}  // namespace seedbed
