// A condition on a run at one moment: what the servers' described fields are, how many are so, and
// what has just happened. Written as text (`parse_formula`, sim/scenario/formula_text.h):
//
//   count(role == leader) <= 1            any(role == leader and last_applied < commit_index)
//   fault crash or over partition         delivered RequestVote and not any(role == leader)
//   time < 2s or up == 5                  ok write
//
// `all`, `any` and `count` range over the servers that are up and have all the fields inside.
// Every field is a word or a number (sim/base/fields.h); `role` and `epoch` are
// what the process reports. What happens is true at its own event only, a state until it changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"

namespace seedbed::temporal {

enum class Relation : std::uint8_t { kEqual, kUnequal, kLess, kAtMost, kGreater, kAtLeast };

constexpr bool holds(std::int64_t a, Relation relation, std::int64_t b) {
  switch (relation) {
    case Relation::kEqual: return a == b;
    case Relation::kUnequal: return a != b;
    case Relation::kLess: return a < b;
    case Relation::kAtMost: return a <= b;
    case Relation::kGreater: return a > b;
    case Relation::kAtLeast: return a >= b;
  }
  return false;
}

/// What can happen at an event, each with a name: a message's, a timer's, a fault's, a role's, or
/// that of a function of the workload.
enum class Happens : std::uint8_t {
  kSent,
  kDelivered,
  kFired,
  kFault,
  kOver,
  kBecomes,
  kInvoke,
  kOk,
  kFail,
  kInfo
};
inline constexpr std::string_view kHappensWords[] = {
    "sent", "delivered", "fired", "fault", "over", "becomes", "invoke", "ok", "fail", "info"};
/// Of the workload's functions: any of them.
inline constexpr std::string_view kAnyOperation = "operation";

struct Happening {
  Happens what = Happens::kSent;
  std::string_view name;
  const NodeId* nodes = nullptr;  // who is concerned
  std::size_t count = 0;
};

struct Formula {
  enum class Kind : std::uint8_t {
    kAnd,      // of parts
    kOr,       // of parts
    kNot,      // of parts[0]
    kAll,      // parts[0] holds at every server in its range
    kAny,      // ... at some
    kCount,    // ... at so many: `relation` and `number`
    kUp,       // how many servers are up: `relation` and `number`
    kTime,     // since the beginning, in ns: `relation` and `number`
    kHappens,  // `happens` and `word`
    kCompare,  // inside of kAll, kAny and kCount: a field, `relation`, and a field, number or word
  };
  Kind kind = Kind::kAnd;
  Relation relation = Relation::kEqual;
  Happens happens = Happens::kSent;
  std::int64_t number = 0;
  bool with_word = false;
  bool with_field = false;
  std::string word = {};
  std::size_t left = 0, right = 0;       // of kCompare: which of the quantifier's fields
  std::vector<std::string> fields = {};  // of kAll, kAny and kCount: all that are compared inside
  std::vector<Formula> parts = {};
  std::string text = {};   // as it was written
  std::uint32_t slot = 0;  // the watch's: which tally, which flag

  bool is_quantifier() const {
    return kind == Kind::kAll || kind == Kind::kAny || kind == Kind::kCount;
  }
};

}  // namespace seedbed::temporal
