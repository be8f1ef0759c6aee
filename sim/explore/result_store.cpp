#include "sim/explore/result_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace seedbed {

namespace {

constexpr const char* kFormat = "1";

constexpr const char* kSchema = R"(
CREATE TABLE sweep (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE scenarios (
  place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, settings TEXT NOT NULL,
  mutant TEXT, expect_violates TEXT, hash TEXT NOT NULL);
CREATE TABLE runs (
  scenario TEXT NOT NULL REFERENCES scenarios(name), seed INTEGER NOT NULL,
  verdict TEXT NOT NULL, digest TEXT, fingerprint TEXT, check_name TEXT, message TEXT,
  settings TEXT,
  events INTEGER NOT NULL, simulated_ns INTEGER NOT NULL,
  ok INTEGER NOT NULL, fail INTEGER NOT NULL, info INTEGER NOT NULL, wall_us INTEGER NOT NULL,
  PRIMARY KEY (scenario, seed)) WITHOUT ROWID;
CREATE INDEX failures ON runs (fingerprint) WHERE fingerprint IS NOT NULL;
)";

constexpr const char* kColumns =
    "SELECT scenario, seed, verdict, digest, fingerprint, check_name, message, settings, events, "
    "simulated_ns, ok, fail, info, wall_us FROM runs ";

std::string hex(std::uint64_t n) { return fmt::format("{:016x}", n); }

std::uint64_t number(std::string_view text, int base = 10) {
  std::uint64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n, base);
  return n;
}

std::int64_t as_signed(std::uint64_t n) { return static_cast<std::int64_t>(n); }
std::uint64_t as_unsigned(std::int64_t n) { return static_cast<std::uint64_t>(n); }

void bind_text_or_null(Statement& statement, int parameter, const std::string& text) {
  if (!text.empty()) statement.bind(parameter, text);
}

}  // namespace

std::string difference(const SweepHeader& a, const SweepHeader& b) {
  if (a.version != b.version) {
    return fmt::format("the version of Seedbed, {} and {}", a.version, b.version);
  }
  if (a.swarm != b.swarm) return "--swarm, which one has and the other has not";
  if (a.scenarios.size() != b.scenarios.size()) {
    return fmt::format("the number of scenarios, {} and {}", a.scenarios.size(),
                       b.scenarios.size());
  }
  for (std::size_t i = 0; i < a.scenarios.size(); ++i) {
    const SweptScenario& left = a.scenarios[i];
    const SweptScenario& right = b.scenarios[i];
    if (left.name != right.name) {
      return fmt::format("the scenarios, '{}' and '{}'", left.name, right.name);
    }
    if (left.settings != right.settings) return "the settings (--set) of " + left.name;
    if (left.mutant != right.mutant) return "the mutant of " + left.name;
    if (left.hash != right.hash) return fmt::format("the text of the scenario {}", left.name);
  }
  return "";
}

ResultStore ResultStore::create(const std::string& path, const SweepHeader& header) {
  if (!path.empty() && open(path))
    throw StoreError(path + ": holds the results of a sweep already");
  ResultStore store(Database::open(path, Database::Mode::kCreate));
  store.db_.run("PRAGMA journal_mode=WAL");
  store.db_.run("BEGIN IMMEDIATE");
  store.db_.run(kSchema);
  store.write_header(header);
  store.db_.run("COMMIT");
  store.header_ = header;
  return store;
}

std::optional<ResultStore> ResultStore::open(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return std::nullopt;
  ResultStore store(Database::open(path, Database::Mode::kExisting));
  bool empty = true;
  bool ours = false;
  for (Statement tables(store.db_, "SELECT name FROM sqlite_schema"); tables.step();) {
    empty = false;
    ours |= tables.text(0) == "sweep";
  }
  if (empty) return std::nullopt;
  if (!ours || store.value_of("format") != kFormat) {
    throw StoreError(path + ": is no database of this version's sweeps");
  }
  store.read_header();
  return store;
}

void ResultStore::write_header(const SweepHeader& header) {
  Statement value(db_, "INSERT INTO sweep VALUES (?, ?)");
  const auto set = [&](std::string_view key, const std::string& text) {
    value.bind(1, key).bind(2, text).run();
  };
  set("format", kFormat);
  set("version", header.version);
  set("program", hex(header.program));
  set("swarm", header.swarm ? "1" : "0");
  set("first_seed", std::to_string(header.seeds.first));
  set("last_seed", std::to_string(header.seeds.last));
  set("shard", std::to_string(header.shard.index));
  set("shards", std::to_string(header.shard.count));
  Statement scenario(db_, "INSERT INTO scenarios VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < header.scenarios.size(); ++i) {
    const SweptScenario& s = header.scenarios[i];
    scenario.bind(1, static_cast<std::int64_t>(i)).bind(2, s.name).bind(3, s.file);
    scenario.bind(4, s.settings).bind(7, hex(s.hash));
    bind_text_or_null(scenario, 5, s.mutant);
    bind_text_or_null(scenario, 6, s.expect_violates);
    scenario.run();
  }
}

std::string ResultStore::value_of(std::string_view key) {
  Statement value(db_, "SELECT value FROM sweep WHERE key = ?");
  value.bind(1, key);
  return value.step() ? value.text(0) : "";
}

