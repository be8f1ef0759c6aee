#include "sim/check/transactions/level.h"

#include <array>
#include <utility>

namespace seedbed::txn {

namespace {

constexpr std::array<Level, 12> kLevels = {{
    {"read-committed", Axioms::kReadCommitted},
    {"read-atomic", Axioms::kReadAtomic},
    {"causal", Axioms::kCausal},
    {"prefix", Axioms::kPrefix},
    {"snapshot-isolation", Axioms::kSnapshotIsolation},
    {"serializable", Axioms::kSerializable},
    {"strong-session-read-committed", Axioms::kReadCommitted, Added::kSessions},
    {"strong-session-snapshot-isolation", Axioms::kSnapshotIsolation, Added::kSessions},
    {"strong-session-serializable", Axioms::kSerializable, Added::kSessions},
    {"strong-read-committed", Axioms::kReadCommitted, Added::kRealTime},
    {"strong-snapshot-isolation", Axioms::kSnapshotIsolation, Added::kRealTime},
    {"strict-serializable", Axioms::kSerializable, Added::kRealTime},
}};

/// Where only items are read, and no predicates, repeatable read is serializability (Adya 1999).
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOtherNames = {{
    {"strong-serializable", "strict-serializable"},
    {"serializable(+session order)", "strong-session-serializable"},
    {"repeatable-read", "serializable"},
    {"causal-consistency", "causal"},
    {"prefix-consistency", "prefix"},
}};

}  // namespace

std::span<const Level> all_levels() { return kLevels; }

const Level* level_named(std::string_view name) {
  for (const auto& [other, real] : kOtherNames) {
    if (name == other) name = real;
  }
  for (const Level& level : kLevels) {
    if (level.name == name) return &level;
  }
  return nullptr;
}

Rules rules_of(const Level& level, Model model) {
  Rules rules{.axioms = level.axioms};
  rules.real_time = level.added == Added::kRealTime;
  const bool from_the_paper = model == Model::kRegister ? level.axioms != Axioms::kSerializable
                                                        : level.axioms == Axioms::kReadAtomic ||
                                                              level.axioms == Axioms::kCausal ||
                                                              level.axioms == Axioms::kPrefix;
  rules.sessions = from_the_paper || level.added != Added::kNothing;
  return rules;
}

bool implies(const Rules& a, const Rules& b) {
  return a.axioms >= b.axioms && a.sessions >= b.sessions && a.real_time >= b.real_time;
}

}  // namespace seedbed::txn
