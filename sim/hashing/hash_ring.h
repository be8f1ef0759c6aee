// Consistent hashing: members own the arcs of a ring of 2^64 positions. Each stands at several
// points ("virtual nodes"), drawn by hashing its number, and a key belongs to the first point at or
// after its own position. A member that comes takes 1/(n+1) of the keys, from all others alike; one
// that goes leaves its keys to whoever follows its points; nothing else moves.
//
// Karger, Lehman, Leighton, Panigrahy, Levine, Lewin 1997, Consistent Hashing and Random Trees.
// With v points each, the shares of the members have a standard error of about 1 / sqrt(v).
//
//   HashRing ring({.points = 100, .salt = 7});
//   ring.add(1), ring.add(2), ring.add(3);
//   const std::uint32_t owner = ring.owner(hash_of(key));          // of no members: kNone
//   for (std::uint32_t m : ring.owners(hash_of(key), 2)) ...       // who keeps the two copies
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seedbed::hashing {

using Member = std::uint32_t;
constexpr Member kNone = ~Member{0};

class HashRing {
 public:
  struct Shape {
    std::uint32_t points = 1;  // of each member, at least 1
    std::uint64_t salt = 0;    // another one is another ring
  };
  struct Point {
    std::uint64_t at = 0;
    Member member = kNone;
    constexpr auto operator<=>(const Point&) const = default;
  };

  explicit HashRing(Shape shape) : shape_(shape) {}
  /// With these members, sorted once: for rings of many.
  HashRing(Shape shape, std::span<const Member> members);

  /// Of a member that is there nothing is added; of one that is not, nothing removed.
  void add(Member member);
  void remove(Member member);

  Member owner(std::uint64_t position) const;
  /// The first `count` members from there on, each once; all of them where they are fewer.
  std::vector<Member> owners(std::uint64_t position, std::size_t count) const;
  /// Points by rising position, all the way round from `position` on: the i-th, from 0.
  const Point& from(std::uint64_t position, std::size_t i) const;

  std::span<const Point> points() const { return points_; }
  bool empty() const { return points_.empty(); }
  /// What each of `members` owns, of 2^64 positions; who owns them all, one fewer.
  std::vector<std::uint64_t> shares(std::span<const Member> members) const;

 private:
  bool has(Member member) const;
  Point point(Member member, std::uint32_t i) const;
  std::size_t place_of(std::uint64_t position) const;

  Shape shape_;
  std::vector<Point> points_;  // sorted; of two at one position the lower member is the first
};

/// How far shares differ from their mean, in billionths of it: the standard deviation. Of shares
/// that add up to 2^64; exact but for the last digits, and integers only.
std::uint64_t standard_error(std::span<const std::uint64_t> shares);

}  // namespace seedbed::hashing
