#include "tools/cli/history_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/cli/command.h"

namespace seedbed::cli {

namespace {

[[noreturn]] void refuse(const std::string& name) {
  throw BadInput(fmt::format("{}: {}", name, std::strerror(errno)));
}

std::string read_all(int file, const std::string& name) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = read(file, buffer, sizeof buffer);
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) refuse(name);
    if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

HistoryFile::HistoryFile(const std::string& name) {
  const int file = name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) refuse(name);
  struct stat about {};
  const bool known = fstat(file, &about) == 0;
  if (known && S_ISREG(about.st_mode) && about.st_size > 0 && name != "-") {
    const auto size = static_cast<std::size_t>(about.st_size);
    void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at != MAP_FAILED) {
      mapped_ = at;
      text_ = {static_cast<const char*>(at), size};
    }
  }
  if (mapped_ == nullptr) {
    own_ = read_all(file, name);
    text_ = own_;
  }
  if (name != "-") close(file);
}

HistoryFile::~HistoryFile() {
  if (mapped_ != nullptr) munmap(mapped_, text_.size());
}

}  // namespace seedbed::cli
