// What was measured, for people (a table), for later (JSON), and against another time (a
// comparison).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/harness.h"

namespace seedbed::bench {

/// The table's head, and its lines for one figure: each ends with a newline.
std::string table_head();
std::string table_lines(const Measured& figure);

std::string to_json(const std::string& commit, std::span<const Measured> figures);
/// Throws std::runtime_error if the file is not what to_json wrote.
std::vector<Measured> read_json(const std::string& path);

/// The engine's figures in both, and the change of the medians with its 95 % interval, corrected by
/// what the bare loops of the same rounds say of the machine. A change is marked where the interval
/// leaves no doubt; `worse` counts those for the worse, but none that could not be corrected.
struct Comparison {
  std::string text;
  int worse = 0;
};
Comparison compare(std::span<const Measured> before, std::span<const Measured> after);

}  // namespace seedbed::bench
