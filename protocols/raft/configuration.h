// Who decides: the cluster's configuration, its majorities, and how one configuration may follow
// another (Ongaro 2014, chapter 4). Plain data and pure functions; no server, no log.
//
//   const Configuration c{.voters = {1, 2, 3}};
//   c.is_quorum({1, 3});                                      // true
//   quorum_index(c, [&](NodeId n) { return match_index[n]; });    // what a majority holds
//   enter_joint(c, {{ChangeKind::kRemove, NodeId{1}}, {ChangeKind::kAddVoter, NodeId{4}}});
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/assert.h"
#include "sim/base/ids.h"
#include "sim/base/server_set.h"

namespace seedbed::raft {

using seedbed::ServerSet;

enum class VoteResult : std::uint8_t { kPending, kLost, kWon };
constexpr std::string_view name_of(VoteResult r) {
  constexpr std::string_view kNames[] = {"pending", "lost", "won"};
  return kNames[static_cast<std::uint8_t>(r)];
}

/// The servers of the cluster. While it is joint (section 4.3) `voters` are those of C_new and
/// `old_voters` those of C_old, and whatever is decided needs a majority of both.
struct Configuration {
  ServerSet voters;
  ServerSet old_voters;     // empty unless joint
  ServerSet learners;       // receive the log and do not vote (section 4.2.1)
  ServerSet learners_next;  // vote in C_old, and learn in C_new
  bool auto_leave = false;  // joint: the leader moves on to C_new when this is committed

  constexpr bool operator==(const Configuration&) const = default;
  constexpr void describe(auto& d) const {
    d("voters", voters.bits)("old_voters", old_voters.bits)("learners", learners.bits)(
        "learners_next", learners_next.bits)("auto_leave", auto_leave);
  }

  constexpr bool is_joint() const { return !old_voters.empty(); }
  constexpr ServerSet all_voters() const { return voters | old_voters; }
  constexpr ServerSet members() const { return all_voters() | learners | learners_next; }
  /// Whether these are a majority: while joint, one of C_old and one of C_new.
  constexpr bool is_quorum(ServerSet servers) const {
    return holds_majority(voters, servers) && holds_majority(old_voters, servers);
  }
  /// What an election comes to. Nobody's majority is all of nobody: an empty half agrees.
  constexpr VoteResult tally(ServerSet granted, ServerSet refused) const {
    if (is_quorum(granted)) return VoteResult::kWon;
    // Lost is lost in either half: those who have not refused are no majority there.
    const ServerSet open = all_voters() - refused;
    return is_quorum(open) ? VoteResult::kPending : VoteResult::kLost;
  }

 private:
  static constexpr bool holds_majority(ServerSet half, ServerSet servers) {
    return half.empty() || (half & servers).size() > half.size() / 2;
  }
};

/// "(1 2 3)", "(1 2 4)&&(1 2 3) learners=(5) learners_next=(3) autoleave".
std::string brief_text(const Configuration& configuration);

namespace detail {

/// The highest index that a majority of `voters`, at least one, has reached, or `known` if that is
/// higher: the lower median. Mostly too few are beyond `known`; else these are sorted, by insertion
/// and without branches, which for as many servers as vote anywhere is fastest.
template <class IndexOf>
std::uint64_t majority_index(ServerSet voters, IndexOf index_of, std::uint64_t known) {
  std::array<std::uint64_t, ServerSet::kMost> rising;
  std::size_t count = 0;
  std::size_t beyond = 0;
  for (const NodeId n : voters) {
    const std::uint64_t index = rising[beyond] = index_of(n);
    beyond += index > known;
    ++count;
  }
  if (beyond <= count / 2) return known;
  for (std::size_t sorted = 1; sorted < beyond; ++sorted) {
    std::uint64_t carried = rising[sorted];
    for (std::size_t i = 0; i < sorted; ++i) {
      const std::uint64_t lower = std::min(rising[i], carried);
      carried = std::max(rising[i], carried);
      rising[i] = lower;
    }
    rising[sorted] = carried;
  }
  return rising[beyond - 1 - count / 2];  // so many more have reached at least as much
}

}  // namespace detail

/// The highest index that a quorum has reached, where `index_of(n)` is how far server n is; `known`
/// if that is higher. Without voters there is nothing that they have not reached: the highest
/// number.
template <class IndexOf>
std::uint64_t quorum_index(const Configuration& c, IndexOf index_of, std::uint64_t known = 0) {
  std::uint64_t index = ~std::uint64_t{0};
  if (!c.voters.empty()) index = detail::majority_index(c.voters, index_of, known);
  if (c.is_joint()) index = std::min(index, detail::majority_index(c.old_voters, index_of, known));
  return index;
}

enum class ChangeKind : std::uint8_t { kAddVoter, kAddLearner, kRemove };
struct Change {
  ChangeKind kind = ChangeKind::kAddVoter;
  NodeId server;
};

/// Why one configuration cannot follow another.
enum class ChangeError : std::uint8_t {
  kNone,
  kAlreadyJoint,   // entering a joint configuration from a joint one
  kNotJoint,       // leaving one that is not joint
  kNoVoters,       // a joint configuration whose C_old is nobody
  kRemovedAll,     // nobody would be left to vote
  kSimpleInJoint,  // a single-server change in a joint configuration
  kMoreThanOne,    // majorities of before and after need not overlap (section 4.1)
};
struct Changed {
  Configuration configuration;  // the new one, or the old one where there is an error
  ChangeError error = ChangeError::kNone;
};

/// One server at a time (section 4.2): any two majorities, of before and after, overlap.
Changed change_one(const Configuration& from, std::span<const Change> changes);
/// From C_old to C_old,new (section 4.3).
Changed enter_joint(const Configuration& from, std::span<const Change> changes, bool auto_leave);
/// From C_old,new to C_new.
Changed leave_joint(const Configuration& from);

}  // namespace seedbed::raft
