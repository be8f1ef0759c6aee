#include "tools/cli/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

extern char** environ;

namespace seedbed::cli {

std::string shell_quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=%:,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe to be had");
  std::vector<std::string> words{"seedbed"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = fdopen(ends[0], "r");
  if (error != 0) throw std::runtime_error("cannot start another process of this program");
}

ChildProcess::~ChildProcess() {
  if (output_ != nullptr) std::fclose(output_);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

bool ChildProcess::read_line(std::string& line) {
  line.clear();
  for (int c = std::getc(output_); c != EOF; c = std::getc(output_)) {
    if (c == '\n') return true;
    line += static_cast<char>(c);
  }
  return !line.empty();
}

int ChildProcess::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string digest_in_fresh_process(const ScenarioOptions& options, std::uint64_t seed) {
  std::vector<std::string> words{"run", "--digest", "--seed", std::to_string(seed)};
  for (const std::string& word : options.arguments()) words.push_back(word);
  ChildProcess child(words);
  std::string line;
  const bool printed = child.read_line(line);
  const int code = child.wait();
  if (!printed || code != 0 || line.size() != 16) {
    throw std::runtime_error(fmt::format("a run of seed {} ended with exit code {}", seed, code));
  }
  return line;
}

}  // namespace seedbed::cli
