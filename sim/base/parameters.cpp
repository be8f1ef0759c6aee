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

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::string_view> swarm_values(std::string_view list, std::uint32_t nodes) {
  std::vector<std::string_view> values;
  for (std::string_view rest = list;;) {
    const std::size_t bar = rest.find('|');
    std::string_view value = trimmed(rest.substr(0, bar));
    std::uint32_t least = 0;
    if (value.size() > 2 && value[1] == '+') {
      least = static_cast<std::uint32_t>(value[0] - '0');
      value = trimmed(value.substr(2));
    }
    if (nodes >= least) values.push_back(value);
    if (bar == rest.npos) return values;
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace seedbed
