// A few lists that share one pool of chunks: together they take no more memory than their items
// and a chunk a list, and once they have held n items in all, n items never allocate again, however
// they are spread over the lists.
//
//   ChunkedLists<Entry, 63> lists;
//   lists.push_back(7, entry);
//   lists.take(7, [&](const Entry& e) { ... });   // empties list 7, oldest first
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sim/base/pages.h"
#include "sim/kernel/lookahead.h"

namespace seedbed {

template <class T, std::size_t kLists>
class ChunkedLists {
 public:
  bool empty() const { return size_ == 0; }
  bool empty(std::size_t list) const { return lists_[list].size == 0; }
  /// The first list that is not empty; there must be one.
  std::size_t first() const {
    std::size_t word = 0;
    while (used_[word] == 0) ++word;
    return 64 * word + static_cast<std::size_t>(std::countr_zero(used_[word]));
  }
  std::size_t size(std::size_t list) const { return lists_[list].size; }

  void push_back(std::size_t list, const T& item) { add(list) = item; }
  /// One more at the end, to be filled in.
  [[gnu::always_inline]] T& add(std::size_t list) {
    if (++size_ > promised_) promise();
    List& l = lists_[list];
    const std::size_t at = l.size++ % kItems;
    if (at == 0) append_chunk(list);
    return chunks_[l.last].items[at];
  }

  /// Calls `visit(item)` for each, oldest first.
  template <class Visit>
  void for_each(std::size_t list, Visit visit) const {
    const List& l = lists_[list];
    std::uint32_t chunk = l.first;
    for (std::size_t left = l.size; left > 0; chunk = chunks_[chunk].next) {
      const std::size_t here = std::min(left, kItems);
      for (std::size_t i = 0; i < here; ++i) visit(chunks_[chunk].items[i]);
      left -= here;
    }
  }

  /// Empties a list: calls `visit(item)` for each, oldest first. It may push to any list, this one
  /// included, and that item is not visited.
  template <class Visit>
  void take(std::size_t list, Visit visit) {
    List taken{};
    std::swap(taken, lists_[list]);
    used_[list / 64] &= ~(std::uint64_t{1} << list % 64);
    size_ -= taken.size;
    for (std::size_t left = taken.size; left > 0;) {
      const std::size_t here = std::min(left, kItems);
      const std::uint32_t next = chunks_[taken.first].next;
      if (left > here) fetch(&chunks_[next]);
      for (std::size_t i = 0; i < here; ++i) visit(T(chunks_[taken.first].items[i]));
      chunks_[taken.first].next = free_;
      free_ = taken.first;
      taken.first = next;
      left -= here;
    }
  }

  /// Returns how many there were.
  template <class Pred>
  std::size_t erase_if(std::size_t list, Pred pred) {
    const std::size_t before = size(list);
    take(list, [&](const T& item) {
      if (!pred(item)) push_back(list, item);
    });
    return before - size(list);
  }

 private:
  static constexpr std::size_t kItems = std::bit_floor(1024 / sizeof(T));  // a chunk is some 1 KiB
  static constexpr std::uint32_t kNone = ~0U;

  struct Chunk {
    std::array<T, kItems> items;
    std::uint32_t next = kNone;  // of the list, or of the free ones
  };
  struct List {
    std::size_t size = 0;
    std::uint32_t first = kNone;  // these two only while there are items
    std::uint32_t last = kNone;
  };

  [[gnu::noinline]] void append_chunk(std::size_t list) {
    List& l = lists_[list];
    used_[list / 64] |= std::uint64_t{1} << list % 64;
    std::uint32_t chunk = free_;
    if (chunk == kNone) {
      chunk = static_cast<std::uint32_t>(chunks_.size());
      chunks_.emplace_back();
    } else {
      free_ = chunks_[chunk].next;
    }
    (l.size == 1 ? l.first : chunks_[l.last].next) = chunk;
    l.last = chunk;
  }

  /// Room for more items than ever before: all chunks full, but the last of each list and the one
  /// that is being taken.
  [[gnu::noinline]] void promise() {
    const std::size_t spare = kLists + 2;
    const std::size_t chunks = std::max(size_, promised_ + promised_ / 8) / kItems + spare + 1;
    chunks_.reserve(chunks);
    promised_ = (chunks - spare) * kItems;
  }

  PagedVector<Chunk> chunks_;
  std::array<List, kLists> lists_{};
  std::array<std::uint64_t, (kLists + 63) / 64> used_{};  // a bit a list: it is not empty
  std::uint32_t free_ = kNone;
  std::size_t size_ = 0;
  std::size_t promised_ = 0;
};

}  // namespace seedbed
