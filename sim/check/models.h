// Sequential models of the services that are known well: what a single copy would answer, one
// operation after another. A model of one's own is a struct like these; linearizability.h says what
// it has to have and what it may have.
//
//   struct Counter {
//     using State = std::int64_t;  using Op = Act;
//     State init() const { return 0; }
//     std::optional<State> step(State s, const Act& a) const {...}   // nothing: cannot have
//     happened
//   };
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/hash.h"
#include "sim/check/linearizability.h"

namespace seedbed {

/// An operation as these models see it: values are numbers that stand for them (kNone: nobody
/// knows), and what `n` is each model says.
struct Act {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t code = 0;
  std::uint32_t x = kNone;
  std::int64_t n = 0;
  auto operator<=>(const Act&) const = default;
};

/// A register with compare-and-set. As one key of a service of texts, too: see kv_texts.h.
struct RegisterCells {
  using State = std::uint32_t;
  using Op = Act;
  enum Code : std::uint32_t { kRead, kWrite, kCas, kAvoid };  // kCas: x, if it is there, becomes n

  State initial = 0;

  State init() const { return initial; }
  std::uint64_t hash(State s) const { return s; }
  bool is_read(const Act& a) const {
    return a.code == kRead || a.code == kAvoid || (a.code == kCas && a.x == a.n);
  }
  std::optional<State> needs(const Act& a) const {
    return a.code == kRead || a.code == kCas ? std::optional(a.x) : std::nullopt;
  }
  std::optional<State> leaves(const Act& a) const {
    return is_read(a) ? std::nullopt : std::optional(static_cast<State>(a.n));
  }
  std::optional<State> avoids(const Act& a) const {
    return a.code == kAvoid ? std::optional(a.x) : std::nullopt;
  }
  std::optional<State> step(State s, const Act& a) const {
    if (a.code == kAvoid ? a.x == s : a.code != kWrite && a.x != s) return std::nullopt;
    return leaves(a).value_or(s);
  }
};

/// States that are sequences of values.
struct Sequences {
  using State = std::vector<std::uint32_t>;
  using Op = Act;

  State init() const { return {}; }
  std::uint64_t hash(const State& s) const {
    std::uint64_t hash = s.size();
    for (const std::uint32_t v : s) hash = fold(hash, v);
    return hash;
  }
  /// Whatever order is right stays right without all that is about one value.
  std::uint32_t group(const Act& a) const { return a.x; }
};

/// First in, first out. A take of kNone returned nobody knows what; one that found nothing is
/// kEmpty.
struct FifoQueue : Sequences {
  enum Code : std::uint32_t { kPut, kTake, kEmpty };

  bool is_read(const Act& a) const { return a.code == kEmpty; }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code == kEmpty) return s.empty() ? std::optional(s) : std::nullopt;
    State next = s;
    if (a.code == kPut) {
      next.push_back(a.x);
    } else {
      if (s.empty() || (a.x != Act::kNone && a.x != s.front())) return std::nullopt;
      next.erase(next.begin());
    }
    return next;
  }
};

/// Last in, first out.
struct Stack : Sequences {
  enum Code : std::uint32_t { kPush, kPop, kEmpty };

  bool is_read(const Act& a) const { return a.code == kEmpty; }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code == kEmpty) return s.empty() ? std::optional(s) : std::nullopt;
    State next = s;
    if (a.code == kPush) {
      next.push_back(a.x);
    } else {
      if (s.empty() || (a.x != Act::kNone && a.x != s.back())) return std::nullopt;
      next.pop_back();
    }
    return next;
  }
};

/// A queue without an order. A take whose value nobody knows is none of these.
struct Bag : Sequences {
  enum Code : std::uint32_t { kPut, kTake, kEmpty };

