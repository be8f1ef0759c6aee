// The families of history checks, each with a table of its own. A new family is a line here and one
// in history_checks.cpp.
//
//   for (const HistoryCheck& check : linear_checks()) ...
#pragma once

#include <span>

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"

namespace seedbed {

std::span<const HistoryCheck> linear_checks();
std::span<const HistoryCheck> domain_checks();
std::span<const HistoryCheck> transaction_checks();

/// For checks of single operations. Throws BadHistory.
inline history::Recorded read_history(const CheckInput& input) {
  return input.maps ? history::read_operations(*input.maps)
                    : history::read_history(input.text, input.format);
}

}  // namespace seedbed
