// The real program, as a user or a script starts it.
//
//   const Outcome o = seedbed("run scenario.yaml --json");
//   EXPECT_EQ(o.code, 0) << o.err;
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace seedbed::testing {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs a shell command in the root of the sources.
inline Outcome shell(const std::string& command) {
  const std::string base = ::testing::TempDir() + "cli-" + std::to_string(getpid());
  const std::string whole = "cd '" SEEDBED_SOURCE_DIR "' && { " + command + "; } >'" + base +
                            ".out' 2>'" + base + ".err' </dev/null";
  const int status = std::system(whole.c_str());
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(base + ".out"),
                  slurp(base + ".err")};
  std::filesystem::remove(base + ".out");
  std::filesystem::remove(base + ".err");
  return outcome;
}

/// Runs the program with `arguments`, as a shell splits them; `environment`: "NAME=VALUE ...".
inline Outcome seedbed(const std::string& arguments, const std::string& environment = "") {
  return shell("env " + environment + " timeout 100 '" SEEDBED_BINARY "' " + arguments);
}

}  // namespace seedbed::testing