  bool is_read(const Act& a) const { return a.code == kEmpty; }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code == kEmpty) return s.empty() ? std::optional(s) : std::nullopt;
    State next = s;
    const auto at = std::lower_bound(next.begin(), next.end(), a.x);
    if (a.code == kPut) {
      next.insert(at, a.x);
    } else {
      if (at == next.end() || *at != a.x) return std::nullopt;
      next.erase(at);
    }
    return next;
  }
};

/// kHas: `n` is 1 where it was there. kAll: all there is, `whole[n]`.
struct SetOfValues : Sequences {
  enum Code : std::uint32_t { kAdd, kRemove, kHas, kAll };

  std::vector<State> whole;

  bool is_read(const Act& a) const { return a.code == kHas || a.code == kAll; }
  std::uint32_t group(const Act& a) const { return a.code == kAll ? Act::kNone : a.x; }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code == kAll) {
      return s == whole[static_cast<std::size_t>(a.n)] ? std::optional(s) : std::nullopt;
    }
    const auto at = std::lower_bound(s.begin(), s.end(), a.x);
    const bool there = at != s.end() && *at == a.x;
    if (a.code == kHas) return there == (a.n != 0) ? std::optional(s) : std::nullopt;
    if (there == (a.code == kAdd)) return s;
    State next = s;
    const auto where = next.begin() + (at - s.begin());
    a.code == kAdd ? static_cast<void>(next.insert(where, a.x))
                   : static_cast<void>(next.erase(where));
    return next;
  }
};

/// kAppend: at offset `n`, or nobody knows where (-1). kRead: x at offset `n`, or nothing is there.
struct OffsetLog : Sequences {
  enum Code : std::uint32_t { kAppend, kRead };

  bool is_read(const Act& a) const { return a.code == kRead; }
  std::uint32_t group(const Act&) const { return Act::kNone; }
  std::optional<State> step(const State& s, const Act& a) const {
    const auto at = static_cast<std::size_t>(a.n);
    if (a.code == kRead) {
      const bool right = a.x == Act::kNone ? at >= s.size() : at < s.size() && s[at] == a.x;
      return right ? std::optional(s) : std::nullopt;
    }
    if (a.n >= 0 && at != s.size()) return std::nullopt;
    State next = s;
    next.push_back(a.x);
    return next;
  }
};

/// Several registers, read and written together: `parts[n]`, in their order.
struct Registers : Sequences {
  struct Part {
    bool write = false;
    std::uint32_t place = 0;
    std::uint32_t value = 0;
    auto operator<=>(const Part&) const = default;
  };

  State initial;
  std::vector<std::vector<Part>> parts;

  State init() const { return initial; }
  std::uint32_t group(const Act&) const { return Act::kNone; }
  bool is_read(const Act& a) const {
    const auto& all = parts[static_cast<std::size_t>(a.n)];
    return std::none_of(all.begin(), all.end(), [](const Part& p) { return p.write; });
  }
  std::optional<State> step(const State& s, const Act& a) const {
    State next = s;
    for (const Part& p : parts[static_cast<std::size_t>(a.n)]) {
      if (p.write) {
        next[p.place] = p.value;
      } else if (next[p.place] != p.value) {
        return std::nullopt;
      }
    }
    return next;
  }
};

/// kAdd: `n` more. kRead: it was `n`. kAddAndGet: `x` more, as a signed number, made `n`.
struct Counter {
  using State = std::int64_t;
  using Op = Act;
  enum Code : std::uint32_t { kAdd, kRead, kAddAndGet };
  static constexpr bool kCommutes = true;

  State initial = 0;
  bool never_wraps = false;  // no sum of any additions leaves the integers

