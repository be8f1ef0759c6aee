// The numbers of what is free, the last freed first: that is still in the cache. An array, not a
// chain through the free things: those are out of the cache when they are wanted.
//
//   FreeList free;
//   free.make_room(64);                  // for so many at most: push never allocates
//   free.push(7);
//   std::uint32_t number = free.pop();   // there must be one
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seedbed {

class FreeList {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void make_room(std::size_t most) { numbers_.resize(most); }
  void push(std::uint32_t number) { numbers_[size_++] = number; }
  std::uint32_t pop() { return numbers_[--size_]; }
  /// The one that is popped after `more` others, or the last.
  std::uint32_t ahead(std::size_t more) const {
    return numbers_[size_ > more ? size_ - 1 - more : 0];
  }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t size_ = 0;
};

}  // namespace seedbed
