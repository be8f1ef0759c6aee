// What must be true of a run over time (Pnueli 1977; the bounded forms: Koymans 1990, metric
// temporal logic). Times are true time; a window is closed: what comes at its very end counts.
//
//   Property{"one-leader", Operator::kAlways, parse("count(role == leader) <= 1"), {}, {}};
//   Property{"comes-back", Operator::kLeadsTo, parse("any(role == leader)"),
//            parse("fault crash"), 3_s};
#pragma once

#include <string>
#include <string_view>

#include "sim/base/time.h"
#include "sim/check/temporal/formula.h"

namespace seedbed::temporal {

enum class Operator : std::uint8_t { kAlways, kSometimes, kEventually, kLeadsTo };
constexpr std::string_view name_of(Operator o) {
  constexpr std::string_view kNames[] = {"always", "sometimes", "eventually", "leads_to"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Property {
  std::string name;
  Operator is = Operator::kAlways;
  Formula what;     // holds after every event; after some; after one soon; after one soon enough
  Formula from;     // of kLeadsTo: whenever this holds, `what` follows
  Duration within;  // of kEventually, from the beginning; of kLeadsTo, from then
};

}  // namespace seedbed::temporal
