// The rules of ring maintenance by themselves, without messages: every step is atomic and knows at
// once who is dead, as in Zave's models; all that can be reached is looked at. Five identifiers,
// successor lists of two. The original comes apart; with a stable base of three members the
// corrected rules never do (Zave 2012; 2017, section 6).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "protocols/chord/successors.h"

namespace seedbed::chord {
namespace {

constexpr std::uint32_t kNodes = 5;
constexpr std::uint32_t kListed = 2;
using List = std::vector<NodeId>;

struct Member {
  NodeId predecessor;
  List list;
  auto operator<=>(const Member&) const = default;
};
/// n1 to n5, whose identifiers are 0 to 4.
using Ring = std::array<std::optional<Member>, kNodes>;

const Circle& circle() {
  static const Circle kCircle(3, 0, false);
  return kCircle;
}
Id id_of(NodeId n) { return circle().id_of(n); }
bool between(NodeId a, NodeId x, NodeId b) {
  return circle().between(id_of(a), id_of(x), id_of(b));
}
const std::optional<Member>& at(const Ring& ring, NodeId n) { return ring[n.value - 1]; }
std::optional<Member>& at(Ring& ring, NodeId n) { return ring[n.value - 1]; }
List list_of(NodeId self, List heads, const List& rest) {
  return successor_list(circle(), id_of(self), kListed, heads, rest);
}

/// The first that lives; in the original a list that is not full has come round to the node itself.
NodeId best(const Ring& ring, NodeId n, bool corrected) {
  const List& list = at(ring, n)->list;
  for (const NodeId s : list) {
    if (at(ring, s)) return s;
  }
  return list.size() < kListed && !corrected ? n : NodeId{};
}

std::string verdict(const Ring& ring, bool corrected = false) {
  std::set<std::set<NodeId>> rings;
  for (std::uint32_t n = 1; n <= kNodes; ++n) {
    NodeId on{n};
    if (!at(ring, on)) continue;
    for (std::uint32_t i = 0; i < kNodes && on; ++i) on = best(ring, on, corrected);
    if (!on) return "";  // a crash has left somebody with nobody: ruled out
    std::set<NodeId> met;
    for (NodeId m = on; met.insert(m).second;) m = best(ring, m, corrected);
    rings.insert(met);
  }
  if (rings.size() > 1) return "two rings";
  int back = 0;
  for (const NodeId n : *rings.begin()) back += best(ring, n, corrected) <= n ? 1 : 0;
  return back > 1 ? "disordered" : "";
}

struct Step {
  std::string name;
  Ring after;
};
using Steps = std::vector<Step>;
void add(Steps& steps, std::string_view what, NodeId n, const Ring& ring, NodeId changed,
         Member member) {
  Ring after = ring;
  at(after, changed) = std::move(member);
  steps.push_back({fmt::format("{} {}", what, n.value - 1), after});
}

/// Who stands before `n` as far as the members know takes it for its successor's successor.
void join(Steps& steps, const Ring& ring, NodeId n, bool corrected) {
  for (std::uint32_t m = 1; m <= kNodes; ++m) {
    const NodeId p{m};
    if (!at(ring, p)) continue;
    const Member& before = *at(ring, p);
    if (corrected) {
      if (between(p, n, before.list.front())) {
        add(steps, "join", n, ring, n, {p, list_of(n, {}, before.list)});
      }
    } else if (const NodeId s = best(ring, p, false); s && between(p, n, s)) {
      add(steps, "join", n, ring, n, {{}, list_of(n, {s}, at(ring, s)->list)});
    }
  }
}

void stabilize(Steps& steps, const Ring& ring, NodeId n, bool corrected) {
  const Member& me = *at(ring, n);
  const NodeId s = me.list.empty() ? n : me.list.front();
  const Member& next = *at(ring, s);
  const NodeId x = next.predecessor;
  const bool nearer = x && x != n && between(n, x, s);
  const List adopted = me.list.empty() ? List{} : list_of(n, {s}, next.list);
  if (corrected) {
    add(steps, "stabilize", n, ring, n, {me.predecessor, adopted});
    if (nearer && at(ring, x)) {
      add(steps, "candidate", n, ring, n, {me.predecessor, list_of(n, {x}, at(ring, x)->list)});
    }
  } else {
    add(steps, "stabilize", n, ring, n,
        {me.predecessor, nearer ? list_of(n, {x, s}, next.list) : adopted});
  }
  const bool makes_way = !x || between(x, n, s) || (corrected && !at(ring, x));
  if (s != n && makes_way) add(steps, "notify", n, ring, s, {n, next.list});
}

/// No failure leaves a member with a full list of the dead.
bool may_fail(const Ring& ring, NodeId n, bool corrected) {
  Ring after = ring;
  at(after, n).reset();
  bool anybody = false;
  for (std::uint32_t m = 1; m <= kNodes; ++m) {
    if (!at(after, NodeId{m})) continue;
    anybody = true;
    if (!best(after, NodeId{m}, corrected)) return false;
  }
  return anybody;
}

Steps steps_of(const Ring& ring, const std::set<NodeId>& base) {
  const bool corrected = !base.empty();
  Steps steps;
  for (std::uint32_t i = 1; i <= kNodes; ++i) {
    const NodeId n{i};
    if (!at(ring, n)) {
      join(steps, ring, n, corrected);
      continue;
    }
    const Member& me = *at(ring, n);
    if (!base.contains(n) && may_fail(ring, n, corrected)) {
      steps.push_back({fmt::format("fail {}", i - 1), ring});
      at(steps.back().after, n).reset();
    }
    if (!me.list.empty() && !at(ring, me.list.front())) {
      const List rest(me.list.begin() + 1, me.list.end());
      if (!rest.empty() || !corrected) add(steps, "update", n, ring, n, {me.predecessor, rest});
    } else {
      stabilize(steps, ring, n, corrected);
    }
    const bool dead = me.predecessor && !at(ring, me.predecessor);
    if (!corrected && dead) add(steps, "flush", n, ring, n, {{}, me.list});
  }
  return steps;
}

Ring ideal(const std::set<NodeId>& members) {
  Ring ring;
  const List all(members.begin(), members.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const NodeId before = all[(i + all.size() - 1) % all.size()];
    const List after = {all[(i + 1) % all.size()], all[(i + 2) % all.size()]};
    at(ring, all[i]) = Member{before, list_of(all[i], {}, after)};
  }
  return ring;
}

struct Explored {
  std::size_t states = 0;
  std::map<std::string, std::vector<std::string>> broken;  // how, and the shortest way there
};
Explored explore(const Ring& start, const std::set<NodeId>& base, std::size_t most) {
  std::map<Ring, std::pair<Ring, std::string>> seen{{start, {}}};
  std::deque<Ring> open{start};
  Explored found;
  while (!open.empty() && seen.size() < most) {
    const Ring ring = open.front();
    open.pop_front();
    for (Step& step : steps_of(ring, base)) {
      if (!seen.try_emplace(step.after, ring, step.name).second) continue;
      const std::string wrong = verdict(step.after, !base.empty());
      if (wrong.empty()) {
        open.push_back(step.after);
      } else if (!found.broken.contains(wrong)) {
        auto& trace = found.broken[wrong];
        for (Ring r = step.after; r != start; r = seen.at(r).first) {
          trace.insert(trace.begin(), seen.at(r).second);
        }
      }
    }
  }
  found.states = seen.size();
  return found;
}

/// Runs the steps of these names, one after the other.
Ring after(Ring ring, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const Steps steps = steps_of(ring, {});
    const auto step =
        std::find_if(steps.begin(), steps.end(), [&](const Step& s) { return s.name == name; });
    EXPECT_NE(step, steps.end()) << name << " is not possible";
    if (step != steps.end()) ring = step->after;
  }
  return ring;
}

TEST(ChordMaintenance, ZavesTraceOfTenStepsDisordersTheOriginalRing) {
  const std::vector<std::string> trace = {"join 2", "fail 1",   "update 0",
                                          "join 1", "notify 2", "stabilize 0",
                                          "join 3", "notify 3", "stabilize 1"};
  const Ring ring = after(ideal({{1}, {2}}), trace);
  EXPECT_EQ(verdict(ring), "");
  EXPECT_EQ(verdict(after(ring, {"fail 0"})), "disordered");
}

TEST(ChordMaintenance, ARingOfTwoAndARejoinMakeTwoRingsOfTheOriginal) {
  EXPECT_EQ(verdict(after(ideal({{1}, {2}}), {"fail 0", "update 1", "join 0", "join 2", "fail 1",
                                              "update 0", "update 2"})),
            "two rings");
}

TEST(ChordMaintenance, TheOriginalComesToTwoRings) {
  const Explored found = explore(ideal({{1}, {2}}), {}, 5'000);
  ASSERT_TRUE(found.broken.contains("two rings"));
  EXPECT_LE(found.broken.at("two rings").size(), 7U);
}

/// All that can be reached, for each choice of the base: some 800 states.
TEST(ChordMaintenance, AStableBaseOfThreeKeepsTheCorrectedRingWhole) {
  for (std::uint32_t out = 1; out <= kNodes; ++out) {
    for (std::uint32_t other = out + 1; other <= kNodes; ++other) {
      std::set<NodeId> base;
      for (std::uint32_t n = 1; n <= kNodes; ++n) {
        if (n != out && n != other) base.insert({n});
      }
      const Explored found = explore(ideal(base), base, 100'000);
      EXPECT_TRUE(found.broken.empty());
      const bool neighbours = other == out + 1 || (out == 1 && other == kNodes);
      EXPECT_EQ(found.states, neighbours ? 771U : 840U);
    }
  }
}

}  // namespace
}  // namespace seedbed::chord