void ResultStore::read_header() {
  header_ = {};
  header_.version = value_of("version");
  header_.program = number(value_of("program"), 16);
  header_.swarm = value_of("swarm") == "1";
  header_.seeds = {number(value_of("first_seed")), number(value_of("last_seed"))};
  header_.shard = {number(value_of("shard")), number(value_of("shards"))};
  for (Statement s(db_, "SELECT * FROM scenarios ORDER BY place"); s.step();) {
    header_.scenarios.push_back(
        {s.text(1), s.text(2), s.text(3), s.text(4), s.text(5), number(s.text(6), 16)});
  }
}

void ResultStore::grow(SeedRange seeds) {
  Statement set(db_, "UPDATE sweep SET value = ? WHERE key = ?");
  set.bind(1, std::to_string(seeds.first)).bind(2, "first_seed").run();
  set.bind(1, std::to_string(seeds.last)).bind(2, "last_seed").run();
  header_.seeds = seeds;
}

bool ResultStore::add(const RunRow& row) {
  if (!insert_) {
    insert_ = std::make_unique<Statement>(
        db_,
        "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "RETURNING 1");
  }
  if (!db_.in_transaction()) db_.run("BEGIN IMMEDIATE");
  Statement& insert = *insert_;
  insert.bind(1, header_.scenarios[row.job.scenario].name).bind(2, as_signed(row.job.seed));
  insert.bind(3, name_of(row.ending));
  if (row.digest) insert.bind(4, hex(*row.digest));
  if (row.fingerprint) insert.bind(5, hex(*row.fingerprint));
  bind_text_or_null(insert, 6, row.check);
  bind_text_or_null(insert, 7, row.message);
  bind_text_or_null(insert, 8, row.settings);
  insert.bind(9, as_signed(row.events)).bind(10, row.simulated_ns);
  insert.bind(11, as_signed(row.ok)).bind(12, as_signed(row.fail)).bind(13, as_signed(row.info));
  insert.bind(14, as_signed(row.wall_us));
  const bool added = insert.step();
  if (added) insert.run();
  return added;
}

void ResultStore::commit() {
  if (db_.in_transaction()) db_.run("COMMIT");
}

std::uint32_t ResultStore::scenario_named(const std::string& name) const {
  for (std::uint32_t i = 0; i < header_.scenarios.size(); ++i) {
    if (header_.scenarios[i].name == name) return i;
  }
  throw StoreError("a run of an unknown scenario: " + name);
}

std::vector<Job> ResultStore::done() {
  std::vector<Job> jobs;
  for (Statement s(db_, "SELECT seed, scenario FROM runs"); s.step();) {
    jobs.push_back({as_unsigned(s.integer(0)), scenario_named(s.text(1))});
  }
  std::sort(jobs.begin(), jobs.end());
  return jobs;
}

RunRow ResultStore::row_at(const Statement& s) const {
  RunRow row;
  row.job = {as_unsigned(s.integer(1)), scenario_named(s.text(0))};
  row.ending = ending_named(s.text(2)).value_or(Ending::kUnknown);
  if (!s.is_null(3)) row.digest = number(s.text(3), 16);
  if (!s.is_null(4)) row.fingerprint = number(s.text(4), 16);
  row.check = s.text(5);
  row.message = s.text(6);
  row.settings = s.text(7);
  row.events = as_unsigned(s.integer(8));
  row.simulated_ns = s.integer(9);
  row.ok = as_unsigned(s.integer(10));
  row.fail = as_unsigned(s.integer(11));
  row.info = as_unsigned(s.integer(12));
  row.wall_us = as_unsigned(s.integer(13));
  return row;
}

std::optional<RunRow> ResultStore::find(Job job) {
  Statement s(db_, (std::string(kColumns) + "WHERE scenario = ? AND seed = ?").c_str());
  s.bind(1, header_.scenarios[job.scenario].name).bind(2, as_signed(job.seed));
  if (!s.step()) return std::nullopt;
  return row_at(s);
}

void ResultStore::each(const std::function<void(const RunRow&)>& visit) {
  for (Statement s(db_, (std::string(kColumns) + "ORDER BY seed").c_str()); s.step();) {
    visit(row_at(s));
  }
}

namespace {

ResultStore open_part(const std::string& path) {
  std::optional<ResultStore> store = ResultStore::open(path);
  if (!store) throw StoreError(path + ": there is no database of a sweep");
  return std::move(*store);
}

void add_part(ResultStore& all, const std::string& path) {
  open_part(path).each([&](const RunRow& row) {
    if (all.add(row)) return;
    const std::optional<RunRow> known = all.find(row.job);
    if (!known || !known->digest || !row.digest || known->digest == row.digest) return;
    throw StoreError(fmt::format("{}: seed {} of {} has the digest {} here, and {} in another",
                                 path, row.job.seed, all.header().scenarios[row.job.scenario].name,
                                 hex(*row.digest), hex(*known->digest)));
  });
}

}  // namespace

ResultStore merge_results(const std::string& out, const std::vector<std::string>& inputs) {
  SweepHeader header = open_part(inputs.front()).header();
  for (const std::string& path : inputs) {
    const SweepHeader other = open_part(path).header();
    if (const std::string what = difference(header, other); !what.empty()) {
      throw StoreError(fmt::format("{} and {} are of different sweeps: they differ in {}",
                                   inputs.front(), path, what));
    }
    header.seeds.first = std::min(header.seeds.first, other.seeds.first);
    header.seeds.last = std::max(header.seeds.last, other.seeds.last);
  }
  header.shard = {};
  ResultStore all = ResultStore::create(out, header);
  try {
    for (const std::string& path : inputs) add_part(all, path);
    all.commit();
  } catch (...) {
    std::error_code none;
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(out + suffix, none);
    throw;
  }
  return all;
}

}  // namespace seedbed
