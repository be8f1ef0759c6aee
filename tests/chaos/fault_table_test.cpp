// Every fault, one row each: what it does to a two-node echo, that those beside it notice nothing,
// and that it ends when it should. A fault without a row fails.
#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "sim/chaos/fault.h"
#include "sim/chaos/selector.h"
#include "sim/scenario/scenario_reader.h"
#include "tests/support/echo.h"

namespace seedbed {
namespace {

using testing::Diary;
using testing::EchoWorld;
using testing::Note;
using testing::Span;

constexpr NodeId n1{1}, n2{2}, n3{3}, n4{4}, n5{5};

// Faults begin at 1 s and, if they end, end at 3 s; what comes after 4 s is to be as without them.
constexpr Span kDuring{1_s, 3_s}, kAfter{4_s, 6_s}, kAll{{}, 6_s};
constexpr Duration kRoundTrip = 3_ms;  // 1 ms there, 1 ms on the disk, 1 ms back

struct Faulty {
  const Diary& diary;
  const World& world;
};
/// What is to be seen where the fault was, and never without it.
using Effect = bool (*)(const Faulty& w);

enum class Ends : std::uint8_t {
  kHealed,   // at 3 s, and the echo goes on as if nothing had been
  kAtOnce,   // it has no end, and the echo goes on all the same
  kForEver,  // n2 never answers again
};

struct Row {
  std::string_view fault;
  std::string_view entry;  // of `chaos:`; it hits n1 and n2 at most
  Effect effect;
  Ends ends = Ends::kHealed;
  std::string_view also = "";  // another entry, without which there is nothing to be seen
};

bool is_late(const Faulty& w) { return w.diary.slowest(kDuring) > kRoundTrip; }
bool is_lost(const Faulty& w) { return w.diary.lost(kDuring) > 0; }
bool is_silent(const Faulty& w) { return w.diary.count(Note::kAnswered, n2, kDuring) <= 1; }
bool has_restarted(const Faulty& w) { return w.diary.count(Note::kBooted, n2, kAll) > 1; }
bool is_restarted_and_lost(const Faulty& w) { return has_restarted(w) && is_lost(w); }

/// The disk had this many entries at the last boot: 99 were written in the first second.
std::uint64_t recovered(const Faulty& w) {
  return w.diary.of(Note::kBooted, n2, kAll).back().number;
}

bool keeps_what_it_synced(const Faulty& w) {
  return is_restarted_and_lost(w) && recovered(w) >= 98;
}
bool is_damaged(const Faulty& w) { return w.world.durable(n2).damaged() && !is_lost(w); }

constexpr Row kRows[] = {
    // Nodes.
    {"crash", "{ at: 1s, crash: n2, for: 2s }", keeps_what_it_synced},
    {"kill", "{ at: 1s, kill: n2 }", is_silent, Ends::kForEver},
    {"wipe", "{ at: 1s, wipe: n2, for: 2s }",
     [](const Faulty& w) { return is_restarted_and_lost(w) && recovered(w) == 0; }},
    {"pause", "{ at: 1s, pause: n2, for: 2s }",
     [](const Faulty& w) {  // all that arrived is answered at once, afterwards
       return is_silent(w) && is_late(w) && !is_lost(w) && !has_restarted(w);
     }},
    {"slow", "{ at: 1s, slow: n2, by: 10x, for: 2s }",
     [](const Faulty& w) {  // a turn for the question, and one for the news of the disk
       return w.diary.slowest(kDuring) == kRoundTrip + SlowProcessors::kTurn * 20 && !is_lost(w);
     }},
    {"join", "{ at: 1s, join: n5 }",
     [](const Faulty& w) {
       return w.world.is_up(n5) && w.diary.count(Note::kBooted, n5, kAll) == 1;
     },
     Ends::kAtOnce},
    {"leave", "{ at: 1s, leave: n2 }",
     [](const Faulty& w) { return is_silent(w) && w.diary.count(Note::kLeft, n2, kAll) == 1; },
     Ends::kForEver},
    // Links.
    {"isolate", "{ at: 1s, isolate: n2, for: 2s }",
     [](const Faulty& w) { return is_silent(w) && is_lost(w); }},
    {"partition", "{ at: 1s, partition: [[n1, n3, n4], [n2]], for: 2s }",
     [](const Faulty& w) { return is_silent(w) && is_lost(w); }},
    {"one_way", "{ at: 1s, one_way: { from: n2, to: n1 }, for: 2s }",
     [](const Faulty& w) {  // the questions arrive, the answers do not
       return !is_silent(w) && w.diary.count(Note::kHeard, n1, kDuring) == 0;
     }},
    {"cut", "{ at: 1s, cut: [n1, n2], for: 2s }",
     [](const Faulty& w) { return is_silent(w) && is_lost(w); }},
    {"flap", "{ at: 1s, flap: [n1, n2], every: 100ms, for: 2s }",
     [](const Faulty& w) { return is_lost(w) && !is_silent(w); }},
    {"swizzle", "{ at: 1s, swizzle: [n1, n2], step: 300ms, for: 2s }",
     [](const Faulty& w) { return is_lost(w); }},
    // Weather.
    {"loss", "{ at: 1s, loss: 50%, on: n2, for: 2s }",
     [](const Faulty& w) { return is_lost(w) && !is_silent(w); }},
    {"delay", "{ at: 1s, delay: 7ms, on: n2, for: 2s }",
     [](const Faulty& w) { return w.diary.slowest(kDuring) == kRoundTrip + 14_ms && !is_lost(w); }},
    {"duplicate", "{ at: 1s, duplicate: 50%, on: n2, for: 2s }",
     [](const Faulty& w) { return w.diary.twice(kDuring) > 50; }},
    {"reorder", "{ at: 1s, reorder: { chance: 50%, by: 1ms..50ms }, on: n2, for: 2s }",
     [](const Faulty& w) { return w.diary.overtaken(kDuring) > 10 && !is_lost(w); }},
    {"corrupt", "{ at: 1s, corrupt: 50%, on: n2, for: 2s }",
     [](const Faulty& w) { return is_lost(w) && !is_silent(w); }},  // a checksum catches it
    {"bandwidth", "{ at: 1s, bandwidth: 10kbps, on: n2, for: 2s }",
     [](const Faulty& w) { return is_late(w) && !is_lost(w); }},
    // Clocks: those of n1, which asks.
    {"clock_jump", "{ at: 1s, clock_jump: n1, by: 500ms }",
     [](const Faulty& w) {
       const Note last = w.diary.of(Note::kAsked, n1, kAll).back();
       return last.wall == last.at + 500_ms && last.monotonic == last.at;
     },
     Ends::kAtOnce},
    {"clock_drift", "{ at: 1s, clock_drift: n1, by: 100000ppm, for: 2s }",
     [](const Faulty& w) {  // 200 questions in 2 s of its clock
       const std::size_t asked = w.diary.count(Note::kAsked, n1, kDuring);
       const Note last = w.diary.of(Note::kAsked, n1, kAll).back();
       return asked >= 219 && asked <= 220 && last.monotonic == last.at + 200_ms;
     }},
    {"clock_freeze", "{ at: 1s, clock_freeze: n1, for: 2s }",
     [](const Faulty& w) {
       const Note last = w.diary.of(Note::kAsked, n1, kAll).back();
       return w.diary.count(Note::kAsked, n1, kDuring) <= 1 && last.monotonic == last.at - 2_s &&
              last.wall == last.monotonic;
     }},
    // Disks.
    {"disk_slow", "{ at: 1s, disk_slow: n2, by: 5ms, for: 2s }",
     [](const Faulty& w) { return w.diary.slowest(kDuring) == kRoundTrip + 5_ms && !is_lost(w); }},
    {"disk_full", "{ at: 1s, disk_full: n2, for: 2s }", keeps_what_it_synced},
    {"disk_error", "{ at: 1s, disk_error: n2, chance: 100%, for: 2s }", keeps_what_it_synced},
    {"torn_write", "{ at: 1s, torn_write: n2, for: 2s }", keeps_what_it_synced},
    {"bit_rot", "{ at: 1s, bit_rot: n2, bits: 3 }", is_damaged, Ends::kAtOnce},
    {"sync_lies", "{ at: 1s, sync_lies: n2, for: 2s }",
     [](const Faulty& w) { return is_restarted_and_lost(w) && recovered(w) <= 100; }, Ends::kHealed,
     "{ at: 2s, crash: n2, for: 500ms }"},
    {"misdirect", "{ at: 1s, misdirect: n2, chance: 100%, for: 2s }", is_damaged},
    {"lose_tail", "{ at: 1s, lose_tail: n2, entries: 50, for: 2s }",
     [](const Faulty& w) {
       return is_restarted_and_lost(w) && recovered(w) >= 48 && recovered(w) <= 49;
     }},
    // What ends the others: this row's fault would go on to the end of the run.
    {"heal", "{ at: 3s, heal: all }", is_silent, Ends::kHealed, "{ at: 1s, isolate: n2 }"},
};

const Row* row_of(std::string_view fault) {
  for (const Row& row : kRows) {
    if (row.fault == fault) return &row;
  }
  return nullptr;
}

ChaosPlan plan_of(std::string_view entries) {
  const std::string text =
      fmt::format("name: row\nprotocol: raft\nnodes: {}\nspares: {}\nduration: 10s\nchaos:\n{}",
                  EchoWorld::kServers, EchoWorld::kSpares, entries);
  const ReadResult result = read_scenario("row.yaml", text, {});
  for (const ScenarioError& error : result.errors) ADD_FAILURE() << error.text();
  return result.scenario ? result.scenario->chaos : ChaosPlan{};
}

class EveryFault : public ::testing::TestWithParam<const FaultInfo*> {
 protected:
  void SetUp() override {
    row = row_of(GetParam()->name);
    ASSERT_NE(row, nullptr) << GetParam()->name << " has no row in the table of this test";
    std::string entries = fmt::format("  - {}\n", row->entry);
    if (!row->also.empty()) entries += fmt::format("  - {}\n", row->also);
    calm.run_until(Time{} + 6_s);
    faulty.emplace(plan_of(entries));
    faulty->run_until(Time{} + 6_s);
  }
  static Faulty seen_in(const EchoWorld& w) { return {w.diary(), w.world}; }
  const FaultRecord& record() const {
    const auto& all = faulty->chaos.records();
    return *std::find_if(all.begin(), all.end(),
                         [&](const FaultRecord& r) { return r.info == GetParam(); });
  }

