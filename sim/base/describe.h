// One line describes a message: trace, digest, wire size and JSON all come from it.
//
//   struct RequestVote {
//     static constexpr auto kName = "RequestVote";
//     Term term = 0; NodeId candidate;
//     constexpr void describe(auto& d) const { d("term", term)("candidate", candidate); }
//   };
//
// A visitor `d` is called once a field, in order, and returns itself. `Described<T>` holds where
// the described fields are all of them (counted at compile time against the aggregate's fields) and
// none is a pointer, a reference or a floating-point number.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

namespace detail {

/// Converts to anything: as many of them as an aggregate takes is the number of its fields.
struct AnyField {
  template <class T>
  constexpr operator T() const {  // NOLINT: only ever named, never called
    throw 0;
  }
};

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyField{})...}; };
}
template <class T, std::size_t N = 0>
constexpr std::size_t field_count() {
  if constexpr (takes<T>(std::make_index_sequence<N + 1>{})) {
    return field_count<T, N + 1>();
  } else {
    return N;
  }
}

struct FieldCounter {
  std::size_t count = 0;
  template <class T>
  constexpr FieldCounter& operator()(std::string_view, const T&) {
    static_assert(!std::is_pointer_v<T> && !std::is_floating_point_v<T>,
                  "a field is a value: no pointers, no floating point");
    return ++count, *this;
  }
};

/// An object that is never made: counting fields only names them, so that types which no constant
/// expression can hold (maps; with clang 14, strings) are counted, too.
template <class T>
struct Unmade {
  T value;
};
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern const Unmade<T> kUnmade;
template <class T>
constexpr std::size_t described_count() {
  FieldCounter counter;
  kUnmade<T>.value.describe(counter);
  return counter.count;
}
#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace detail

/// Has a `describe` (and is therefore written field by field).
template <class T>
concept Describable = requires(const T& t, detail::FieldCounter& d) {
  t.describe(d);
};

/// An aggregate whose `describe` names every field: what may be sent, saved, appended or set as a
/// timer's tag.
template <class T>
concept Described = Describable<T> && std::is_aggregate_v<T> && std::copy_constructible<T> &&
    (detail::described_count<T>() == detail::field_count<T>());

template <class T>
concept Sequence = requires(const T& t) {
  t.begin();
  t.end();
  t.size();
}
&&!std::convertible_to<const T&, std::string_view>;

template <class Sink, class T>
[[gnu::always_inline]] constexpr void walk(Sink& sink, const T& value);

/// Those of a short array in a row, without a loop.
template <class Sink, class T>
[[gnu::always_inline]] constexpr void walk_items(Sink& sink, const T& items) {
  constexpr std::size_t kShort = 16;
  if constexpr (requires { requires std::tuple_size<T>::value <= kShort; }) {
    std::apply([&](const auto&... item) { (walk(sink, item), ...); }, items);
  } else {
    for (const auto& item : items) walk(sink, item);
  }
}

/// Calls `leaf` of `Sink` for every integer and text below `value`, in order, and `open`/`close`
/// around what has parts. A sink needs: word(uint64, bytes), text(string_view), open(count).
template <class Sink, class T>
constexpr void walk(Sink& sink, const T& value) {
  if constexpr (std::is_enum_v<T>) {
    sink.word(static_cast<std::uint64_t>(static_cast<std::underlying_type_t<T>>(value)), sizeof(T));
  } else if constexpr (std::integral<T>) {
    sink.word(static_cast<std::uint64_t>(value), sizeof(T));
  } else if constexpr (std::same_as<T, Duration> || std::same_as<T, Time>) {
    sink.word(static_cast<std::uint64_t>(value.count()), 8);
  } else if constexpr (std::same_as<T, NodeId> || std::same_as<T, ServiceId>) {
    sink.word(value.value, sizeof(T));
  } else if constexpr (std::same_as<T, Address>) {
    sink.word(std::uint64_t{value.node.value} << 8 | value.service.value, 5);
  } else if constexpr (std::same_as<T, Probability>) {
    sink.word(value.ppb, 4);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    sink.text(std::string_view(value));
  } else if constexpr (Describable<T>) {
    sink.enter(value);
  } else if constexpr (Sequence<T>) {
    sink.word(value.size(), 4);
    walk_items(sink, value);
  } else if constexpr (requires {
                         value.first;
                         value.second;
                       }) {
    walk(sink, value.first);
    walk(sink, value.second);
  } else {
    static_assert(
        requires { value.has_value(); }, "no way to describe this type");
    sink.word(value.has_value(), 1);
    if (value) walk(sink, *value);
  }
}

/// Digest and wire size in one pass. Wire size: integers at their width, text and sequences with a
/// 4-byte length.
class Digester {
 public:
  constexpr explicit Digester(std::uint64_t key = 0) : hash_(key) {}

  template <class T>
  constexpr Digester& operator()(std::string_view, const T& value) {
    return walk(*this, value), *this;
  }
  template <class T>
  constexpr void enter(const T& value) {
    value.describe(*this);
  }
  constexpr void word(std::uint64_t w, std::size_t bytes) {
    hash_ = fold(hash_ + kGolden, w);
    bytes_ += static_cast<std::uint32_t>(bytes);
  }
  constexpr void text(std::string_view s) {
    word(s.size(), 4);
    word(hash_text(s), 0);
    bytes_ += static_cast<std::uint32_t>(s.size());
  }
  constexpr std::uint64_t hash() const { return hash_; }
  constexpr std::uint32_t bytes() const { return bytes_; }

 private:
  std::uint64_t hash_;
  std::uint32_t bytes_ = 0;
};

}  // namespace seedbed
