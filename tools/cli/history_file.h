// A file's bytes as they lie on the disk: mapped, so that a history of gigabytes is not copied.
//
//   const HistoryFile file("kv.txt");        // throws BadInput
//   judge(file.text());
#pragma once

#include <string>
#include <string_view>

namespace seedbed::cli {

class HistoryFile {
 public:
  /// '-' is stdin.
  explicit HistoryFile(const std::string& name);
  ~HistoryFile();
  HistoryFile(const HistoryFile&) = delete;
  HistoryFile& operator=(const HistoryFile&) = delete;

  std::string_view text() const { return text_; }

 private:
  std::string own_;  // where it could not be mapped
  void* mapped_ = nullptr;
  std::string_view text_;
};

}  // namespace seedbed::cli
