// How results look to a person: colour on a terminal (NO_COLOR is honoured), plain text elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tools/cli/run_costs.h"

namespace seedbed::cli {

enum class Style { kPlain, kBold, kDim, kRed, kGreen, kYellow, kCyan };
/// `text` in that style where stdout is a terminal that may be coloured.
std::string styled(Style style, std::string_view text);
std::string styled(Verdict verdict, std::string_view text);

/// 412345 -> "412,345".
std::string grouped(std::uint64_t n);
/// "14.8ms": three significant digits.
std::string brief(Duration d);

/// The seed first, what happened in time, the checks, the figures, and how to have it again.
std::string render(const Run& run, const Result& result, const RunCosts& costs,
                   std::string_view command);
/// One line: the verdict, what broke first, and the seed.
std::string render_summary(const Run& run, const Result& result);

}  // namespace seedbed::cli
