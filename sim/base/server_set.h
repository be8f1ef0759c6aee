// A set of servers as one word: who voted, who accepted, who belongs to the group.
//
//   ServerSet accepted_by{1, 3};
//   accepted_by.insert(NodeId{2});
//   if (accepted_by.size() > ServerSet::first(5).size() / 2) ...
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "sim/base/ids.h"

namespace seedbed {

/// A set of servers with ids from 1 to 64: one word.
struct ServerSet {
  static constexpr std::uint32_t kMost = 64;

  std::uint64_t bits = 0;

  constexpr ServerSet() = default;
  constexpr explicit ServerSet(std::uint64_t b) : bits(b) {}
  constexpr ServerSet(std::initializer_list<std::uint32_t> ids) {
    for (const std::uint32_t id : ids) insert(NodeId{id});
  }
  /// n1 to n`count`.
  static constexpr ServerSet first(std::uint32_t count) {
    return ServerSet(count >= kMost ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1);
  }

  constexpr bool contains(NodeId n) const { return (bits & bit(n)) != 0; }
  constexpr void insert(NodeId n) { bits |= bit(n); }
  constexpr void erase(NodeId n) { bits &= ~bit(n); }
  constexpr bool empty() const { return bits == 0; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits)); }
  constexpr bool operator==(const ServerSet&) const = default;
  friend constexpr ServerSet operator|(ServerSet a, ServerSet b) {
    return ServerSet(a.bits | b.bits);
  }
  friend constexpr ServerSet operator&(ServerSet a, ServerSet b) {
    return ServerSet(a.bits & b.bits);
  }
  friend constexpr ServerSet operator-(ServerSet a, ServerSet b) {
    return ServerSet(a.bits & ~b.bits);
  }

  /// By rising id.
  class Iterator {
   public:
    constexpr explicit Iterator(std::uint64_t rest) : rest_(rest) {}
    constexpr NodeId operator*() const {
      return {static_cast<std::uint32_t>(std::countr_zero(rest_)) + 1};
    }
    constexpr Iterator& operator++() { return rest_ &= rest_ - 1, *this; }
    constexpr bool operator==(const Iterator&) const = default;

   private:
    std::uint64_t rest_;
  };
  constexpr Iterator begin() const { return Iterator(bits); }
  constexpr Iterator end() const { return Iterator(0); }

 private:
  /// Nobody, and whoever can be no server, is in no set.
  static constexpr std::uint64_t bit(NodeId n) {
    return n.value - 1 < kMost ? std::uint64_t{1} << (n.value - 1) : 0;
  }
};

}  // namespace seedbed
