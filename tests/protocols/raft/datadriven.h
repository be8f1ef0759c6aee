// The text format of etcd's tests (github.com/cockroachdb/datadriven): a command with arguments,
// more lines of input, `----`, and the expected output up to a blank line; `#` lines are comments.
//
//   committed cfg=(1,2,3) cfgj=zero idx=(100,101,99)
//   ----
//   100
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/shared_folder.h"

namespace seedbed::testing {

struct DataCase {
  std::string at;  // "file.txt:12", of the command
  std::string command;
  std::vector<std::string> words;           // arguments without a name
  std::map<std::string, std::string> args;  // "cfg": "(1,2,3)"
  std::vector<std::string> input;
  std::string expected;

  bool has(const std::string& name) const { return args.count(name) != 0; }
  /// "" where there is no such argument.
  std::string arg(const std::string& name) const {
    const auto found = args.find(name);
    return found == args.end() ? "" : found->second;
  }
};

std::vector<DataCase> read_datadriven(const std::string& path);

/// "(1, 2,_)" or "1" as its items.
std::vector<std::string> items_of(std::string_view list);

/// The words of a line; a space in brackets separates nothing.
std::vector<std::string> words_of(std::string_view line);

}  // namespace seedbed::testing
