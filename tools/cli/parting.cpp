#include "tools/cli/parting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <string_view>

#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

constexpr std::size_t kRemembered = 50'000;  // lines in common, to look for causes in
constexpr std::size_t kMostCauses = 8;

using Lines = std::deque<std::string>;

/// A trace parts its columns by two blanks: the event's number is the first, or nothing.
std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> columns;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find("  ", begin), line.size());
    columns.push_back(line.substr(begin, end - begin));
    begin = end + 2;
  }
  return columns;
}

bool is_event(std::string_view line) { return line.starts_with('#'); }

/// Of what the line tells, the cause among the `count` first lines; `count` where there is none.
std::size_t cause_of(const Lines& lines, std::size_t count, std::string_view line) {
  const auto columns = columns_of(line);
  const auto find = [&](auto matches) {
    for (std::size_t i = count; i-- > 0;) {
      if (matches(lines[i])) return i;
    }
    return count;
  };
  if (!is_event(line)) return find(is_event);  // it was sent while that happened
  if (columns.size() < 4) return count;
  if (columns[3] == "message" && columns.size() > 5) {
    // "#12  0.1s  n3  message  TEXT  from n1  digest": sent by "  0.1s  n1 -> n3  TEXT  3ms".
    const std::string link = fmt::format("{} -> {}", columns[5].substr(5), columns[2]);
    return find([&](std::string_view other) {
      const auto sent = columns_of(other);
      return sent.size() > 3 && sent[0].empty() && sent[2] == link && sent[3] == columns[4];
    });
  }
  return find([&](std::string_view other) {
    const auto event = columns_of(other);
    return is_event(other) && event.size() > 2 && event[2] == columns[2];
  });
}

std::vector<std::string> causes_of(const Lines& lines, const std::string& line) {
  std::vector<std::string> causes;
  std::string_view effect = line;
  for (std::size_t count = lines.size(); causes.size() < kMostCauses;) {
    const std::size_t cause = line.empty() ? count : cause_of(lines, count, effect);
    if (cause == count) break;
    causes.push_back(lines[cause]);
    effect = lines[cause];
    count = cause;
  }
  return causes;
}

std::uint64_t number_at(std::string_view text, std::size_t at, int base) {
  std::uint64_t number = 0;
  if (at < text.size()) std::from_chars(text.data() + at, text.data() + text.size(), number, base);
  return number;
}

/// A timer's cause is not in a trace: what its node did before stands for it.
void print_side(const char* name, const std::string& line, const std::vector<std::string>& causes) {
  fmt::print("{}\n  {}\n", styled(Style::kBold, name), line.empty() ? "(has ended)" : line);
  std::string_view effect = line;
  for (const std::string& cause : causes) {
    const bool known = !is_event(cause) || !is_event(effect);
    fmt::print("    {}  {}\n", known ? "because of" : "     after", cause);
    effect = cause;
  }
}

}  // namespace

std::string node_of(const std::string& line) {
  const auto columns = columns_of(line);
  if (columns.size() < 3) return "";
  const std::string_view node = columns[2].substr(0, columns[2].find(' '));
  return node == "-" ? "" : std::string(node);
}

std::optional<Parting> find_parting(const TraceLines& left, const TraceLines& right) {
  Parting parting;
  Lines common;
  std::string a, b;
  while (true) {
    const bool more_a = left(a);
    const bool more_b = right(b);
    if (!more_a && !more_b) return std::nullopt;
    ++parting.line;
    if (more_a != more_b || a != b) {
      parting.left = more_a ? a : "";
      parting.right = more_b ? b : "";
      break;
    }
    if (is_event(a)) {
      parting.event = a;
      parting.last_event = number_at(a, 1, 10);
      parting.digest = number_at(a, a.rfind('=') + 1, 16);
    }
    common.push_back(a);
    if (common.size() > kRemembered) common.pop_front();
  }
  if (!common.empty()) parting.before = common.back();
  parting.left_causes = causes_of(common, parting.left);
  parting.right_causes = causes_of(common, parting.right);
  return parting;
}

void print_parting(const Parting& parting) {
  fmt::print("they part after event {}, at line {} of their traces", parting.last_event,
             parting.line);
  fmt::print("{}\n", parting.before.empty() ? "" : "; the last in common:\n  " + parting.before);
  print_side("left", parting.left, parting.left_causes);
  print_side("right", parting.right, parting.right_causes);
}

}  // namespace seedbed::cli
