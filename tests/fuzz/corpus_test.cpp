// What the fuzzer has found so far, and every scenario of the repository, once more.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

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

}  // namespace
}  // namespace seedbed
