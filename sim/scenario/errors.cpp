#include "sim/scenario/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "sim/base/text.h"

namespace seedbed {

namespace {

constexpr std::size_t kLongestQuote = 60;
constexpr std::size_t kLongestList = 40;
constexpr std::size_t kLongestName = 40;  // nothing that the format knows is near a longer one
constexpr int kElsewhere = 1;  // the rank between the file (0) and the settings (2, 3, ...)

/// The longest prefix of at most `most` bytes that does not cut a UTF-8 character in two.
std::string_view prefix(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

std::string ScenarioError::text() const {
  std::string out = file;
  if (line > 0) out += fmt::format(":{}:{}", line, column);
  const bool said = file == "--set " + path;
  if (!path.empty() && !said) out += ": " + path;
  return out + ": " + message;
}

void Errors::add(Place place, std::string path, std::string message) {
  const bool in_file = place.source == 0;
  ScenarioError error{sources_.at(static_cast<std::size_t>(place.source)), 0, 0, std::move(path),
                      std::move(message)};
  if (in_file) {
    error.line = std::max(place.line, 1);
    error.column = std::max(place.column, 1);
  }
  found_.push_back({in_file ? 0 : kElsewhere + place.source, std::move(error)});
}

void Errors::add_elsewhere(std::string file, int line, int column, std::string path,
                           std::string message) {
  found_.push_back(
      {kElsewhere, {std::move(file), line, column, std::move(path), std::move(message)}});
}

bool Errors::clean(std::string_view path) const {
  return std::none_of(found_.begin(), found_.end(), [&](const Found& f) {
    const std::string_view at = f.error.path;
    if (!at.starts_with(path)) return false;
    return path.empty() || at.size() == path.size() || at[path.size()] == '.' ||
           at[path.size()] == '[';
  });
}

std::vector<ScenarioError> Errors::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
    return std::tie(a.rank, a.error.file, a.error.line, a.error.column) <
           std::tie(b.rank, b.error.file, b.error.line, b.error.column);
  });
  std::vector<ScenarioError> out;
  for (Found& f : found_) {
    if (out.size() == kMost) {
      out.push_back({f.error.file, f.error.line, f.error.column, "",
                     fmt::format("and {} more from here on", found_.size() - kMost)});
      break;
    }
    out.push_back(std::move(f.error));
  }
  found_.clear();
  return out;
}

std::string printable(std::string_view text) {
  const std::string_view shown = prefix(text, kLongestQuote);
  std::string out;
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return shown.size() < text.size() ? out + "..." : out;
}

std::string in_quotes(std::string_view text) { return "'" + printable(text) + "'"; }

std::string not_supported(std::string_view name, std::string_view supported) {
  return fmt::format("known, but not supported yet: {}; supported: {}", name, supported);
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kLongestList) return out + ", ...";
    if (i > 0) out += ", ";
    out += names[i];
  }
  return out;
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& known,
                       std::string_view otherwise) {
  const std::string_view near =
      name.size() <= kLongestName ? nearest(name, known) : std::string_view();
  if (!near.empty()) return fmt::format("; did you mean '{}'?", near);
  return known.empty() ? std::string() : fmt::format("; {} {}", otherwise, listed(known));
}

}  // namespace seedbed
