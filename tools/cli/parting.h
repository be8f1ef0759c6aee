// Where two histories part: the first line in which two traces differ, what they had in common just
// before, and what led to it.
//
//   const auto parting = find_parting(left_lines, right_lines);
//   if (!parting) ...                                  // they are equal
//   parting->left, parting->left_causes ...
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace seedbed::cli {

/// The next line of a trace (sim/trace/text_trace.h) without its newline; false at the end.
using TraceLines = std::function<bool(std::string& line)>;

struct Parting {
  std::string left, right;       // the lines that differ; "" where a trace has ended
  std::string before;            // the last line in common
  std::uint64_t line = 0;        // its number, from 1
  std::uint64_t last_event = 0;  // the last one in common, 0: none
  std::string event;             // its line
  std::uint64_t digest = 0;      // of the run, after it
  // The message that was received and the event that sent it, or what the node did last; and so on,
  // the nearest first.
  std::vector<std::string> left_causes, right_causes;
};

std::optional<Parting> find_parting(const TraceLines& left, const TraceLines& right);

/// Prints it.
void print_parting(const Parting& parting);

/// The node of an event's line or the sender of a message's: "n3"; "" where there is none.
std::string node_of(const std::string& line);

}  // namespace seedbed::cli
