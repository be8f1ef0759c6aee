// Simulated time: two distinct int64 types in nanoseconds, so that a point is never mistaken for a
// span. True time starts at 0; a node's own clocks may run before it (skew).
//
//   Time t = Time{} + 150_ms;
//   Duration d = t - Time{};          // 150'000'000 ns
//   d.count();                        // the bare nanoseconds, for tables and text
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace seedbed {

class Duration {
 public:
  constexpr Duration() = default;
  constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
  constexpr std::int64_t count() const { return ns_; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return Duration{ns_ + o.ns_}; }
  constexpr Duration operator-(Duration o) const { return Duration{ns_ - o.ns_}; }
  constexpr Duration operator-() const { return Duration{-ns_}; }
  constexpr Duration operator*(std::int64_t k) const { return Duration{ns_ * k}; }
  constexpr Duration operator/(std::int64_t k) const { return Duration{ns_ / k}; }
  constexpr Duration& operator+=(Duration o) { return ns_ += o.ns_, *this; }
  constexpr Duration& operator-=(Duration o) { return ns_ -= o.ns_, *this; }

 private:
  std::int64_t ns_ = 0;
};

class Time {
 public:
  constexpr Time() = default;
  constexpr explicit Time(std::int64_t ns) : ns_(ns) {}
  constexpr std::int64_t count() const { return ns_; }
  static constexpr Time never() { return Time{std::numeric_limits<std::int64_t>::max()}; }

  constexpr auto operator<=>(const Time&) const = default;
  constexpr Time operator+(Duration d) const { return Time{ns_ + d.count()}; }
  constexpr Time operator-(Duration d) const { return Time{ns_ - d.count()}; }
  constexpr Duration operator-(Time o) const { return Duration{ns_ - o.ns_}; }
  constexpr Time& operator+=(Duration d) { return ns_ += d.count(), *this; }

 private:
  std::int64_t ns_ = 0;
};

/// An inclusive range, drawn from uniformly: `150ms..300ms` in a scenario.
template <class T>
struct Range {
  T min{};
  T max{};
  constexpr bool operator==(const Range&) const = default;
};

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) { return Duration(std::int64_t(n)); }
constexpr Duration operator""_us(unsigned long long n) { return Duration(std::int64_t(n) * 1'000); }
constexpr Duration operator""_ms(unsigned long long n) {
  return Duration(std::int64_t(n) * 1'000'000);
}
constexpr Duration operator""_s(unsigned long long n) {
  return Duration(std::int64_t(n) * 1'000'000'000);
}
}  // namespace literals

}  // namespace seedbed
