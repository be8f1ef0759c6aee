// Numbers for distinct values, from 0 in the order in which they come.
//
//   ValueNumbers numbers;
//   const std::uint32_t x = numbers.of(op.value);   // numbers[x] == op.value
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/check/history/value.h"

namespace seedbed::history {

class ValueNumbers {
 public:
  /// The value's memory must outlive this.
  std::uint32_t of(const Value& value) {
    if (2 * (values_.size() + 1) > slots_.size()) grow();
    const std::size_t at = slot_of(value);
    if (slots_[at] == kFree) {
      slots_[at] = static_cast<std::uint32_t>(values_.size());
      values_.push_back(value);
    }
    return slots_[at];
  }
  std::optional<std::uint32_t> find(const Value& value) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t number = slots_[slot_of(value)];
    return number == kFree ? std::nullopt : std::optional(number);
  }
  const Value& operator[](std::uint32_t number) const { return values_[number]; }
  std::size_t size() const { return values_.size(); }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  std::size_t slot_of(const Value& value) const {
    std::size_t i = hash_of(value) & (slots_.size() - 1);
    while (slots_[i] != kFree && !(values_[slots_[i]] == value)) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, kFree);
    for (std::uint32_t n = 0; n < values_.size(); ++n) slots_[slot_of(values_[n])] = n;
  }

  std::vector<Value> values_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace seedbed::history
