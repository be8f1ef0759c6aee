#include "sim/scenario/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/data_file.h"
#include "sim/scenario/forms.h"
#include "sim/scenario/units.h"

namespace seedbed {

namespace {

constexpr std::size_t kMostBytesOfSamples = std::size_t{32} << 20;
constexpr std::string_view kSeparators = " \t\r,;";

bool is_number(std::string_view word) { return word.find_first_not_of("0123456789.") == word.npos; }

/// The values of one line (without its end) are added to `out`; a complaint ends the reading.
bool read_line(std::string_view line, std::vector<Duration>& out, std::size_t& column,
               std::string& error) {
  line = line.substr(0, line.find('#'));
  for (std::size_t i = 0;;) {
    i = line.find_first_not_of(kSeparators, i);
    if (i == line.npos) return true;
    const std::size_t end = std::min(line.find_first_of(kSeparators, i), line.size());
    const std::string_view word = line.substr(i, end - i);
    const Parsed<Duration> parsed =
        is_number(word) ? parse_milliseconds(word) : parse_duration(word);
    column = i + 1;
    error = parsed.error;
    if (parsed.value && *parsed.value > kLongest) error = in_quotes(word) + " is too long";
    if (out.size() == kMostSamples) error = fmt::format("more than {} values", kMostSamples);
    if (!error.empty()) return false;
    out.push_back(*parsed.value);
    i = end;
  }
}

}  // namespace

std::vector<Duration> read_samples(const Cursor& at, const std::string& file) {
  const auto data = read_data_file(at, file, kMostBytesOfSamples);
  if (!data) return {};
  std::vector<Duration> out;
  std::string_view rest = data->text;
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::size_t column = 1;
    std::string error;
    if (!read_line(rest.substr(0, end), out, column, error)) {
      at.errors().add_elsewhere(data->name, line, static_cast<int>(column), at.path(),
                                std::move(error));
      return {};
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (out.empty()) at.error(fmt::format("{}: no values", printable(data->name)));
  return out;
}

}  // namespace seedbed
