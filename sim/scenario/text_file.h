// A whole file into memory, or the reason why not, in words.
//
//   FileText f = read_text_file("raft.yaml", 1 << 20);
//   if (!f.error.empty()) ...                  // "no such file"
#pragma once

#include <cstddef>
#include <string>

namespace seedbed {

struct FileText {
  std::string text;
  std::string error;
};

/// Reads at most `most` + 1 bytes, so that the caller can tell a file that is too large.
FileText read_text_file(const std::string& name, std::size_t most);

}  // namespace seedbed
