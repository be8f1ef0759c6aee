// Elle's own test cases: the same validity and the same types of anomalies, but for the exceptions
// below, each with its reason. They are not part of this tree (shared_folder()).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "sim/check/history/map_reader.h"
#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/readers.h"
#include "tests/support/shared_folder.h"

namespace seedbed::txn {
namespace {

using history::Value;

/// By Elle's number of the case. Where there are types, these are what ours finds.
struct Exception {
  std::string reason;
  std::string validity;
  std::set<std::string> types;
};
const std::map<std::int64_t, Exception>& exceptions() {
  static const std::map<std::int64_t, Exception> kExceptions = {
      {50,
       {"2 was written by nobody; Elle places it by the option :linearizable-keys?", "true", {}}},
      {60, {"the order is given by hand, by the option :transaction-order", "true", {}}},
      {73, {"y 1 was written by nobody; Elle places it by the option :wfr-keys?", "true", {}}}};
  return kExceptions;
}

std::set<std::string> words_of(const Value* list) {
  std::set<std::string> words;
  if (list != nullptr) {
    for (const Value& v : list->items()) words.emplace(v.text());
  }
  return words;
}

/// What a case asks for: types by name, and what a level forbids.
class Asked {
 public:
  explicit Asked(const Value* options) {
    const Value* anomalies = options->get("anomalies");
    const Value* models = options->get("consistency-models");
    for (const std::string& name : words_of(anomalies)) {
      static const std::map<std::string, std::set<std::string>> kGroups = {
          {"G1", {"G1a", "G1b", "G1c", "incompatible-order"}},
          {"G2", {"G2-item"}},
          {"G-single", {"G-single-item"}}};
      const auto group = kGroups.find(name);
      if (group == kGroups.end()) {
        types_.insert(name);
      } else {
        types_.insert(group->second.begin(), group->second.end());
      }
    }
    std::set<std::string> levels = words_of(models);
    if (models == nullptr && anomalies == nullptr) levels.insert("strict-serializable");
    for (const std::string& name : levels) {
      if (name == "read-uncommitted") {
        types_.insert({"G0", "duplicate-elements", "incompatible-order"});
      } else {
        const Level* level = level_named(name);
        EXPECT_NE(level, nullptr) << name;
        if (level != nullptr) levels_.push_back(*level);
      }
    }
  }

  bool forbids(const Anomaly& a) const {
    if (types_.count(a.type) != 0) return true;
    for (const Level& level : levels_) {
      if (a.type.ends_with("-realtime") && level.added != Added::kRealTime) continue;
      if (a.type.ends_with("-process") && level.added == Added::kNothing) continue;
      if (a.breaks <= level.axioms) return true;
    }
    return false;
  }

 private:
  std::set<std::string> types_;
  std::vector<Level> levels_;
};

std::string validity_of(const Value& v) {
  if (v.is_boolean()) return v.integer() != 0 ? "true" : "false";
  return std::string(v.text());
}

void check_case(const Value& map) {
  const std::int64_t id = map.get("id")->integer();
  JepsenOptions options;
  if (map.get("workload")->is("list-append")) options.model = Model::kList;
  const std::string ops = history::to_text(*map.get("history"), 10'000'000);
  const History history = read_jepsen(ops, history::Syntax::kEdn, options);
  const Asked asked(map.get("opts"));
  std::set<std::string> types;
  for (const Anomaly& a : find_anomalies(history)) {
    if (asked.forbids(a)) types.insert(a.type);
  }
  std::string validity = types.empty() ? "true" : "false";
  std::set<std::string> expected = words_of(map.get("anomaly-types"));
  std::string expected_validity = validity_of(*map.get("valid?"));
  if (expected.erase("empty-transaction-graph") > 0 && expected_validity == "unknown") {
    // Elle doubts a history without any dependency; ours has judged it.
    expected_validity = "true";
  }
  if (const auto other = exceptions().find(id); other != exceptions().end()) {
    EXPECT_TRUE(expected != other->second.types || expected_validity != other->second.validity)
        << id << " is no exception any more";
    expected = other->second.types;
    expected_validity = other->second.validity;
  }
  EXPECT_EQ(types, expected) << "case " << id << "\n" << ops;
  EXPECT_EQ(validity, expected_validity) << "case " << id << "\n" << ops;
}

TEST(ElleCases, SameValidityAndTypes) {
  const std::string path = testing::shared_folder() + "/histories/elle/unit_test_cases.public.edn";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "Elle's test cases are not there: " << path
                 << "; the environment variable SEEDBED_SHARED names the folder above";
  }
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  int cases = 0;
  history::for_each_map(text, history::Syntax::kEdn, [&](const Value& map) {
    ++cases;
    check_case(map);
  });
  EXPECT_EQ(cases, 39);
}

}  // namespace
}  // namespace seedbed::txn
