// The results of a sweep in an SQLite database, one row a run; README.md has the schema. One
// process writes, any may read meanwhile (write-ahead log). What is committed stays whatever
// happens to the process, and a run is there once.
//
//   ResultStore store = ResultStore::create("results.db", header);   // "": in memory
//   store.add(row);
//   store.commit();
//   auto again = ResultStore::open("results.db");                    // after a kill -9
//   SweepPlan rest(header.seeds, header.shard, 1, again->done());
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/sqlite.h"
#include "sim/explore/sweep_summary.h"

namespace seedbed {

/// What a sweep is: equal ones may share a database.
struct SweepHeader {
  std::string version;        // of Seedbed
  std::uint64_t program = 0;  // a hash of the program and its plugins
  bool swarm = false;
  SeedRange seeds;
  Shard shard;
  std::vector<SweptScenario> scenarios;
};

/// The first thing that tells two sweeps apart, whatever their seeds, shards and builds; "" if
/// none.
std::string difference(const SweepHeader& a, const SweepHeader& b);

class ResultStore {
 public:
  /// Throws where `path` has something in it already.
  static ResultStore create(const std::string& path, const SweepHeader& header);
  /// Nothing where there is no file, or nothing in it yet. Throws where it holds something else.
  static std::optional<ResultStore> open(const std::string& path);

  const SweepHeader& header() const { return header_; }
  /// The sweep goes on to more seeds.
  void grow(SeedRange seeds);

  /// False where the run is there already, which stays as it is. Lasts from the next commit on.
  bool add(const RunRow& row);
  void commit();

  /// Sorted.
  std::vector<Job> done();
  std::optional<RunRow> find(Job job);
  /// By seed.
  void each(const std::function<void(const RunRow&)>& visit);

 private:
  explicit ResultStore(Database db) : db_(std::move(db)) {}
  void write_header(const SweepHeader& header);
  void read_header();
  std::string value_of(std::string_view key);
  std::uint32_t scenario_named(const std::string& name) const;
  RunRow row_at(const Statement& row) const;

  Database db_;
  SweepHeader header_;
  std::unique_ptr<Statement> insert_;
};

/// Joins the databases of shards, or of any parts of one sweep, in a new one. A run that is in
/// several must have the same digest in all. Throws StoreError, and then leaves no `out`.
ResultStore merge_results(const std::string& out, const std::vector<std::string>& inputs);

}  // namespace seedbed
