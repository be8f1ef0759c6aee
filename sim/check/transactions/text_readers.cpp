#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "sim/check/transactions/readers.h"

namespace seedbed::txn {

using history::BadHistory;

namespace {

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = s.find_first_not_of(kBlank);
  if (begin == s.npos) return {};
  return s.substr(begin, s.find_last_not_of(kBlank) - begin + 1);
}

/// Calls `visit(text, offset)` for each that is neither blank nor a comment.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    if (!line.empty() && line.front() != '#') visit(line, begin);
    begin = end + 1;
  }
}

std::string quoted(std::string_view line) { return fmt::format("'{}'", line.substr(0, 60)); }

struct PlumeLine {
  Action action = Action::kRead;
  std::array<std::string_view, 4> fields;  // key, value, session, transaction
};

std::optional<PlumeLine> parse_plume(std::string_view line) {
  PlumeLine parsed;
  if (line.front() != 'r' && line.front() != 'w') return std::nullopt;
  if (line.front() == 'w') parsed.action = Action::kWrite;
  line = trimmed(line.substr(1));
  if (line.size() < 2 || line.front() != '(' || line.back() != ')') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  for (std::size_t i = 0; i < parsed.fields.size(); ++i) {
    const std::size_t comma = i < 3 ? line.find(',') : line.size();
    if (comma == line.npos || (i == 3 && line.find(',') != line.npos)) return std::nullopt;
    parsed.fields[i] = trimmed(line.substr(0, comma));
    if (parsed.fields[i].empty()) return std::nullopt;
    line.remove_prefix(std::min(comma + 1, line.size()));
  }
  return parsed;
}

}  // namespace

History read_plume(std::string_view text, const std::string& initial) {
  History h({.model = Model::kRegister, .initial = initial, .timed = false, .partial = false});
  Names sessions, transactions;
  std::string_view session, transaction;  // of the line before
  for_each_line(text, [&](std::string_view line, std::size_t offset) {
    const auto parsed = parse_plume(line);
    if (!parsed) {
      throw BadHistory(offset, fmt::format("{} is neither r(key,value,session,txn) nor "
                                           "w(key,value,session,txn)",
                                           quoted(line)));
    }
    const auto [key, value, s, t] = parsed->fields;
    if (s != session || t != transaction) {
      const Id of = sessions.id_of(0, s);
      const bool aborted = t == "-1";
      if (const std::size_t known = transactions.size();
          !aborted && transactions.id_of(of, t) != known) {
        throw BadHistory(offset, fmt::format("transaction {} of session {} goes on after another "
                                             "one: its lines must stand together",
                                             t, s));
      }
      h.begin(
          {.session = of, .outcome = aborted ? Outcome::kAborted : Outcome::kOk, .offset = offset});
      session = s;
      transaction = t;
    }
    parsed->action == Action::kWrite ? h.write(key, value) : h.read(key, value);
  });
  return h;
}

History read_awdit(std::string_view text) {
  History h({.model = Model::kRegister, .initial = "", .timed = false, .partial = false});
  Id session = 0;
  bool open = false;
  for_each_line(text, [&](std::string_view line, std::size_t offset) {
    if (line.find_first_not_of('-') == line.npos || line.find_first_not_of('=') == line.npos) {
      session += line.front() == '=';
      open = false;
      return;
    }
    const std::string_view rest = trimmed(line.substr(1));
    const std::size_t blank = rest.find_first_of(" \t");
    if ((line.front() != 'r' && line.front() != 'w') || line.size() < 2 ||
        (line[1] != ' ' && line[1] != '\t') || blank == rest.npos) {
      throw BadHistory(offset, fmt::format("{} is none of 'r KEY VALUE', 'w KEY VALUE', '-----' "
                                           "and '====='",
                                           quoted(line)));
    }
    if (!open) h.begin({.session = session, .offset = offset});
    open = true;
    const std::string_view key = rest.substr(0, blank), value = trimmed(rest.substr(blank));
    line.front() == 'w' ? h.write(key, value) : h.read(key, value);
  });
  return h;
}

}  // namespace seedbed::txn
