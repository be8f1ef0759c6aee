// What the check of a recorded history answers, whichever check it is; and what it is asked.
//
//   CheckReport r = judge_history(*check, {text, "jepsen-edn", ""}, options);
//   if (r.verdict == Verdict::kFail) print(r.message, r.picture);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/history/value.h"
#include "sim/check/linearizability.h"
#include "sim/check/verdict.h"

namespace seedbed {

struct CheckInput {
  std::string_view text;
  std::string_view format;
  std::string_view part;  // "7": only this key, or this case; "": all
  /// Op maps of it that were read already: what is judged, then, of all the text.
  std::optional<std::span<const history::Value>> maps = std::nullopt;
};

struct CheckOptions {
  std::string level;                // one of the check's levels; "": its first
  std::optional<std::string> init;  // EDN
  bool session_per_line = false;
  bool independent = false;  // many objects: every value is [key value]
  SearchBudget budget;
};

/// An operation that matters, where it stands in the text, and why it is shown.
struct WitnessOp {
  std::string text;  // "process 3: read 20, ok"
  std::string role;  // "cannot be placed", "concurrent", "lost", ...
  std::uint64_t offset = 0;
};

/// One way in which a history is wrong, by the name that the field has for it.
struct Anomaly {
  std::string name;
  std::uint64_t count = 1;
  std::string message;  // the first of them
};

struct CheckReport {
  Verdict verdict = Verdict::kPass;
  std::string level;
  std::uint64_t operations = 0;
  std::uint64_t steps = 0;  // calls of the model; 0 where there is none
  std::string message;      // one line; empty on pass
  std::string shape;        // the way of failing, without ids, numbers or times
  std::vector<WitnessOp> witness;
  std::vector<Anomaly> anomalies;
  std::string picture;  // of the witness, for people: lines
  /// More that people want to know, by name: "longest linearizable prefix": "17 operations".
  std::vector<std::pair<std::string, std::string>> notes;
};

/// A row of the table of checks. Throws history::BadHistory for a text that is no such history.
struct HistoryCheck {
  std::string_view name;
  std::string_view about;
  std::string_view source;
  std::span<const std::string_view> levels;  // none: there is nothing to choose
  std::span<const std::string_view> formats;
  CheckReport (*judge)(const CheckInput& input, const CheckOptions& options);
  /// Whether it is a level beside those that are listed; null: there are no others.
  bool (*takes_level)(std::string_view level) = nullptr;
  /// A part of its history is a key's. Else it is one case of a file of several.
  bool has_keys = false;
};

/// By family; the one of a name, or null.
std::vector<const HistoryCheck*> history_checks();
const HistoryCheck* find_history_check(std::string_view name);

/// What `seedbed check` does: of a file of cases it takes the one that is meant, and of independent
/// objects it judges each (history_parts.cpp). Throws history::BadHistory.
CheckReport judge_history(const HistoryCheck& check, const CheckInput& input,
                          const CheckOptions& options);

}  // namespace seedbed
