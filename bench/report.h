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

/// The engine's figures in both, with the change of the medians and its 95 % interval; a change is
/// marked where the interval leaves no doubt. `slower` counts what got worse.
struct Comparison {
  std::string text;
  int slower = 0;
};
Comparison compare(std::span<const Measured> before, std::span<const Measured> after);

}  // namespace seedbed::bench
