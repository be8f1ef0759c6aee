// What a sweep left in its database, and a sweep that takes no time.
//
//   seedbed("sweep " + kTiny + "--seeds 1..9 --out '" + (folder / "a.db") + "'");
//   EXPECT_EQ(rows_of(folder / "a.db"), rows_of(folder / "b.db"));
#pragma once

#include <cstdint>
#include <string>

#include "sim/explore/sqlite.h"

namespace seedbed::testing {

inline const std::string kTiny =
    "scenarios/bench/raft-3-short.yaml --set duration=1s --set settle=1s --set chaos=[] ";

/// All that the rows say, but for how long they took.
inline std::string rows_of(const std::string& file) {
  Database db = Database::open(file, Database::Mode::kExisting);
  std::string text;
  for (Statement s(db,
                   "SELECT scenario, seed, verdict, ifnull(digest, '-'), ifnull(fingerprint, '-'),"
                   " ifnull(check_name, '-'), ifnull(message, '-'), ifnull(settings, '-'), events, "
                   "simulated_ns, ok, fail, info FROM runs ORDER BY scenario, seed");
       s.step();) {
    for (int column = 0; column < 13; ++column) text += s.text(column) + '|';
    text += '\n';
  }
  return text;
}

inline std::int64_t count_of(const std::string& file) {
  Database db = Database::open(file, Database::Mode::kExisting);
  Statement any(db, "SELECT 1 FROM sqlite_schema WHERE name = 'runs'");
  if (!any.step()) return 0;
  Statement s(db, "SELECT count(*) FROM runs");
  return s.step() ? s.integer(0) : 0;
}

}  // namespace seedbed::testing
