#include "tests/fuzz/history_input.h"

#include <stdexcept>

#include "sim/check/check_report.h"
#include "sim/check/history/value.h"

namespace seedbed::fuzz {

void try_history(std::string_view bytes) {
  CheckOptions options;
  options.budget.steps = 2'000;
  options.budget.bytes = std::size_t{1} << 20;
  for (const HistoryCheck* check : history_checks()) {
    for (const std::string_view format : check->formats) {
      // Another level for texts of another length, so that all have their turn.
      options.level = check->levels.empty()
                          ? ""
                          : std::string(check->levels[bytes.size() % check->levels.size()]);
      options.independent = bytes.size() % 5 == 1;
      const std::string_view part = bytes.size() % 7 == 1 ? "1" : "";
      try {
        judge_history(*check, {bytes, format, part}, options);
      } catch (const history::BadHistory& e) {
        const std::string_view what = e.what();
        if (what.empty() || what.find('\n') != std::string_view::npos) {
          throw std::logic_error("an error is a line");
        }
        if (e.offset() > bytes.size()) throw std::logic_error("an error says where");
      }
    }
  }
}

}  // namespace seedbed::fuzz
