// EDN and JSON: what is read, and what is said of what cannot be.
#include "sim/check/history/map_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seedbed::history {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> maps_of(std::string_view text, Syntax syntax = Syntax::kEdn) {
  std::vector<std::string> maps;
  for_each_map(text, syntax, [&](const Value& map) { maps.push_back(to_text(map)); });
  return maps;
}

/// "LINE:COLUMN: what is wrong".
std::string error_of(std::string_view text, Syntax syntax = Syntax::kEdn) {
  try {
    for_each_map(text, syntax, [](const Value&) {});
  } catch (const BadHistory& e) {
    const Place place = place_of(text, e.offset());
    return std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + e.what();
  }
  return "none";
}

TEST(Edn, MapsOneALineOrInAVectorOrInAList) {
  const auto two = ElementsAre("{:a 1}", "{:b [2 3]}");
  EXPECT_THAT(maps_of("{:a 1}\n{:b [2 3]}\n"), two);
  EXPECT_THAT(maps_of("[{:a 1} {:b [2 3]}]"), two);
  EXPECT_THAT(maps_of("({:a 1}, {:b (2 3)})"), two);
  EXPECT_THAT(maps_of(" \n; nothing\n"), IsEmpty());
}

TEST(Edn, EveryKindOfValue) {
  EXPECT_THAT(maps_of("{:k nil, k true, \"s\" false, 1 -2, +3 4N, 5.5e3 1/2}"),
              ElementsAre("{:k nil, k true, \"s\" false, 1 -2, 3 4, 5.5e3 1/2}"));
  EXPECT_THAT(maps_of("{:k 9223372036854775808, :a/b #{1 2} \\a ##Inf}"),
              ElementsAre("{:k 9223372036854775808, :a/b #{1 2}, \"a\" Inf}"));
}

TEST(Edn, WhatSaysNothingIsLeftOut) {
  EXPECT_THAT(maps_of("; one\n{:a ; two\n 1 #_:b #_[2 3] #_#_4 5}#_{:c 1}"), ElementsAre("{:a 1}"));
  EXPECT_THAT(maps_of("#jepsen.history.Op{:t #inst \"2020\", ^{:m 1} :v 1}"),
              ElementsAre("{:t \"2020\", :v 1}"));
}

TEST(Edn, EscapesInStrings) {
  std::string text;
  for_each_map(R"({:a "x\"y\\\n\u00e9"})", Syntax::kEdn,
               [&](const Value& map) { text = map.get("a")->text(); });
  EXPECT_EQ(text, "x\"y\\\n\u00e9");
}

TEST(Edn, ErrorsSayWhere) {
  EXPECT_EQ(error_of("{:a 1}\n{:b 2"), "2:1: this map never ends");
  EXPECT_EQ(error_of("{:a 1}\n {:b]"), "2:5: the end of a list inside of a map");
  EXPECT_EQ(error_of("}"), "1:1: the end of a map that never began");
  EXPECT_EQ(error_of("{:a}"), "1:1: a map whose last key has no value");
  EXPECT_EQ(error_of("{:a \"b}"), "1:5: this string never ends");
  EXPECT_EQ(error_of("{:a \"\\u12\"}"), "1:6: a \\u wants four hexadecimal digits");
  EXPECT_EQ(error_of("[{:a 1} 7]"), "1:9: expected an operation, which is a map; found 7");
  EXPECT_EQ(error_of("{:a #}"), "1:5: a '#' by itself");
  EXPECT_EQ(error_of("{:a ##}"), "1:7: a '##' by itself");
  EXPECT_EQ(error_of("{:a #_}"), "1:7: nothing follows that could be left out");
  EXPECT_EQ(error_of(std::string(100, '{')), "1:65: more than 64 values within one another");
}

TEST(Json, MapsOneALineOrInAnArray) {
  const auto two = ElementsAre(R"({"a" 1, "b" [2 nil]})", R"({"c" "d"})");
  EXPECT_THAT(maps_of(R"([{"a":1,"b":[2,null]},{"c":"d"}])", Syntax::kJson), two);
  EXPECT_THAT(maps_of("{\"a\":1,\"b\":[2,null]}\n{\"c\":\"d\"}\n", Syntax::kJson), two);
  EXPECT_THAT(maps_of(" \n", Syntax::kJson), IsEmpty());
  EXPECT_THAT(maps_of(R"({"a":18446744073709551615,"b":-1.5,"c":true})", Syntax::kJson),
              ElementsAre(R"({"a" 18446744073709551615, "b" -1.5, "c" true})"));
}

TEST(Json, ErrorsSayWhere) {
  EXPECT_EQ(error_of("{\"a\":1}\n{\"b\" 2}", Syntax::kJson), "2:7: no JSON: '2'");
  EXPECT_EQ(error_of("[{\"a\":1}", Syntax::kJson), "1:9: the JSON ends too early");
  EXPECT_EQ(error_of("[3]", Syntax::kJson), "1:3: expected an operation, which is a map; found 3");
  EXPECT_EQ(error_of(std::string(100, '['), Syntax::kJson),
            "1:65: more than 64 values within one another");
}

TEST(Value, TheSameInEdnAndInJson) {
  Arena arena;
  std::vector<Value> values;
  const auto keep = [&](const Value& map) { values.push_back(arena.copy(map)); };
  for_each_map("{:type :ok, :value [1 [\"x\" nil]]}", Syntax::kEdn, keep);
  for_each_map(R"({"type":"ok","value":[1,["x",null]]})", Syntax::kJson, keep);
  for_each_map(R"({"type":"ok","value":[1,["x",0]]})", Syntax::kJson, keep);
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0], values[1]);
  EXPECT_EQ(hash_of(values[0]), hash_of(values[1]));
  EXPECT_FALSE(values[1] == values[2]);
}

}  // namespace
}  // namespace seedbed::history
