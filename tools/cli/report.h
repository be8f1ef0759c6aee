// A run as one self-contained HTML page (`run --report FILE.html`): who led when, what was broken
// when, how many operations were acknowledged, what the checks say. No script, no network.
#pragma once

#include <string>
#include <string_view>

#include "sim/run/result.h"
#include "sim/run/run.h"

namespace seedbed::cli {

std::string html_report(const Run& run, const Result& result, std::string_view command);

}  // namespace seedbed::cli
