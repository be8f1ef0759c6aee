// A hierarchical timing wheel: ticks of 1 ns, 64 slots a level, 11 levels, a list a slot. (A level
// is six bits of the time; a 256-ary one was slower at every size.)
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "bench/bare/popped.h"

namespace seedbed::bench {

class Wheel {
 public:
  void push(std::uint64_t time, std::uint32_t slot) {
    std::uint32_t index = free_;
    if (index == kNone) {
      index = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    } else {
      free_ = nodes_[index].next;
    }
    nodes_[index].time = time;
    nodes_[index].slot = slot;
    link(index);
  }

  Popped pop() {
    for (;;) {
      const auto level = static_cast<unsigned>(std::countr_zero(levels_));
      const auto place = static_cast<unsigned>(std::countr_zero(occupied_[level]));
      List& list = lists_[level * kPlaces + place];
      if (level == 0) return take(list, place);
      std::uint32_t index = list.head;
      list = {};
      leave(level, place);
      const unsigned shift = level * kBits;
      const unsigned above = shift + kBits;
      const std::uint64_t high = above >= 64 ? 0 : now_ >> above << above;
      now_ = high | std::uint64_t{place} << shift;
      while (index != kNone) {
        const std::uint32_t next = nodes_[index].next;
        link(index);
        index = next;
      }
    }
  }

 private:
  static constexpr unsigned kBits = 6;
  static constexpr unsigned kPlaces = 1U << kBits;
  static constexpr unsigned kLevels = (64 + kBits - 1) / kBits;
  static constexpr std::uint32_t kNone = ~0U;

  struct Node {
    std::uint64_t time = 0;
    std::uint32_t next = kNone;
    std::uint32_t slot = 0;
  };
  struct List {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
  };

  void link(std::uint32_t index) {
    Node& node = nodes_[index];
    const std::uint64_t difference = node.time ^ now_;
    const unsigned level =
        difference == 0 ? 0 : static_cast<unsigned>(std::bit_width(difference) - 1) / kBits;
    const auto place = static_cast<unsigned>(node.time >> (level * kBits)) & (kPlaces - 1);
    List& list = lists_[level * kPlaces + place];
    node.next = kNone;
    if (list.head == kNone) {
      list.head = index;
      occupied_[level] |= std::uint64_t{1} << place;
      levels_ |= 1U << level;
    } else {
      nodes_[list.tail].next = index;
    }
    list.tail = index;
  }

  Popped take(List& list, unsigned place) {
    const std::uint32_t index = list.head;
    Node& node = nodes_[index];
    list.head = node.next;
    if (list.head == kNone) leave(0, place);
    now_ = node.time;
    node.next = free_;
    free_ = index;
    return {node.time, node.slot};
  }

  void leave(unsigned level, unsigned place) {
    occupied_[level] &= ~(std::uint64_t{1} << place);
    if (occupied_[level] == 0) levels_ &= ~(1U << level);
  }

  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::vector<List> lists_ = std::vector<List>(std::size_t{kPlaces} * kLevels);
  std::array<std::uint64_t, kLevels> occupied_{};
  unsigned levels_ = 0;
  std::uint64_t now_ = 0;
};

}  // namespace seedbed::bench
