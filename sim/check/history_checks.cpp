#include "sim/check/check_rows.h"

namespace seedbed {

std::vector<const HistoryCheck*> history_checks() {
  std::vector<const HistoryCheck*> checks;
  for (const auto family : {linear_checks(), domain_checks(), transaction_checks()}) {
    for (const HistoryCheck& check : family) checks.push_back(&check);
  }
  return checks;
}

const HistoryCheck* find_history_check(std::string_view name) {
  for (const HistoryCheck* check : history_checks()) {
    if (check->name == name) return check;
  }
  return nullptr;
}

}  // namespace seedbed
