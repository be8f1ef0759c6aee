// The JSON Schema knows exactly the keys that the reader knows. Both sides are asked: the schema by
// walking it; the reader by what it says when it meets a key that cannot be.
#include <gtest/gtest.h>
#include <regex.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/chaos/fault.h"
#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;
using Json = nlohmann::json;
using Keys = std::set<std::string>;

const Json& schema() {
  static const Json kSchema = Json::parse(scenario_schema());
  return kSchema;
}

Keys keys_of(const Json& properties) {
  Keys keys;
  for (const auto& [key, value] : properties.items()) {
    if (value != Json(false)) keys.insert(key);
  }
  return keys;
}

/// The keys that the reader allows in the map at `path`, by its own words.
Keys keys_known_at(const std::string& path, const std::vector<Setting>& before) {
  constexpr std::string_view kStranger = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
  std::vector<Setting> settings = before;
  settings.push_back({path + std::string(path.empty() ? "" : ".") + std::string(kStranger), "1"});
  for (const ScenarioError& e : read(raft("nodes: 9\n"), settings).errors) {
    if (!e.path.ends_with(kStranger)) continue;
    const std::string marker = "allowed are ";
    const std::size_t begin = e.message.find(marker);
    if (begin == std::string::npos) continue;
    Keys keys;
    std::istringstream list(e.message.substr(begin + marker.size()));
    for (std::string key; std::getline(list, key, ',');) {
      keys.insert(key.substr(key.find_first_not_of(' ')));
    }
    return keys;
  }
  ADD_FAILURE() << "the reader does not complain at " << path;
  return {};
}

/// The first part of a shape that is a map; null where there is none.
const Json* map_of(const Json& shape) {
  if (shape.contains("$ref")) {
    return map_of(schema().at(Json::json_pointer(shape["$ref"].get<std::string>().substr(1))));
  }
  if (shape.contains("properties")) return &shape;
  if (!shape.contains("anyOf")) return nullptr;
  for (const Json& part : shape["anyOf"]) {
    if (const Json* found = map_of(part)) return found;
  }
  return nullptr;
}

/// Compares the keys of every map below `shape`, but for chaos, whose keys depend on the fault.
void compare(const Json& shape, const std::string& path, int& compared) {
  const Json* map = map_of(shape);
  if (map == nullptr) {
    if (shape.contains("items")) compare(shape["items"], path + "[0]", compared);
    return;
  }
  ++compared;
  EXPECT_EQ(keys_of((*map)["properties"]), keys_known_at(path, {})) << path;
  EXPECT_EQ((*map)["additionalProperties"], Json(false)) << path;
  for (const auto& [key, value] : (*map)["properties"].items()) {
    if (path.empty() && (key == "chaos" || key == "with")) continue;
    compare(value, path.empty() ? key : path + "." + key, compared);
  }
}

TEST(Schema, KnowsTheKeysThatTheReaderKnows) {
  int compared = 0;
  compare(schema(), "", compared);
  EXPECT_GE(compared, 15);
}

TEST(Schema, KnowsEachProtocolsParameters) {
  int compared = 0;
  for (const Json& rule : schema()["allOf"]) {
    if (!rule.contains("if")) continue;
    const std::string name = rule["if"]["properties"]["protocol"]["const"];
    const Json& then = rule["then"]["properties"];
    ASSERT_NE(find_protocol(name), nullptr);
    const Keys expected =
        then["with"].contains("properties") ? keys_of(then["with"]["properties"]) : Keys{};
    if (!expected.empty()) {
      EXPECT_EQ(expected, keys_known_at("with", {{"protocol", name}})) << name;
    }
    EXPECT_EQ(expected.size(), find_protocol(name)->parameters.size());
    EXPECT_EQ(then["with"]["additionalProperties"], Json(false));
    ++compared;
  }
  EXPECT_EQ(static_cast<std::size_t>(compared), all_protocols().size());
}

/// By fault: the rule of an entry's schema that speaks of it.
std::map<std::string, Json> rules_by_fault(const Json& entry) {
  std::map<std::string, Json> rules;
  for (const Json& rule : entry["allOf"]) {
    if (rule.contains("if")) rules[rule["if"]["required"][0]] = rule["then"];
  }
  return rules;
}

TEST(Schema, KnowsEachFaultsKeys) {
  const Json& entry = schema()["properties"]["chaos"]["items"];
  const Json& alone = entry["properties"]["one_of"]["items"];
  const Keys timing = {"at", "every", "from", "until", "id", "keep"};
  const auto rules = rules_by_fault(entry);
  const auto rules_alone = rules_by_fault(alone);
  for (const FaultInfo* info : all_faults()) {
    const std::string name(info->name);
    ASSERT_TRUE(rules.contains(name));
    Keys keys = keys_of(rules.at(name)["properties"]);
    EXPECT_EQ(keys, keys_of(rules_alone.at(name)["properties"]));
    EXPECT_EQ(keys, keys_known_at("chaos[0].one_of[0]", {{"chaos[0].one_of[0]." + name, "1"}}));
    keys.insert(timing.begin(), timing.end());
    EXPECT_EQ(keys, keys_known_at("chaos[0]", {{"chaos[0]." + name, "1"}})) << name;
    for (const std::string& key : keys) EXPECT_TRUE(entry["properties"].contains(key)) << key;
  }
  Keys actions;
  for (const Protocol* p : all_protocols()) {
    for (const ProtocolAction& action : p->actions) actions.emplace(action.name);
  }
  // And `at`, which excludes `every`.
  EXPECT_EQ(rules.size(), all_faults().size() + actions.size() + 1);
}

TEST(Schema, NamesWhatThereIs) {
  Keys protocols;
  for (const Protocol* p : all_protocols()) protocols.emplace(p->name);
  const Json& names = schema()["properties"]["protocol"]["enum"];
  EXPECT_EQ(Keys(names.begin(), names.end()), protocols);
  EXPECT_EQ(schema()["required"], Json::array({"protocol"}));
  EXPECT_EQ(schema()["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema()["additionalProperties"], Json(false));
  EXPECT_FALSE(schema()["properties"]["network"]["properties"]["loss"]["description"]
                   .get<std::string>()
                   .empty());
}

/// All patterns below a shape.
void collect_patterns(const Json& shape, Keys& patterns) {
  if (shape.is_object() && shape.contains("pattern")) patterns.insert(shape["pattern"]);
  if (!shape.is_structured()) return;
  for (const Json& child : shape) collect_patterns(child, patterns);
}

/// Our patterns mean the same in ECMA-262 and in POSIX.
bool matches(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  const int failed = regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB);
  EXPECT_EQ(failed, 0) << pattern;
  if (failed != 0) return false;
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

TEST(Schema, PatternsAreRegularExpressions) {
  Keys patterns;
  collect_patterns(schema(), patterns);
  EXPECT_GE(patterns.size(), 8U);
  for (const std::string& pattern : patterns) EXPECT_FALSE(matches(pattern, "")) << pattern;
  const Json& properties = schema()["properties"];
  const std::string range = properties["disk"]["properties"]["sync"]["pattern"];
  EXPECT_TRUE(matches(range, "0.5ms..2ms"));
  EXPECT_TRUE(matches(range, "2min"));
  EXPECT_FALSE(matches(range, "2"));
  const std::string name = properties["name"]["pattern"];
  EXPECT_TRUE(matches(name, "isolated-leader-2"));
  EXPECT_FALSE(matches(name, "Isolated"));
}

}  // namespace
}  // namespace seedbed
