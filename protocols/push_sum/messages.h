// What nodes of Push-Sum say to each other, and what they keep. Sums and weights are whole numbers
// of 2^-32, so that halving and adding loses nothing: IEEE numbers would.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"

namespace seedbed::push_sum {

/// "sum" and "weight" of the paper (s, w), in units of 2^-32.
struct Mass {
  static constexpr std::int64_t kUnit = std::int64_t{1} << 32;
  std::int64_t sum = 0;
  std::int64_t weight = 0;

  /// Modulo 2^64: a mutant that makes mass of nothing doubles it again and again.
  constexpr Mass operator+(Mass o) const { return {plus(sum, o.sum), plus(weight, o.weight)}; }
  constexpr Mass operator-(Mass o) const { return {minus(sum, o.sum), minus(weight, o.weight)}; }
  constexpr Mass half() const { return {sum / 2, weight / 2}; }
  constexpr bool operator==(const Mass&) const = default;
  constexpr void describe(auto& d) const { d("sum", sum)("weight", weight); }

 private:
  static constexpr std::int64_t plus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
  static constexpr std::int64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
  }
};

struct Share {
  static constexpr auto kName = "Share";
  std::uint64_t number = 0;  // from its giver to its taker, from 1
  Mass mass;
  constexpr void describe(auto& d) const { d("number", number)("mass", mass); }
};
struct Taken {
  static constexpr auto kName = "Taken";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};

/// What a node knows of its dealings with another one.
struct Account {
  NodeId node;
  std::uint64_t given = 0;  // the number of the last share
  bool open = false;        // which is not acknowledged: `mass`
  Mass mass;
  std::uint64_t taken = 0;  // the number of the last share from there
  constexpr void describe(auto& d) const {
    d("node", node)("given", given)("open", open)("mass", mass)("taken", taken);
  }
};

/// All of a node's state, which is on its disk where that is asked for.
struct State {
  static constexpr auto kName = "State";
  Mass held;
  Mass given;  // in all
  Mass taken;
  std::vector<Account> accounts;
  constexpr void describe(auto& d) const {
    d("held", held)("given", given)("taken", taken)("accounts", accounts);
  }
};

struct NextCycle {
  static constexpr auto kName = "NextCycle";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::push_sum
