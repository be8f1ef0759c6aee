#include "tests/protocols/raft/datadriven.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace seedbed::testing {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : line) {
    depth += (c == '(') - (c == ')');
    if (c != ' ' || depth > 0) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items;
  std::string item;
  for (const char c : std::string(list) + ",") {
    if (c == '(' || c == ')' || c == ' ') continue;
    if (c != ',') {
      item += c;
    } else if (!item.empty()) {
      items.push_back(std::exchange(item, {}));
    }
  }
  return items;
}

namespace {

void read_command(DataCase& c, const std::string& line) {
  for (const std::string& word : words_of(line)) {
    const std::size_t equals = word.find('=');
    if (c.command.empty()) {
      c.command = word;
    } else if (equals == std::string::npos) {
      c.words.push_back(word);
    } else {
      c.args[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
}

}  // namespace

std::vector<DataCase> read_datadriven(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::vector<DataCase> cases;
  enum { kBetween, kInput, kOutput } where = kBetween;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (where == kOutput) {
      if (line.empty()) where = kBetween;
      if (!line.empty()) cases.back().expected += line + "\n";
    } else if (line == "----") {
      where = kOutput;
    } else if (line.empty() || line.starts_with("#")) {
      continue;
    } else if (where == kInput) {
      cases.back().input.push_back(line);
    } else {
      where = kInput;
      cases.emplace_back();
      const std::string file = std::filesystem::path(path).filename().string();
      cases.back().at = file + ":" + std::to_string(number);
      read_command(cases.back(), line);
    }
  }
  EXPECT_FALSE(cases.empty()) << path;
  return cases;
}

}  // namespace seedbed::testing
