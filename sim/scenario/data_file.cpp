#include "sim/scenario/data_file.h"

#include <fmt/format.h>

#include <filesystem>

#include "sim/scenario/text_file.h"

namespace seedbed {

std::optional<DataFile> read_data_file(const Cursor& at, const std::string& file,
                                       std::size_t most) {
  const std::string name = (std::filesystem::path(at.directory()) / file).string();
  std::error_code failed;
  const bool special =
      std::filesystem::exists(name, failed) && !std::filesystem::is_regular_file(name, failed);
  FileText read = special ? FileText{{}, "not a regular file"} : read_text_file(name, most);
  if (read.error.empty() && read.text.size() > most) {
    read.error = fmt::format("larger than {} MiB", most >> 20);
  }
  if (read.error.empty()) return DataFile{name, std::move(read.text)};
  at.error(fmt::format("{}: {}", printable(name), read.error));
  return std::nullopt;
}

}  // namespace seedbed
