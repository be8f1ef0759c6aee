#include "sim/scenario/text_guard.h"

#include <fmt/format.h>

#include <cstdint>

namespace seedbed {

namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// The bytes of the UTF-8 character that `s` starts with, or 0 where it is none (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_size(std::string_view s) {
  const auto at = [&](std::size_t i) {
    return i < s.size() ? static_cast<std::uint8_t>(s[i]) : std::uint8_t{0};
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const std::uint8_t first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const std::uint8_t low = first == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t high = first == 0xED ? 0x9F : 0xBF;
    return at(1) >= low && at(1) <= high && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const std::uint8_t low = first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = first == 0xF4 ? 0x8F : 0xBF;
    return at(1) >= low && at(1) <= high && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// What is wrong with the character at `i`, or "".
std::string fault_of(std::string_view text, std::size_t i, std::size_t size) {
  const auto byte = static_cast<std::uint8_t>(text[i]);
  if (size == 0) return fmt::format("not UTF-8 text: byte 0x{:02x}", byte);
  if (byte == '\n' || byte == '\t') return {};
  if (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n') return {};
  if (byte < 0x20 || byte == 0x7F) {
    return fmt::format("not text: the control character 0x{:02x}", byte);
  }
  return {};
}

}  // namespace

std::string_view without_mark(std::string_view text) {
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

bool guard_text(std::string_view text, int source, const std::string& path, Errors& errors) {
  if (text.size() > kMostBytes) {
    errors.add({1, 1, source}, path,
               fmt::format("larger than {} bytes (1 MiB), the most that is read", kMostBytes));
    return false;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    errors.add({1, 1, source}, path, "UTF-16 text; save it as UTF-8");
    return false;
  }
  text = without_mark(text);
  bool good = true;
  bool indenting = true;  // nothing but blanks so far in this line
  int first_tab = 0;      // its column; 0 for none
  Place place{1, 1, source};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = character_size(text.substr(i));
    if (const std::string fault = fault_of(text, i, size); !fault.empty()) {
      errors.add(place, path, fault);
      return false;  // what follows is likely to be no text either
    }
    const char c = text[i];
    if (indenting && c == '\t' && first_tab == 0) first_tab = place.column;
    if (indenting && c != ' ' && c != '\t') {
      indenting = false;
      if (first_tab > 0 && c != '\n' && c != '\r' && c != '#') {
        errors.add({place.line, first_tab, source}, path,
                   "a tab in the indentation; YAML is indented with spaces");
        good = false;
      }
    }
    place.column += static_cast<int>(size);
    if (c == '\n') {
      place = {place.line + 1, 1, source};
      indenting = true;
      first_tab = 0;
    }
    i += size;
  }
  return good;
}

}  // namespace seedbed
