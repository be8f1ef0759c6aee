// Assertions stay on in every build. One that fails inside a run is the run's verdict (the check
// `assert`), with its event; it never takes the tool down.
//
//   SEEDBED_ASSERT(term >= current_term_, "term went back from {} to {}", current_term_, term);
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace seedbed {

class AssertionFailed : public std::logic_error {
 public:
  /// `shape` is the text without values: the same failure has the same shape whatever the seed.
  AssertionFailed(std::string shape, const std::string& message)
      : std::logic_error(message), shape_(std::move(shape)) {}
  const std::string& shape() const { return shape_; }

 private:
  std::string shape_;
};

template <class... Args>
[[noreturn]] void assertion_failed(const char* condition, fmt::format_string<Args...> format,
                                   Args&&... args) {
  const auto plain = fmt::string_view(format);
  throw AssertionFailed(
      std::string(condition) + ": " + std::string(plain.data(), plain.size()),
      fmt::format("{} (expected {})", fmt::format(format, std::forward<Args>(args)...), condition));
}

}  // namespace seedbed

#define SEEDBED_ASSERT(condition, ...)                      \
  do {                                                      \
    if (!(condition)) [[unlikely]]                          \
      ::seedbed::assertion_failed(#condition, __VA_ARGS__); \
  } while (false)
