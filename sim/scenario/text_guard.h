// What must hold of a text before a YAML parser sees it: its size, UTF-8, no control characters, no
// tabs in the indentation. Whatever comes after may then rely on it.
//
//   if (!guard_text(text, 0, "", errors)) return;      // `errors` says where and why
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/scenario/errors.h"

namespace seedbed {

/// The size of a scenario file. A generated one of 10,000 faults is below it.
inline constexpr std::size_t kMostBytes = std::size_t{1} << 20;

/// Adds what is wrong (at `path` of `source`, see Place) and says whether nothing is.
bool guard_text(std::string_view text, int source, const std::string& path, Errors& errors);
/// Without the byte order mark that some editors put before UTF-8.
std::string_view without_mark(std::string_view text);

}  // namespace seedbed
