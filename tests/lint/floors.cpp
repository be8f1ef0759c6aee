// The floors: who may include whom, which library lives where, and who may print.
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "tests/lint/rules.h"

namespace seedbed::lint {

namespace {

/// Higher floors include lower ones; two folders on one floor never include each other.
const std::map<std::string, int>& floors() {
  static const std::map<std::string, int> kFloors = {
      {"sim/base", 0},  {"sim/hashing", 1}, {"sim/kernel", 1},   {"sim/world", 2},
      {"sim/chaos", 3}, {"sim/check", 3},   {"sim/trace", 3},    {"sim/workload", 3},
      {"protocols", 4}, {"sim/run", 5},     {"sim/scenario", 6}, {"sim/explore", 7},
      {"tools", 8}};
  return kFloors;
}

constexpr std::string_view kProtocolHeader = "protocols/protocol.h";

/// "sim/base" of "sim/base/time.h", "protocols/raft" of "protocols/raft/log.h", "protocols" of
/// "protocols/protocol.h", "tools" of anything there.
std::string folder_of(const std::string& path) {
  const std::size_t first = path.find('/');
  const std::size_t second = path.find('/', first + 1);
  if (path.starts_with("tools/") || second == path.npos) return path.substr(0, first);
  return path.substr(0, second);
}

std::optional<int> floor_of(const std::string& folder) {
  const bool protocol = folder.starts_with("protocols/");
  const auto found = floors().find(protocol ? "protocols" : folder);
  return found == floors().end() ? std::nullopt : std::optional(found->second);
}

/// The protocols that are built on another one.
bool is_built_on(const std::string& from, const std::string& target) {
  static const std::multimap<std::string, std::string> kBuiltOn = {
      {"protocols/commit_over_raft", "protocols/raft"},
      {"protocols/commit_over_raft", "protocols/two_phase_commit"},
      {"protocols/paxos_commit", "protocols/two_phase_commit"},
      {"protocols/three_phase_commit", "protocols/two_phase_commit"}};
  const auto [first, last] = kBuiltOn.equal_range(from);
  return std::any_of(first, last, [&](const auto& pair) { return pair.second == target; });
}

/// Why `from` may not include `to`, or "".
std::string objection(const std::string& from, const std::string& to) {
  const std::string folder = folder_of(from);
  const std::string target = folder_of(to);
  const auto floor = floor_of(folder).value_or(0);
  const auto below = floor_of(target);
  if (!below) return to + " is on no floor: include by the path from the root";
  if (folder == target || to == kProtocolHeader) return floor >= *below ? "" : "goes up";
  if (is_built_on(folder, target)) return "";
  if (target.starts_with("protocols/")) return "only a protocol's own folder includes it";
  if (floor == *below) return "is on the same floor: siblings do not include each other";
  return floor > *below ? "" : "goes up";
}

}  // namespace

void includes_go_down(const Source& source, Findings& out) {
  if (source.in("tests/") || source.in("bench/")) return;
  if (!floor_of(folder_of(source.path))) {
    out.push_back({source.path, 1, folder_of(source.path) + " is on no floor: see floors()"});
  }
  for (const Include& include : source.includes) {
    if (include.angled) continue;
    const std::string why = objection(source.path, include.path);
    if (!why.empty()) out.push_back({source.path, include.line, include.path + ": " + why});
  }
}

void libraries_stay_in_their_room(const Source& source, Findings& out) {
  struct Library {
    std::string_view prefix;
    std::vector<std::string_view> rooms;
  };
  static const std::vector<Library> kLibraries = {
      {"yaml-cpp/", {"sim/scenario/"}},
      {"CLI/", {"tools/"}},
      {"nlohmann/", {"tools/", "sim/scenario/", "sim/check/history/json.cpp"}},
      {"boost/",
       {"sim/base/flat_map.h", "sim/world/kv_store.h", "sim/world/topology.cpp",
        "sim/world/journal.cpp", "sim/scenario/graphml.cpp", "sim/check/"}},
      {"sqlite3.h", {"sim/explore/sqlite."}},
      {"gtest/", {"tests/"}},
      {"gmock/", {"tests/"}},
  };
  if (source.in("tests/") || source.in("bench/")) return;
  for (const Include& include : source.includes) {
    for (const Library& library : kLibraries) {
      if (!include.path.starts_with(library.prefix)) continue;
      bool at_home = false;
      for (const std::string_view room : library.rooms) at_home |= source.in(room);
      if (!at_home) {
        out.push_back({source.path, include.line, include.path + ": not in this folder"});
      }
    }
  }
}

void nothing_prints(const Source& source, Findings& out) {
  static const std::set<std::string> kPrints = {
      "printf", "vprintf", "fprintf", "puts",   "fputs",  "putchar",  "putc",    "fputc", "perror",
      "cout",   "cerr",    "clog",    "stdout", "stderr", "iostream", "println", "print"};
  if (!source.in("sim/") && !source.in("protocols/")) return;
  for (std::size_t i = 0; i < source.tokens.size(); ++i) {
    const Token& t = source.tokens[i];
    if (t.kind != Token::Kind::kWord || !kPrints.contains(t.text)) continue;
    // `puts` is a good name for a share of operations, and `print` for a function of one's own.
    const bool called = i + 1 < source.tokens.size() && source.tokens[i + 1].is("(");
    const bool qualified = i >= 2 && source.tokens[i - 1].is("::") &&
                           (source.tokens[i - 2].is("fmt") || source.tokens[i - 2].is("std"));
    if (t.text == "puts" && !called && !qualified) continue;
    if (t.text.starts_with("print") && t.text != "printf" && !qualified) continue;
    out.push_back({source.path, t.line, t.text + ": nothing below tools/ prints"});
  }
}

}  // namespace seedbed::lint