  State init() const { return initial; }
  std::uint64_t hash(State s) const { return static_cast<std::uint64_t>(s); }
  bool is_read(const Act& a) const { return a.code == kRead; }
  static std::int64_t added(const Act& a) {
    return a.code == kAdd ? a.n : a.code == kRead ? 0 : static_cast<std::int32_t>(a.x);
  }
  bool out_of_reach(State s, const Act& a, std::span<const Act* const> others) const {
    if (!never_wraps || a.code == kAdd) return false;
    State least = s + added(a);
    State most = least;
    for (const Act* other : others) (added(*other) < 0 ? least : most) += added(*other);
    return a.n < least || a.n > most;
  }
  std::optional<State> step(State s, const Act& a) const {
    if (a.code == kRead) return s == a.n ? std::optional(s) : std::nullopt;
    // Numbers that come round again are no reason to fall over.
    const auto sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(s) +
                                               static_cast<std::uint64_t>(added(a)));
    if (a.code == kAddAndGet && sum != a.n) return std::nullopt;
    return sum;
  }
};

/// A lock that only its owner `x` gives back, and that may count up: kAcquire gave the token `n`,
/// higher than all before it, or nobody knows which (-1). Without fencing all tokens are -2;
/// without owners every `x` is 0.
struct Lock {
  static constexpr std::int64_t kUnknown = -1;
  static constexpr std::int64_t kUnfenced = -2;

  struct State {
    std::uint32_t owner = Act::kNone;  // nobody
    std::int64_t token = -1;           // no lower one was given
    bool operator==(const State&) const = default;
  };
  using Op = Act;
  enum Code : std::uint32_t { kAcquire, kRelease };

  State init() const { return {}; }
  std::uint64_t hash(const State& s) const {
    return fold(s.owner, static_cast<std::uint64_t>(s.token));
  }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code == kRelease) {
      if (s.owner != a.x) return std::nullopt;
      return State{Act::kNone, s.token};
    }
    if (s.owner != Act::kNone) return std::nullopt;
    if (a.n == kUnfenced) return State{a.x, s.token};
    // One that nobody knows was at least the next: a higher one would only forbid more.
    if (a.n == kUnknown) return State{a.x, s.token + 1};
    if (a.n <= s.token) return std::nullopt;
    return State{a.x, a.n};
  }
  /// An owner's acquire and the release that follows it, both of which returned, where nothing else
  /// of that owner can come between them: in a right order nothing does, and it stays right
  /// without.
  std::vector<std::array<std::uint32_t, 2>> turns(std::span<const Call<Act>> calls) const {
    std::vector<std::uint32_t> by_owner(calls.size());
    std::iota(by_owner.begin(), by_owner.end(), 0U);
    std::sort(by_owner.begin(), by_owner.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(calls[a].op->x, calls[a].invoked) <
             std::pair(calls[b].op->x, calls[b].invoked);
    });
    std::vector<std::array<std::uint32_t, 2>> turns;
    std::uint64_t until = 0;  // earlier ones of this owner may take effect
    for (std::size_t i = 0; i < by_owner.size(); ++i) {
      const Call<Act>& call = calls[by_owner[i]];
      if (i == 0 || calls[by_owner[i - 1]].op->x != call.op->x) until = 0;
      const auto follows = [&](std::size_t k, std::uint64_t returned) {
        return k < by_owner.size() && calls[by_owner[k]].op->x == call.op->x &&
               calls[by_owner[k]].invoked < returned;
      };
      if (call.op->code == kAcquire && until <= call.invoked && i + 1 < by_owner.size()) {
        const Call<Act>& back = calls[by_owner[i + 1]];
        const bool released = back.op->x == call.op->x && back.op->code == kRelease;
        if (released && call.returned < back.invoked && back.returned != back.kNever &&
            !follows(i + 2, back.returned)) {
          turns.push_back({by_owner[i], by_owner[i + 1]});
        }
      }
      until = std::max(until, call.returned);
    }
    return turns;
  }
};

/// Every id is given once; each is judged by itself.
struct IdGenerator {
  using State = std::uint32_t;  // whether it was given
  using Op = Act;

  State init() const { return 0; }
  std::uint64_t hash(State s) const { return s; }
  std::optional<State> step(State s, const Act&) const {
    return s == 0 ? std::optional<State>(1) : std::nullopt;
  }
};

}  // namespace seedbed
