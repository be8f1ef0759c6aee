// The text of a temporal formula (sim/check/temporal/formula.h), parsed. What it names must be
// there.
//
//   formula := and { "or" and }          and := not { "and" not }       not := [ "not" ] term
//   term    := "(" formula ")" | ("all" | "any") "(" inside ")"
//            | "count" "(" inside ")" RELATION number | "up" RELATION number
//            | "time" RELATION duration | HAPPENS name
//   inside  := the same of comparisons: FIELD RELATION (number | duration | word | 'word' | FIELD)
//
//   parse_formula("any(role == leader)", words_of_properties(protocol)).value->kind;   // kAny
//   parse_formula("any(rol == leader)", ...).error;   // "... no field ...; did you mean 'role'?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/protocol.h"
#include "sim/base/fields.h"
#include "sim/check/temporal/formula.h"
#include "sim/scenario/units.h"

namespace seedbed {

/// What formulas may name: of a protocol, and in general.
struct PropertyWords {
  struct Field {
    std::string name;
    FieldValue::Kind kind;  // of a process that has just booted; kNothing: may be any
  };
  std::string protocol;
  std::vector<Field> fields;
  std::vector<std::string_view> messages;
  std::vector<std::string_view> faults;
  std::vector<std::string_view> roles;
  std::vector<std::string_view> functions;  // of the workload
};
PropertyWords words_of_properties(const Protocol& protocol);

Parsed<temporal::Formula> parse_formula(std::string_view text, const PropertyWords& words);

}  // namespace seedbed
