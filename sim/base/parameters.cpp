#include "sim/base/parameters.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace seedbed {

std::string_view name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::kInteger: return "integer";
    case ValueKind::kBoolean: return "true or false";
    case ValueKind::kDuration: return "duration";
    case ValueKind::kDurationRange: return "duration range";
    case ValueKind::kProbability: return "percentage";
  }
  return "?";
}

std::string to_text(ValueKind kind, Value value) {
  switch (kind) {
    case ValueKind::kInteger: return std::to_string(value.lo);
    case ValueKind::kBoolean: return value.lo != 0 ? "true" : "false";
    case ValueKind::kDuration: return to_text(Duration(value.lo));
    case ValueKind::kDurationRange:
      return to_text(Duration(value.lo)) + ".." + to_text(Duration(value.hi));
    case ValueKind::kProbability: return to_text(Probability{static_cast<std::uint32_t>(value.lo)});
  }
  return "?";
}

}  // namespace seedbed
