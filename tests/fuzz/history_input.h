// What a fuzzer does with some bytes: reads them as a history in each format, and judges what can
// be read by every check, with a small budget.
#pragma once

#include <string_view>

namespace seedbed::fuzz {

/// Throws std::logic_error where a promise is broken: an error without its place or of several
/// lines. Everything else that is wrong is the sanitizers' to find.
void try_history(std::string_view bytes);

}  // namespace seedbed::fuzz
