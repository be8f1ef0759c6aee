// What a fuzzer does with some bytes: reads them as a scenario, and if they are one that is small,
// runs its beginning.
#pragma once

#include <string_view>

namespace seedbed::fuzz {

/// Throws std::logic_error where the reader broke a promise: an error without its place, neither
/// errors nor a scenario. Everything else that is wrong is the sanitizers' to find.
void try_scenario(std::string_view bytes);

}  // namespace seedbed::fuzz
