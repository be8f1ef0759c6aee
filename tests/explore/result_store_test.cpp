#include "sim/explore/result_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

SweepHeader header(Shard shard = {}) {
  SweepHeader h;
  h.version = "1.2.3";
  h.program = ~std::uint64_t{0};
  h.seeds = {1, 10};
  h.shard = shard;
  h.scenarios = {{"a", "a.yaml", "nodes=3\nsettle=1s", "", "safety", 12},
                 {"b", "b.yaml", "", "broken", "", ~std::uint64_t{1}}};
  return h;
}

RunRow row(std::uint64_t seed, std::uint32_t scenario = 0) {
  RunRow r;
  r.job = {seed, scenario};
  r.ending = seed % 2 == 0 ? Ending::kFail : Ending::kPass;
  r.digest = ~seed;
  if (seed % 2 == 0) r.fingerprint = seed;
  if (seed % 2 == 0) r.message = "it's \"bad\"";
  r.settings = "network.loss=1%";
  r.events = 5;
  r.simulated_ns = 1'500'000'000;
  r.ok = 3;
  r.wall_us = 9;
  return r;
}

std::vector<RunRow> rows_of(ResultStore& store) {
  std::vector<RunRow> rows;
  store.each([&](const RunRow& r) { rows.push_back(r); });
  return rows;
}

class Store : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(Store, KeepsRowsAndHeader) {
  const std::string file = folder_ / "results.db";
  {
    ResultStore store = ResultStore::create(file, header({2, 3}));
    EXPECT_TRUE(store.add(row(1)));
    EXPECT_TRUE(store.add(row(2, 1)));
    store.commit();
    EXPECT_TRUE(store.add(row(3)));  // and is never committed
  }
  auto store = ResultStore::open(file);
  ASSERT_TRUE(store);
  EXPECT_EQ(difference(store->header(), header()), "");
  EXPECT_EQ(store->header().scenarios, header().scenarios);
  EXPECT_EQ(store->header().program, header().program);
  EXPECT_EQ(store->header().shard, (Shard{2, 3}));
  EXPECT_EQ(store->header().seeds, (SeedRange{1, 10}));
  EXPECT_THAT(rows_of(*store), ElementsAre(row(1), row(2, 1)));
  EXPECT_THAT(store->done(), ElementsAre(Job{1, 0}, Job{2, 1}));
  EXPECT_EQ(store->find({2, 1}), row(2, 1));
  EXPECT_FALSE(store->find({2, 0}));
}

TEST_F(Store, ARunIsThereOnce) {
  ResultStore store = ResultStore::create("", header());
  EXPECT_TRUE(store.add(row(1)));
  RunRow other = row(1);
  other.events = 99;
  EXPECT_FALSE(store.add(other));
  EXPECT_TRUE(store.add(row(2)));
  EXPECT_THAT(rows_of(store), ElementsAre(row(1), row(2)));
}

TEST_F(Store, GrowsToMoreSeeds) {
  const std::string file = folder_ / "results.db";
  { ResultStore::create(file, header()).grow({1, 50}); }
  EXPECT_EQ(ResultStore::open(file)->header().seeds, (SeedRange{1, 50}));
}

TEST_F(Store, AnEmptyFileIsNoSweepYet) {
  const std::string file = folder_ / "results.db";
  EXPECT_FALSE(ResultStore::open(file));
  std::ofstream(file).close();
  EXPECT_FALSE(ResultStore::open(file));
  ResultStore::create(file, header());
  EXPECT_TRUE(ResultStore::open(file));
  EXPECT_THROW(ResultStore::create(file, header()), StoreError);
}

TEST_F(Store, WhatIsNoDatabaseOfASweepIsRefused) {
  const std::string file = folder_ / "results.db";
  std::ofstream(file) << std::string(5000, 'x');
  EXPECT_THAT([&] { ResultStore::open(file); },
              ThrowsMessage<StoreError>(HasSubstr("results.db:")));
  std::filesystem::remove(file);
  Database::open(file, Database::Mode::kCreate).run("CREATE TABLE other (x)");
  EXPECT_THROW(ResultStore::open(file), StoreError);
  EXPECT_THROW(ResultStore::create(folder_ / "no/such/folder.db", header()), StoreError);
}

TEST(SweepHeader, DifferencesAreNamed) {
  const auto differs = [](auto change) {
    SweepHeader other = header();
    change(other);
    return difference(header(), other);
  };
  EXPECT_EQ(differs([](SweepHeader& h) {
              h.seeds.last = 99, h.shard = {2, 2}, h.program = 0;
            }),
            "");
  EXPECT_THAT(differs([](SweepHeader& h) { h.version = "2"; }), HasSubstr("version"));
  EXPECT_THAT(differs([](SweepHeader& h) { h.swarm = true; }), HasSubstr("--swarm"));
  EXPECT_THAT(differs([](SweepHeader& h) { h.scenarios.pop_back(); }), HasSubstr("number"));
  EXPECT_THAT(differs([](SweepHeader& h) { h.scenarios[1].hash = 0; }), HasSubstr("text"));
  EXPECT_THAT(differs([](SweepHeader& h) { h.scenarios[0].settings = ""; }), HasSubstr("--set"));
  EXPECT_THAT(differs([](SweepHeader& h) { h.scenarios[0].mutant = "x"; }), HasSubstr("mutant"));
}

class Merge : public Store {
 protected:
  std::string shard(const std::string& name, const SweepHeader& h,
                    const std::vector<RunRow>& rows) {
    ResultStore store = ResultStore::create(folder_ / name, h);
    for (const RunRow& r : rows) store.add(r);
    store.commit();
    return folder_ / name;
  }
};

TEST_F(Merge, JoinsShards) {
  const auto a = shard("a.db", header({1, 2}), {row(1), row(3)});
  SweepHeader more = header({2, 2});
  more.seeds = {1, 20};
  const auto b = shard("b.db", more, {row(2), row(4), row(3)});
  ResultStore all = merge_results(folder_ / "all.db", {a, b});
  EXPECT_THAT(rows_of(all), ElementsAre(row(1), row(2), row(3), row(4)));
  EXPECT_EQ(all.header().shard, Shard{});
  EXPECT_EQ(all.header().seeds, (SeedRange{1, 20}));
}

TEST_F(Merge, RefusesOtherSweepsAndOtherDigests) {
  const auto a = shard("a.db", header(), {row(1)});
  SweepHeader other = header();
  other.scenarios[0].hash = 13;
  const auto b = shard("b.db", other, {row(2)});
  const std::string out = folder_ / "all.db";
  EXPECT_THAT(
      [&] {
        merge_results(out, {a, b});
      },
      ThrowsMessage<StoreError>(HasSubstr("different sweeps")));
  RunRow changed = row(1);
  changed.digest = 4;
  const auto c = shard("c.db", header(), {row(2), changed});
  EXPECT_THAT(
      [&] {
        merge_results(out, {a, c});
      },
      ThrowsMessage<StoreError>(HasSubstr("seed 1 of a has the digest")));
  EXPECT_THROW(merge_results(out, {a, folder_ / "none.db"}), StoreError);
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace seedbed
