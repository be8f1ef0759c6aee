#include "sim/hashing/hash_ring.h"

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/flat_map.h"
#include "sim/base/hash.h"

namespace seedbed::hashing {

HashRing::HashRing(Shape shape, std::span<const Member> members) : shape_(shape) {
  points_.reserve(members.size() * shape_.points);
  for (const Member member : members) {
    for (std::uint32_t i = 0; i < shape_.points; ++i) points_.push_back(point(member, i));
  }
  std::sort(points_.begin(), points_.end());
}

HashRing::Point HashRing::point(Member member, std::uint32_t i) const {
  return {hash_of(shape_.salt, member, i), member};
}

bool HashRing::has(Member member) const {
  return std::binary_search(points_.begin(), points_.end(), point(member, 0));
}

void HashRing::add(Member member) {
  if (has(member)) return;
  const auto old = static_cast<std::ptrdiff_t>(points_.size());
  for (std::uint32_t i = 0; i < shape_.points; ++i) points_.push_back(point(member, i));
  std::sort(points_.begin() + old, points_.end());
  std::inplace_merge(points_.begin(), points_.begin() + old, points_.end());
}

void HashRing::remove(Member member) {
  std::erase_if(points_, [member](const Point& p) { return p.member == member; });
}

/// Of the first point at or after it; size() where there is none before the ring begins anew.
std::size_t HashRing::place_of(std::uint64_t position) const {
  const auto before = [](const Point& p, std::uint64_t at) { return p.at < at; };
  const auto found = std::lower_bound(points_.begin(), points_.end(), position, before);
  return static_cast<std::size_t>(found - points_.begin());
}

const HashRing::Point& HashRing::from(std::uint64_t position, std::size_t i) const {
  SEEDBED_ASSERT(i < points_.size(), "a ring of {} points has none with number {}", points_.size(),
                 i);
  const std::size_t at = place_of(position) + i;
  return points_[at < points_.size() ? at : at - points_.size()];
}

Member HashRing::owner(std::uint64_t position) const {
  return empty() ? kNone : from(position, 0).member;
}

std::vector<Member> HashRing::owners(std::uint64_t position, std::size_t count) const {
  std::vector<Member> found;
  const std::size_t first = place_of(position);
  for (std::size_t i = 0; i < points_.size() && found.size() < count; ++i) {
    const Member member = points_[(first + i) % points_.size()].member;
    if (std::find(found.begin(), found.end(), member) == found.end()) found.push_back(member);
  }
  return found;
}

std::vector<std::uint64_t> HashRing::shares(std::span<const Member> members) const {
  FlatMap<Member, Uint128> owned;
  for (const Member member : members) owned[member] = 0;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const std::uint64_t before = i == 0 ? points_.back().at : points_[i - 1].at;
    const std::uint64_t arc = points_[i].at - before;
    owned[points_[i].member] += points_.size() == 1 ? Uint128{1} << 64 : Uint128{arc};
  }
  std::vector<std::uint64_t> shares;
  for (const Member member : members) {
    const Uint128 share = owned.at(member);
    shares.push_back(static_cast<std::uint64_t>(share >> 64 != 0 ? share - 1 : share));
  }
  return shares;
}

namespace {

/// The root of what fits into 126 bits, rounded down.
std::uint64_t root_of(Uint128 square) {
  std::uint64_t root = 0;
  for (int bit = 62; bit >= 0; --bit) {
    const std::uint64_t next = root | std::uint64_t{1} << bit;
    if (Uint128{next} * next <= square) root = next;
  }
  return root;
}

}  // namespace

std::uint64_t standard_error(std::span<const std::uint64_t> shares) {
  constexpr std::uint64_t kOne = 1'000'000'000;
  if (shares.empty()) return 0;
  Uint128 squares = 0;
  for (const std::uint64_t share : shares) {
    const auto relative = static_cast<std::uint64_t>(Uint128{share} * (shares.size() * kOne) >> 64);
    const std::uint64_t off = relative > kOne ? relative - kOne : kOne - relative;
    squares += Uint128{off} * off;
  }
  return root_of(squares / shares.size());
}

}  // namespace seedbed::hashing
