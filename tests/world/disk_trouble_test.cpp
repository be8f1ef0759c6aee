// What a process meets when its disk fails: errors, damage, torn files, and how long writing takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Logged;
using testing::Ping;
using testing::Probe;
using testing::ProbeWorld;
using testing::Saved;
using testing::Tick;

constexpr NodeId n1{1}, n2{2};

TEST(DiskTrouble, BandwidthLengthensASync) {
  WorldConfig config = ProbeWorld::calm();
  config.disk.bandwidth = 8'000;  // 1,000 bytes a second
  ProbeWorld w(1,
               {[](Probe&, Context& ctx) {
                  ctx.save(Saved{1});  // 8 bytes each
                  ctx.append(Logged{2});
                  ctx.when_synced(Tick{1});
                },
                [](Probe&, Context& ctx) {
                  ctx.disk().append("a", std::string(100, 'x'));
                  ctx.disk().sync("a");
                  ctx.when_synced(Tick{2});
                }},
               config);
  w.act(1, 0);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(1).seen.back().at, Time{} + 17_ms);
  w.act(1, 1);
  w.run_for(1_s);
  EXPECT_EQ(w.probe(1).seen.back().at, Time{} + 1_s + 101_ms);
}

/// Lists SyncFailed, and goes on.
struct Stoic : Process<Stoic, SyncFailed, Tick, Ping> {
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const SyncFailed& failed) {
    ++failures;
    was_full = failed.full;
    const auto* saved = ctx.durable().saved<Saved>();
    had = saved != nullptr ? saved->value : 0;
    EXPECT_EQ(ctx.disk().read("a"), "");
  }
  void on(Context& ctx, const Tick& t) {
    ctx.save(Saved{t.number});
    ctx.disk().append("a", "text");
    ctx.send(n2, Ping{t.number});
  }
  void on(Context&, const Envelope&, const Ping& p) { heard.push_back(p.number); }
  int failures = 0;
  bool was_full = false;
  std::uint64_t had = 0;
  std::vector<std::uint64_t> heard;
};

TEST(DiskTrouble, WhoHandlesAFailedSyncLivesOn) {
  World world(ProbeWorld::calm(), 2);
  const auto prototype = std::make_shared<const Stoic>();
  for (int i = 0; i < 2; ++i) world.add_node({prototype});
  const auto run_for = [&](Duration span) {
    world.schedule_action(world.now() + span, 1);
    while (world.step()->kind != Event::Kind::kAction) {
    }
  };
  const auto stoic = [&](NodeId n) { return static_cast<const Stoic&>(*world.process(n)); };
  run_for({});
  world.inject(n1, {}, Tick{1});
  run_for(10_ms);
  const auto fault = world.add_disk_fault({.kind = DiskFault::Kind::kFull, .nodes = {n1}});
  world.inject(n1, {}, Tick{2});
  run_for(10_ms);
  world.remove_disk_fault(fault);
  world.inject(n1, {}, Tick{3});
  run_for(10_ms);
  EXPECT_EQ(stoic(n1).failures, 1);
  EXPECT_TRUE(stoic(n1).was_full);
  EXPECT_EQ(stoic(n1).had, 1U);
  EXPECT_THAT(stoic(n2).heard, ElementsAre(1, 3)) << "what waited for the sync is dropped";
  EXPECT_EQ(world.durable(n1).saved<Saved>()->value, 3U);
  EXPECT_EQ(world.incarnation(n1), 1U);
  EXPECT_EQ(world.living_payloads(), 0U);
}

TEST(DiskTrouble, WhoHaltsStaysDown) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                 ctx.send(n2, Ping{1});
                 ctx.halt();
                 ctx.work(1_s);
               }});
  w.act(1, 0);
  w.run_for(10_s);
  EXPECT_FALSE(w.world.is_up(n1));
  EXPECT_EQ(w.probe(2).whats().back(), "ping 1 from n1");
  w.world.restart(n1);
  w.run_for(1_s);
  EXPECT_TRUE(w.world.is_up(n1)) << "until somebody starts it";
}

