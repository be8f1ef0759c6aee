// Reads the small EDN in which the history tells of operations, so that they can be listed in a
// scenario in the same words.
//
//   Words words("{:from 0, :to 1}");
//   words.eat("{") && words.eat(":from"); words.number();     // 0
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace seedbed {

class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  /// Whether `word` comes next; if so it is read. Spaces and commas mean nothing.
  bool eat(std::string_view word) {
    skip();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::optional<std::int64_t> number() {
    skip();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  bool at_end() {
    skip();
    return rest_.empty();
  }

 private:
  void skip() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == ',')) rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

}  // namespace seedbed
