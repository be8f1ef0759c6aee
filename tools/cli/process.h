// Other processes of this same program: a digest that two of them agree on rests on no address and
// no leftover of memory.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/cli/command.h"

namespace seedbed::cli {

/// The same seed gave two histories: exit 1.
class NotDeterministic : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `word` as a shell would need it.
std::string shell_quoted(const std::string& word);

/// Starts this program with `arguments`; its stdout can be read line by line.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// False at the end. Without the newline.
  bool read_line(std::string& line);
  /// Waits for the end: the exit code, or 128 + the signal.
  int wait();

 private:
  std::FILE* output_ = nullptr;
  int pid_ = -1;
};

/// 16 hex digits. Throws if the process does not print them.
std::string digest_in_fresh_process(const ScenarioOptions& options, std::uint64_t seed);

}  // namespace seedbed::cli