TEST(DiskTrouble, DamageIsKnownAndMended) {
  Storage storage;
  const auto sync = [&] {
    storage.begin_sync();
    storage.apply(storage.syncing_writes());
    storage.end_sync().clear();
  };
  storage.save(Saved{7});
  for (std::uint64_t i = 1; i <= 4; ++i) storage.append(Logged{i});
  sync();
  ASSERT_EQ(storage.places(), 5U);
  storage.rot(3, 0);  // the third entry
  const Recovered durable(&storage);
  EXPECT_TRUE(durable.damaged());
  EXPECT_EQ(durable.saved<Saved>()->value, 7U);
  EXPECT_EQ(durable.log<Logged>().last_index(), 2U);
  storage.rot(0, 0);
  EXPECT_EQ(durable.saved<Saved>(), nullptr);
  storage.cut_log<Logged>(DurableBase::Step::kTruncate, 3);
  storage.append(Logged{30});
  storage.save(Saved{8});
  sync();
  EXPECT_FALSE(durable.damaged());
  EXPECT_EQ(durable.log<Logged>().back().value, 30U);
}

/// What a compaction takes away takes its damage with it, the last entry's, too.
TEST(DiskTrouble, DamageGoesWithWhatIsCompacted) {
  for (const std::uint64_t up_to : {2U, 3U}) {
    Storage storage;
    const auto sync = [&] {
      storage.begin_sync();
      storage.apply(storage.syncing_writes());
      storage.end_sync().clear();
    };
    for (std::uint64_t i = 1; i <= 4; ++i) storage.append(Logged{i});
    sync();
    storage.rot(2, 0);  // the third entry
    storage.cut_log<Logged>(DurableBase::Step::kCompact, up_to);
    sync();
    const Recovered durable(&storage);
    EXPECT_EQ(durable.damaged(), up_to < 3) << up_to;
    EXPECT_EQ(durable.log<Logged>().last_index(), up_to < 3 ? 2U : 4U);
  }
}

/// What crashes may leave of a file of `sectors` sectors whose sync has not ended.
std::set<std::string> leftovers(const std::function<void(Disk&)>& write) {
  std::set<std::string> all;
  for (std::uint64_t draw = 0; draw < 300; ++draw) {
    Storage storage;
    Disk disk(storage);
    disk.write("a", 0, std::string(1024, 'a'));
    disk.sync("a");
    disk.sync_directory();
    storage.begin_sync();
    storage.apply(storage.syncing_writes());
    storage.end_sync().clear();
    write(disk);
    storage.tear(hash_of(draw));
    storage.forget([](Payload) {});
    std::string shape;
    for (const std::string& path : disk.list()) {
      shape += (shape.empty() ? "" : " ") + path + ":";
      const std::string_view content = *disk.read(path);
      for (std::size_t s = 0; s < content.size(); s += 512) {
        const bool whole = content.substr(s, 512) == std::string(512, content[s]);
        shape += !whole ? '!' : content[s] == '\0' ? '0' : content[s];
      }
    }
    all.insert(shape);
  }
  return all;
}

TEST(DiskTrouble, ATornWriteLeavesAnySectors) {
  EXPECT_THAT(leftovers([](Disk& d) { d.write("a", 0, std::string(1024, 'b')); }),
              ElementsAre("a:aa", "a:ab", "a:ba", "a:bb"));
}

TEST(DiskTrouble, WithoutABarrierLaterWritesMayComeFirst) {
  const auto left = leftovers([](Disk& d) {
    d.write("a", 0, std::string(512, 'b'));
    d.append("a", std::string(512, 'c'));
  });
  EXPECT_THAT(left, Contains("a:aac")) << "the second without the first";
  EXPECT_THAT(left, Contains("a:ba"));
  EXPECT_THAT(left, Contains("a:ba0")) << "longer, and nothing there yet";
}

TEST(DiskTrouble, ARenameMayComeBeforeTheContent) {
  const auto left = leftovers([](Disk& d) {
    d.write("b", 0, std::string(512, 'b'));
    d.rename("b", "a");
  });
  EXPECT_THAT(left, Contains("a:")) << "the empty file that every editor has met once";
  EXPECT_THAT(left, Contains("a:b"));
  EXPECT_THAT(left, Contains("a:aa"));
  for (const std::string& shape : left) {
    EXPECT_TRUE(shape.starts_with("a:")) << "a rename is atomic: " << shape;
  }
}

TEST(DiskTrouble, AFullDiskStillOverwrites) {
  Storage storage;
  Disk(storage).write("a", 0, "text");
  Disk full(storage, {.full = true});
  EXPECT_TRUE(full.write("a", 0, "next"));
  EXPECT_FALSE(full.append("a", "more"));
  EXPECT_FALSE(full.write("b", 0, "new"));
  EXPECT_EQ(*full.read("a"), "next");
  EXPECT_FALSE(full.exists("b"));
}

}  // namespace
}  // namespace seedbed
