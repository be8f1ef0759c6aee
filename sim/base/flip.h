// One bit of a described value flips, as on a wire without a checksum. Numbers, ids, times and text
// can be hit, wherever they stand; what a decoder would notice (an enumerator, a length, whether an
// optional is there) and what is shared (a slice of a log) cannot.
//
//   RequestVote m = ...;
//   bool done = flip_bit(m, random_bits);      // false: nothing in it can be hit
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/describe.h"
#include "sim/base/rng.h"

namespace seedbed {

/// A visitor that counts the bits it passes and flips the one of number `target`.
class BitFlipper {
 public:
  explicit BitFlipper(std::uint64_t target) : target_(target) {}
  std::uint64_t passed() const { return passed_; }

  /// `describe` is const, the object that it describes is not: it was made to be flipped.
  template <class T>
  BitFlipper& operator()(std::string_view, const T& value) {
    return visit(const_cast<T&>(value)), *this;
  }

 private:
  template <class T>
  void visit(T& value) {
    if constexpr (std::is_enum_v<T> || std::same_as<T, Probability>) {
      return;
    } else if constexpr (std::same_as<T, bool>) {
      if (pass(1)) value = !value;
    } else if constexpr (std::integral<T>) {
      if (const auto bit = pass(8 * sizeof(T))) {
        value = static_cast<T>(static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << *bit));
      }
    } else if constexpr (std::same_as<T, Duration> || std::same_as<T, Time>) {
      std::int64_t count = value.count();
      visit(count);
      value = T(count);
    } else if constexpr (std::same_as<T, NodeId> || std::same_as<T, ServiceId>) {
      visit(value.value);
    } else if constexpr (std::same_as<T, Address>) {
      visit(value.node);
      visit(value.service);
    } else if constexpr (Describable<T>) {
      value.describe(*this);
    } else if constexpr (IsVector<T>::value || std::same_as<T, std::string>) {
      for (auto& item : value) visit(item);
    } else if constexpr (requires { value.has_value(); }) {
      if (value) visit(*value);
    } else if constexpr (requires {
                           value.first;
                           value.second;
                         }) {
      visit(value.first);
      visit(value.second);
    }
  }

  template <class T>
  struct IsVector : std::false_type {};
  template <class T>
  struct IsVector<std::vector<T>> : std::negation<std::is_same<T, bool>> {};

  /// Which of the next `bits` is meant, if one of them is.
  std::optional<std::uint64_t> pass(std::uint64_t bits) {
    const std::uint64_t first = std::exchange(passed_, passed_ + bits);
    if (target_ < first || target_ >= passed_) return std::nullopt;
    return target_ - first;
  }

  std::uint64_t target_;
  std::uint64_t passed_ = 0;
};

template <Described T>
bool flip_bit(T& object, std::uint64_t bits) {
  BitFlipper counter(~std::uint64_t{0});
  object.describe(counter);
  if (counter.passed() == 0) return false;
  BitFlipper flipper(scale(bits, counter.passed()));
  object.describe(flipper);
  return true;
}

}  // namespace seedbed
