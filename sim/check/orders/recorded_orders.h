// The levels of `seedbed check` for registers that are not linearizability.
//
//   CheckReport r = judge_recorded(recorded, {.name = "kv", .cas = true}, {.level = "causal"});
#pragma once

#include <string_view>

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"

namespace seedbed::orders {

struct RecordedModel {
  std::string_view name;
  bool cas = false;        // else a cas is an error
  bool nil_tells = false;  // a read of nil saw the initial value; else it says nothing
  std::string_view only;   // this key; "": all
};

/// Throws BadHistory.
CheckReport judge_recorded(const history::Recorded& recorded, const RecordedModel& model,
                           const CheckOptions& options);

}  // namespace seedbed::orders
