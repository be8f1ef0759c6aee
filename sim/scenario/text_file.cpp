#include "sim/scenario/text_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace seedbed {

FileText read_text_file(const std::string& name, std::size_t most) {
  FileText out;
  std::error_code failed;
  if (name.empty()) return {{}, "no file name"};
  if (name.find('\0') != std::string::npos) return {{}, "not a file name"};
  if (std::filesystem::is_directory(name, failed)) return {{}, "a directory, not a file"};

  const auto close = [](std::FILE* f) { static_cast<void>(std::fclose(f)); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(name.c_str(), "rb"), close);
  if (file == nullptr) {
    if (errno == ENOENT || errno == ENOTDIR) return {{}, "no such file"};
    return {{}, std::string("cannot be opened: ") + std::strerror(errno)};
  }
  out.text.resize(most + 1);
  out.text.resize(std::fread(out.text.data(), 1, out.text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return {{}, std::string("cannot be read: ") + std::strerror(errno)};
  }
  return out;
}

}  // namespace seedbed
