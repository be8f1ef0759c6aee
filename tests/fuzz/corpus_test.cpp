// What the fuzzer has found so far, and every scenario of the repository, once more.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/base/rng.h"
#include "tests/fuzz/history_input.h"
#include "tests/fuzz/scenario_input.h"

namespace seedbed {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// How many files below `folder` were tried.
std::size_t try_all(const fs::path& folder) {
  std::size_t tried = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    EXPECT_NO_THROW(fuzz::try_scenario(slurp(entry.path())));
    ++tried;
  }
  return tried;
}

TEST(Corpus, WhatTheFuzzerFoundIsReadAgain) {
  EXPECT_GT(try_all(fs::path(SEEDBED_SOURCE_DIR) / "tests/fuzz/corpus"), 0U);
}

TEST(Corpus, BrokenAndGoodScenariosKeepTheReadersPromises) {
  EXPECT_GT(try_all(fs::path(SEEDBED_SOURCE_DIR) / "tests/scenario/broken"), 30U);
  EXPECT_GT(try_all(fs::path(SEEDBED_SOURCE_DIR) / "scenarios"), 30U);
}

/// The histories kept for the fuzzer.
std::vector<std::string> histories() {
  std::vector<std::string> texts;
  const fs::path folder = fs::path(SEEDBED_SOURCE_DIR) / "tests/fuzz/histories";
  for (const auto& entry : fs::directory_iterator(folder)) texts.push_back(slurp(entry.path()));
  std::sort(texts.begin(), texts.end());
  return texts;
}

TEST(Corpus, HistoriesKeepTheReadersPromises) {
  EXPECT_GT(histories().size(), 5U);
  for (const std::string& text : histories()) EXPECT_NO_THROW(fuzz::try_history(text)) << text;
}

TEST(Corpus, TruncatedAndDamagedHistoriesDoToo) {
  const std::vector<std::string> texts = histories();
  Rng rng(1);
  for (int i = 0; i < 3'000; ++i) {
    std::string text = texts[rng.below(texts.size())];
    for (std::uint64_t damages = rng.below(4); damages > 0 && !text.empty(); --damages) {
      const std::size_t at = rng.below(text.size());
      switch (rng.below(4)) {
        case 0: text.resize(at); break;
        case 1: text[at] = static_cast<char>(rng.below(256)); break;
        case 2: text.erase(at, 1 + rng.below(20)); break;
        default: text.insert(at, text.substr(text.size() / 2, 30)); break;
      }
    }
    ASSERT_NO_THROW(fuzz::try_history(text)) << text;
  }
}

}  // namespace
}  // namespace seedbed
