#include "tests/support/script_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/support/scenarios.h"

namespace seedbed::testing {

namespace {

constexpr std::string_view kMark = "VIOLATION ";

std::string folder_of(std::string_view protocol) {
  return fmt::format("{}/tests/protocols/{}/testdata", SEEDBED_SOURCE_DIR, protocol);
}

/// "VIOLATION log_matching: ..." as "log_matching"; "" where a script shows none.
std::string first_violation(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kMark)) {
      return line.substr(kMark.size(), line.find(':') - kMark.size());
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> script_files(std::string_view protocol) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(protocol))) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string script_name(const std::string& path) {
  return test_name(std::filesystem::path(path).stem().string());
}

void expect_mutants_shown(const Protocol& protocol) {
  for (const MutantInfo& mutant : protocol.mutants) {
    const std::string path = fmt::format("{}/mutant-{}.txt", folder_of(protocol.name), mutant.name);
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
    const bool by_invariant =
        std::any_of(protocol.invariants.begin(), protocol.invariants.end(),
                    [&](const InvariantInfo& i) { return i.name == mutant.dies_by; });
    if (by_invariant) {
      EXPECT_EQ(first_violation(path), mutant.dies_by) << path;
    }
  }
}

void expect_correct_unbroken(const Protocol& protocol) {
  for (const std::string& path : script_files(protocol.name)) {
    std::ifstream in(path);
    bool broken = false;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("cluster ")) broken = line.find(" mutant=") != std::string::npos;
      EXPECT_FALSE(!broken && line.starts_with(kMark)) << path << ": " << line;
    }
  }
}

}  // namespace seedbed::testing