  const Row* row = nullptr;
  EchoWorld calm{ChaosPlan{}};
  std::optional<EchoWorld> faulty;
};

TEST_P(EveryFault, DoesWhatItSaysAndIsRecorded) {
  EXPECT_TRUE(row->effect(seen_in(*faulty))) << "nothing to be seen of it";
  EXPECT_FALSE(row->effect({calm.diary(), calm.world})) << "to be seen without it, too";
  EXPECT_EQ(record().name, row->fault);
  EXPECT_FALSE(record().on.empty());
}

TEST_P(EveryFault, TouchesNobodyBesideIt) {
  for (const NodeId beside : {n3, n4}) {
    EXPECT_EQ(faulty->world.digest(beside), calm.world.digest(beside)) << to_text(beside);
    EXPECT_EQ(faulty->diary().count(Note::kBooted, beside, kAll), 1U);
  }
  EXPECT_NE(faulty->world.digest(), calm.world.digest());
  EXPECT_EQ(calm.diary().count(Note::kHeard, n1, kAfter), 200U);
}

TEST_P(EveryFault, EndsWhenItShould) {
  const Diary& diary = faulty->diary();
  const std::size_t heard = diary.count(Note::kHeard, n1, kAfter);
  if (row->ends == Ends::kForEver) {
    EXPECT_EQ(record().until, std::nullopt);
    EXPECT_EQ(heard, 0U);
    return;
  }
  EXPECT_GE(heard, 199U) << "questions answered in two seconds after it";
  EXPECT_LE(heard, 200U);
  EXPECT_EQ(diary.slowest({4_s, 5_s}), kRoundTrip);
  EXPECT_EQ(diary.lost({4_s, 5_s}), 0U);
  EXPECT_EQ(diary.twice(kAfter), 0U);
  EXPECT_EQ(diary.overtaken(kAfter), 0U);
  if (row->ends == Ends::kAtOnce || GetParam() == &faults::kHeal) {
    EXPECT_EQ(record().until, std::nullopt);
  } else {
    EXPECT_EQ(record().at, Time{} + 1_s);
    EXPECT_EQ(record().until, Time{} + 3_s);
  }
}

std::string name_of_fault(const ::testing::TestParamInfo<const FaultInfo*>& info) {
  return std::string(info.param->name);
}
INSTANTIATE_TEST_SUITE_P(Faults, EveryFault,
                         ::testing::ValuesIn(all_faults().begin(), all_faults().end()),
                         name_of_fault);

TEST(FaultTable, HasNoRowOfAFaultThatIsNone) {
  for (const Row& row : kRows) {
    EXPECT_TRUE(std::any_of(all_faults().begin(), all_faults().end(), [&](const FaultInfo* f) {
      return f->name == row.fault;
    })) << row.fault;
  }
}

// --- beyond the table

/// Of what was being synced a torn crash leaves some; a plain one leaves nothing.
TEST(TornWrite, LeavesAPart) {
  const auto left = [](std::string_view fault) {
    EchoWorld w(
        plan_of(fmt::format("  - {{ at: 500ms, disk_slow: n2, by: 100ms, for: 1s }}\n"
                            "  - {{ at: 1s, {}: n2, for: 2s }}\n",
                            fault)));
    w.run_until(Time{} + 4_s);
    return recovered({w.diary(), w.world});
  };
  EXPECT_GT(left("torn_write"), left("crash"));
}

TEST(SkewedRestart, ComesBackWithOtherClocks) {
  EchoWorld w(plan_of("  - { at: 1s, crash: n1, for: 1s, skew: 50ms }\n"));
  w.run_until(Time{} + 3_s);
  const Note last = w.diary().of(Note::kAsked, n1, {2_s, 3_s}).back();
  EXPECT_NE(last.monotonic, last.at);
  EXPECT_LE(last.monotonic, last.at + 50_ms);
  EXPECT_GE(last.monotonic, last.at - 50_ms);
  EXPECT_EQ(last.wall, last.monotonic);
  EXPECT_EQ(w.world.clock(n2).offset, Duration{});
}

TEST(Selectors, SomeOfAGroupOrARoleAndShares) {
  const std::string head =
      "name: s\nprotocol: raft\ngroups: [{ name: east, count: 4, role: server }, { name: west, "
      "count: 6 }]\nduration: 10s\nchaos:\n";
  const auto hit = [&](std::string_view who, std::uint64_t seed) {
    const ReadResult result = read_scenario(
        "s.yaml", fmt::format("{}  - {{ at: 1s, pause: {}, for: 1s }}\n", head, who), {});
    for (const ScenarioError& error : result.errors) ADD_FAILURE() << error.text();
    World world(EchoWorld::config(), 10);
    const auto echo = std::make_shared<const testing::Echo>(std::make_shared<Diary>());
    for (int i = 0; i < 10; ++i) world.add_node({echo});
    Rng rng(seed);
    return resolve(result.scenario->chaos[0].one_of[0].who, world, rng);
  };
  std::set<NodeId> met;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const std::vector<NodeId> some = hit("random(2 east)", seed);
    ASSERT_EQ(some.size(), 2U);
    met.insert(some.begin(), some.end());
    EXPECT_EQ(hit("random(25%)", seed).size(), 3U) << "rounded up";
    EXPECT_EQ(hit("random(50% west)", seed).size(), 3U);
    EXPECT_EQ(hit("random(100%)", seed).size(), 10U);
    EXPECT_TRUE(hit("random(2 followers)", seed).empty()) << "an echo has no roles";
  }
  EXPECT_EQ(met, (std::set<NodeId>{n1, n2, n3, n4}));
}

}  // namespace
}  // namespace seedbed
