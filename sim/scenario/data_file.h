// A data file that a scenario names, read whole: relative to the scenario's folder, a regular file,
// and no larger than it may be. What is wrong is a complaint about the key that names it.
//
//   const auto file = read_data_file(at, "azure.csv", 32 << 20);
//   if (file) at.errors().add_elsewhere(file->name, line, column, at.path(), "...");
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "sim/scenario/cursor.h"

namespace seedbed {

struct DataFile {
  std::string name;  // as it was found
  std::string text;
};

/// At most `most` bytes, a number of MiB.
std::optional<DataFile> read_data_file(const Cursor& at, const std::string& file, std::size_t most);

}  // namespace seedbed
