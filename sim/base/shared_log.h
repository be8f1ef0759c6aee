// A log of immutable entries in shared chunks: copying one copies a few pointers, however long it
// is, so a `Run` with hours of history copies in microseconds. Entries are read in place, appended
// at the end, cut at either end. Indices are the papers': the first entry ever has index 1, and
// compaction never renumbers. A slice is a part of a log that stays what it is, whatever becomes of
// the log: what a message carries instead of copies. A log that appends what a slice holds shares
// its chunk, too, where it can: all replicas of an entry are then one entry in memory.
//
//   SharedLog<Entry> log;
//   log.append({.term = 1});        // index 1
//   auto sent = log.slice(1, 64);   // entries 1 to 64, as far as there are any
//   replica.append(sent, 0);        // the first of them
//   log.truncate(1);                // drops index 1 and everything after it
//   log.compact(5);                 // drops everything up to and including index 5
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/shared.h"

namespace seedbed {

template <class T, std::size_t ChunkSize = 256>
class SharedLog {
  /// Room for so many entries, made one by one. Never written below the end of any log or slice
  /// that shares it.
  class Chunk {
   public:
    Chunk() {}  // NOLINT: the room stays as it is
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    ~Chunk() { cut(0); }

    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return room_[i]; }
    void push(T entry) { std::construct_at(room_ + size_++, std::move(entry)); }
    void cut(std::size_t size) {
      std::destroy(room_ + size, room_ + size_);
      size_ = size;
    }

   private:
    std::size_t size_ = 0;
    union {
      T room_[ChunkSize];
    };
  };

 public:
  using Index = std::uint64_t;

  /// At most as many entries as lie in two chunks.
  class Slice {
   public:
    Slice() = default;
    std::size_t size() const { return first_count_ + second_count_; }
    bool empty() const { return size() == 0; }
    const T& operator[](std::size_t i) const {
      return i < first_count_ ? (*first_)[offset_ + i] : (*second_)[i - first_count_];
    }

    class Iterator {
     public:
      Iterator(const Slice& slice, std::size_t at) : slice_(&slice), at_(at) {}
      const T& operator*() const { return (*slice_)[at_]; }
      Iterator& operator++() { return ++at_, *this; }
      bool operator==(const Iterator& o) const { return at_ == o.at_; }

     private:
      const Slice* slice_;
      std::size_t at_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

   private:
    friend class SharedLog;
    Shared<Chunk> first_;
    Shared<Chunk> second_;
    std::uint32_t offset_ = 0;
    std::uint32_t first_count_ = 0;
    std::uint32_t second_count_ = 0;
  };

  Index first_index() const { return first_; }
  Index last_index() const { return first_ + size() - 1; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  const T& operator[](Index index) const {
    SEEDBED_ASSERT(index >= first_ && index - first_ < size_, "log index {} outside {}..{}", index,
                   first_, last_index());
    return at_offset(index - first_ + skip_);
  }
  /// From `index` on, which both have: the end of what lies in one chunk that both share, or
  /// index - 1.
  Index shared_up_to(const SharedLog& other, Index index) const {
    const std::size_t mine = index - first_ + skip_;
    const std::size_t its = index - other.first_ + other.skip_;
    const bool same_chunk = chunks_[mine / ChunkSize] == other.chunks_[its / ChunkSize];
    if (!same_chunk || mine % ChunkSize != its % ChunkSize) return index - 1;
    const Index chunk_ends = index + (ChunkSize - 1 - mine % ChunkSize);
    return std::min({chunk_ends, last_index(), other.last_index()});
  }
  const T& back() const { return (*this)[last_index()]; }

  void append(T entry) {
    own_end();
    chunks_.back()->push(std::move(entry));
    ++size_;
  }
  /// The same as append(slice[i]), and without a copy where the chunks are the same so far.
  void append(const Slice& slice, std::size_t i) {
    const bool in_first = i < slice.first_count_;
    append_from(in_first ? slice.first_ : slice.second_,
                in_first ? slice.offset_ + i : i - slice.first_count_);
  }
  /// The same as append(other[index]), likewise.
  void append(const SharedLog& other, Index index) {
    const std::size_t offset = index - other.first_ + other.skip_;
    append_from(other.chunks_[offset / ChunkSize], offset % ChunkSize);
  }

  /// The entries from `from` on (at least first_index()), `most` of them, or what two chunks hold.
  Slice slice(Index from, std::uint64_t most) const {
    Slice slice;
    if (from > last_index() || most == 0) return slice;
    SEEDBED_ASSERT(from >= first_, "log index {} is compacted away; the first is {}", from, first_);
    const std::size_t offset = from - first_ + skip_;
    const std::size_t chunk = offset / ChunkSize;
    slice.offset_ = static_cast<std::uint32_t>(offset % ChunkSize);
    std::uint64_t count = std::min(last_index() - from + 1, most);
    slice.first_ = chunks_[chunk];
    slice.first_count_ =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, ChunkSize - slice.offset_));
    count -= slice.first_count_;
    if (count == 0) return slice;
    slice.second_ = chunks_[chunk + 1];
    slice.second_count_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, ChunkSize));
    return slice;
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
    if (index > last_index()) {
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
  const T& at_offset(std::size_t offset) const {
    return (*chunks_[offset / ChunkSize])[offset % ChunkSize];
  }

  /// Of the last chunk's places; 0 where it is full.
  std::size_t used() const { return (skip_ + size_) % ChunkSize; }

  void append_from(const Shared<Chunk>& chunk, std::size_t place) {
    if (place != used() || (place != 0 && chunks_.back() != chunk)) return append((*chunk)[place]);
    if (place == 0) chunks_.push_back(chunk);
    ++size_;
  }

  /// Makes the last chunk end where we do, ours to append to. Whoever comes first appends in place,
  /// shared or not: the others end before that, and never look there. Where somebody else went on,
  /// or may still look at what was truncated, we take a copy.
  void own_end() {
    const std::size_t end = used();
    if (end == 0) return chunks_.push_back(Shared<Chunk>::make());
    auto& tail = chunks_.back();
    if (tail->size() == end) return;
    if (tail.is_sole()) return tail->cut(end);
    auto copy = Shared<Chunk>::make();
    for (std::size_t i = 0; i < end; ++i) copy->push((*tail)[i]);
    tail = std::move(copy);
  }

  std::vector<Shared<Chunk>> chunks_;
  std::size_t skip_ = 0;  // compacted entries at the start of the first chunk
  std::size_t size_ = 0;
  Index first_ = 1;
};

}  // namespace seedbed
