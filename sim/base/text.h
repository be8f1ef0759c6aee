// Described values and times as text for people: traces, violations, timelines.
//
//   to_text(RequestVote{3, NodeId{2}})     // "RequestVote term=3 candidate=n2"
//   to_text(150_ms)                        // "150ms"
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "sim/base/describe.h"

namespace seedbed {

/// The shortest exact form: "150ms", "1.5s", "-20us", "0s".
std::string to_text(Duration d);
/// Seconds with six decimals, as timelines print them: "12.000350s".
std::string to_text(Time t);
/// "0.5%", exact.
std::string to_text(Probability p);
inline std::string to_text(NodeId n) { return n ? fmt::format("n{}", n.value) : "nobody"; }

/// Writes `name=value` pairs; nested values in braces, sequences in brackets. An enum prints by the
/// `name_of(E)` beside it, else by its number; a struct by the `brief_text(T)` beside it, if it has
/// a shorter way to say the same.
class TextWriter {
 public:
  explicit TextWriter(std::string& out) : out_(out) {}

  template <class T>
  TextWriter& operator()(std::string_view name, const T& value) {
    if (!first_) out_ += ' ';
    first_ = false;
    out_ += name;
    out_ += '=';
    return write(value), *this;
  }

  template <class T>
  void write(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      if constexpr (requires { name_of(value); }) {
        out_ += name_of(value);
      } else {
        out_ += std::to_string(static_cast<long long>(value));
      }
    } else if constexpr (std::same_as<T, bool>) {
      out_ += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
      out_ += std::to_string(value);
    } else if constexpr (std::same_as<T, ServiceId>) {
      out_ += std::to_string(value.value);
    } else if constexpr (std::same_as<T, Address>) {
      out_ += fmt::format("{}/{}", to_text(value.node), value.service.value);
    } else if constexpr (requires { brief_text(value); }) {
      out_ += brief_text(value);
    } else if constexpr (requires { to_text(value); } && !Describable<T>) {
      out_ += to_text(value);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      out_ += fmt::format("\"{}\"", std::string_view(value));
    } else if constexpr (Describable<T>) {
      out_ += '{';
      TextWriter inner(out_);
      value.describe(inner);
      out_ += '}';
    } else if constexpr (Sequence<T>) {
      write_sequence(value);
    } else if constexpr (requires {
                           value.first;
                           value.second;
                         }) {
      write(value.first);
      out_ += ':';
      write(value.second);
    } else {
      if (value) {
        write(*value);
      } else {
        out_ += "none";
      }
    }
  }

 private:
  template <class T>
  void write_sequence(const T& items) {
    out_ += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ' ';
      first = false;
      write(item);
    }
    out_ += ']';
  }

  std::string& out_;
  bool first_ = true;
};

/// "Name field=value ..." of anything with kName and describe.
template <Describable T>
std::string to_text(const T& value) {
  std::string out;
  if constexpr (requires { T::kName; }) {
    out += T::kName;
    out += ' ';
  }
  TextWriter writer(out);
  if constexpr (requires { brief_text(value); }) {
    out += brief_text(value);
  } else {
    value.describe(writer);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// The candidate nearest to `name` by edit distance, or "" where none is near enough to be meant.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace seedbed
