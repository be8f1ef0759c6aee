// The levels of consistency that a history of transactions can be judged for.
//
// For registers the levels up to snapshot isolation are the axioms of Biswas & Enea 2019 ("On the
// Complexity of Checking Transactional Consistency") and count the order of sessions in, as they
// do. For lists, whose version orders are observed, read committed and snapshot isolation are
// Adya's (1999: PL-2, PL-SI), as in Elle, without sessions; read atomic, causal and prefix are the
// axioms over the observed orders. Serializability is without sessions in both; `strong-session-`
// and `strict-` or `strong-` add the order of sessions and real time.
//
//   const Level* level = level_named("strict-serializable");    // null: no such level
//   const Rules rules = rules_of(*level, Model::kList);
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/check/transactions/history.h"

namespace seedbed::txn {

enum class Axioms : std::uint8_t {
  kReadCommitted,
  kReadAtomic,
  kCausal,
  kPrefix,
  kSnapshotIsolation,
  kSerializable,
};

enum class Added : std::uint8_t { kNothing, kSessions, kRealTime };

struct Level {
  std::string_view name;
  Axioms axioms = Axioms::kSerializable;
  Added added = Added::kNothing;
};

/// What a level means for one model.
struct Rules {
  Axioms axioms = Axioms::kSerializable;
  bool sessions = false;
  bool real_time = false;
};

/// From the weakest to the strongest, where they can be compared.
std::span<const Level> all_levels();
/// By its name or another that it goes by ("strong-serializable"); null if there is none.
const Level* level_named(std::string_view name);
Rules rules_of(const Level& level, Model model);
/// Whatever satisfies `a` satisfies `b`.
bool implies(const Rules& a, const Rules& b);

}  // namespace seedbed::txn
