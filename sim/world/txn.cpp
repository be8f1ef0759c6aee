#include "sim/world/txn.h"

#include <fmt/format.h>

namespace seedbed::tx {

std::string brief_text(const Operation& o) {
  std::string text = fmt::format("{} k{}", name_of(o.function), o.key);
  if (o.function != Function::kRead) text += fmt::format(" {}", o.number);
  if (o.function == Function::kAdd) text += fmt::format(" (at least {})", o.least);
  return text;
}

void apply(const Operation& o, Numbers& held) {
  switch (o.function) {
    case Function::kRead: return;
    case Function::kWrite: held = {o.number}; return;
    case Function::kAppend: held.push_back(o.number); return;
    case Function::kAdd: held = {(held.empty() ? 0 : held.back()) + o.number}; return;
  }
}

bool is_allowed(const Operation& o, const Numbers& held) {
  if (o.function != Function::kAdd || o.number >= 0) return true;
  return (held.empty() ? 0 : held.back()) + o.number >= o.least;
}

}  // namespace seedbed::tx
