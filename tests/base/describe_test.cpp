#include "sim/base/describe.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "sim/base/text.h"

namespace seedbed {
namespace {

enum class Colour : std::uint8_t { kRed, kBlue };
constexpr std::string_view name_of(Colour c) { return c == Colour::kRed ? "red" : "blue"; }

struct Inner {
  NodeId node;
  bool flag = false;
  constexpr void describe(auto& d) const { d("node", node)("flag", flag); }
};
struct Everything {
  static constexpr auto kName = "Everything";
  std::int32_t number = 0;
  Colour colour = Colour::kRed;
  Duration span;
  std::string text;
  std::vector<Inner> list;
  std::array<std::uint8_t, 3> fixed{};
  std::optional<std::uint64_t> maybe;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> map;
  constexpr void describe(auto& d) const {
    d("number", number)("colour", colour)("span", span)("text", text)("list", list)("fixed", fixed)(
        "maybe", maybe)("map", map);
  }
};
struct Mapped {
  std::map<std::string, std::vector<std::string>> map;
  constexpr void describe(auto& d) const { d("map", map); }
};
struct ForgetsAField {
  int a = 0;
  int b = 0;
  constexpr void describe(auto& d) const { d("a", a); }
};
struct NamesAFieldTwice {
  int a = 0;
  constexpr void describe(auto& d) const { d("a", a)("a", a); }
};

static_assert(Described<Everything>);
static_assert(Described<Inner>);
static_assert(Described<Mapped>);
static_assert(!Described<ForgetsAField>);
static_assert(!Described<NamesAFieldTwice>);

Everything sample() {
  return {-7, Colour::kBlue, 150_ms, "hi", {{NodeId{2}, true}}, {1, 2, 3}, 9, {{1, 2}}};
}

std::uint64_t digest_of(const Everything& e) {
  Digester digester;
  e.describe(digester);
  return digester.hash();
}

TEST(Describe, TextShowsEveryField) {
  EXPECT_EQ(to_text(sample()),
            "Everything number=-7 colour=blue span=150ms text=\"hi\" "
            "list=[{node=n2 flag=true}] fixed=[1 2 3] maybe=9 map=[1:2]");
}

TEST(Describe, EveryFieldMovesTheDigest) {
  const std::uint64_t digest = digest_of(sample());
  const auto differs = [&](auto change) {
    Everything e = sample();
    change(e);
    EXPECT_NE(digest_of(e), digest);
  };
  differs([](Everything& e) { e.number = 7; });
  differs([](Everything& e) { e.colour = Colour::kRed; });
  differs([](Everything& e) { e.span = 151_ms; });
  differs([](Everything& e) { e.text = "ho"; });
  differs([](Everything& e) { e.list[0].flag = false; });
  differs([](Everything& e) { e.list.emplace_back(); });
  differs([](Everything& e) { e.fixed[2] = 4; });
  differs([](Everything& e) { e.maybe.reset(); });
  differs([](Everything& e) { e.map[0].second = 3; });
  EXPECT_EQ(digest_of(sample()), digest);
}

TEST(Describe, TheDigestIsTheSameOnEveryMachine) {
  EXPECT_EQ(digest_of(sample()), 0xb89a1a54189cdd1cULL);
}

TEST(Describe, WireSizeCountsIntegersAtTheirWidth) {
  Digester digester;
  sample().describe(digester);
  // 4 + 1 + 8, text 4 + 2, list 4 + (4 + 1), array 4 + 3, optional 1 + 8, map 4 + 8
  EXPECT_EQ(digester.bytes(), 4U + 1 + 8 + 6 + 9 + 7 + 9 + 12);
}

}  // namespace
}  // namespace seedbed
