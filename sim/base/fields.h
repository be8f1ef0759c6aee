// Described state, field by field, for whoever asks by name at run time: temporal properties do.
//
//   struct Terms : FieldSink {
//     void see(std::string_view path, const FieldValue& v) override { ... }  // "last.index", 7
//   } terms;
//   process.fields(terms);
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sim/base/describe.h"
#include "sim/base/text.h"

namespace seedbed {

/// Numbers (of a duration or a time: its nanoseconds; of a sequence: how many it has; what does not
/// fit is the largest or the smallest), words (enumerators, true and false, nodes, texts), or
/// nothing where an optional field is empty.
struct FieldValue {
  enum class Kind : std::uint8_t { kNothing, kNumber, kWord };
  Kind kind = Kind::kNothing;
  std::int64_t number = 0;
  std::string word;
};

class FieldSink {
 public:
  virtual ~FieldSink() = default;
  /// What is not wanted is not made.
  virtual bool wants(std::string_view path) = 0;
  virtual void see(std::string_view path, const FieldValue& value) = 0;
};

/// Walks a `describe`; a field that has fields itself is walked, too: "last.index".
class FieldWriter {
 public:
  explicit FieldWriter(FieldSink& sink) : sink_(sink) {}

  template <class T>
  FieldWriter& operator()(std::string_view name, const T& value) {
    const std::size_t above = path_.size();
    if (above != 0) path_ += '.';
    path_ += name;
    if constexpr (Describable<T>) {
      value.describe(*this);
    } else if (sink_.wants(path_)) {
      sink_.see(path_, value_of(value));
    }
    path_.resize(above);
    return *this;
  }

 private:
  template <class T>
  static FieldValue value_of(const T& value) {
    if constexpr (std::same_as<T, Duration> || std::same_as<T, Time>) {
      return number(value.count());
    } else if constexpr (std::same_as<T, bool>) {
      return word(value ? "true" : "false");
    } else if constexpr (std::is_enum_v<T>) {
      if constexpr (requires { name_of(value); }) {
        return word(std::string(name_of(value)));
      } else {
        return number(static_cast<std::underlying_type_t<T>>(value));
      }
    } else if constexpr (std::integral<T>) {
      return number(value);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      return word(std::string(std::string_view(value)));
    } else if constexpr (Sequence<T>) {
      return number(value.size());
    } else if constexpr (requires {
                           value.has_value();
                           *value;
                         }) {
      if (!value.has_value()) return {};
      return value_of(*value);
    } else {
      std::string text;
      TextWriter(text).write(value);
      return word(std::move(text));
    }
  }
  template <std::integral I>
  static FieldValue number(I value) {
    using Limits = std::numeric_limits<std::int64_t>;
    if (std::cmp_greater(value, Limits::max())) return number(Limits::max());
    return {FieldValue::Kind::kNumber, static_cast<std::int64_t>(value), {}};
  }
  static FieldValue word(std::string text) { return {FieldValue::Kind::kWord, 0, std::move(text)}; }

  FieldSink& sink_;
  std::string path_;
};

}  // namespace seedbed
