// What the command line, the YAML, the schema and the documentation say about a value that a user
// can set: one description feeds them all.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

enum class ValueKind : std::uint8_t {
  kInteger,
  kBoolean,
  kDuration,
  kDurationRange,
  kProbability,
};
std::string_view name_of(ValueKind kind);

/// The bits of a parameter's value: `hi` is used by ranges only.
struct Value {
  std::int64_t lo = 0;
  std::int64_t hi = 0;
  constexpr bool operator==(const Value&) const = default;
};

/// One parameter: name, meaning, kind, default, the bounds that a value must lie in, and what a
/// swarm tries: values as a scenario writes them, with " | " between; "" where it leaves the
/// default.
struct Parameter {
  std::string_view name;
  std::string_view about;
  ValueKind kind = ValueKind::kInteger;
  Value initial;
  Value bounds;
  std::string_view swarm = "";
};

/// "150ms..300ms", "true", "0.5%", "64": as a scenario would write it.
std::string to_text(ValueKind kind, Value value);

/// What a swarm of so many nodes tries: "1ms | 5ms" -> 1ms, 5ms; one empty text for "". A value
/// with a digit and a plus before it wants so many nodes at least: "random | 3+ minority".
std::vector<std::string_view> swarm_values(std::string_view list, std::uint32_t nodes);

namespace detail {

constexpr Value bits_of(std::integral auto v) { return {static_cast<std::int64_t>(v), 0}; }
constexpr Value bits_of(bool v) { return {v, 0}; }
constexpr Value bits_of(Duration v) { return {v.count(), 0}; }
constexpr Value bits_of(Probability v) { return {v.ppb, 0}; }
constexpr Value bits_of(Range<Duration> v) { return {v.min.count(), v.max.count()}; }

template <class T>
constexpr ValueKind kind_of() {
  if constexpr (std::same_as<T, bool>) return ValueKind::kBoolean;
  else if constexpr (std::same_as<T, Duration>) return ValueKind::kDuration;
  else if constexpr (std::same_as<T, Range<Duration>>) return ValueKind::kDurationRange;
  else if constexpr (std::same_as<T, Probability>) return ValueKind::kProbability;
  else return ValueKind::kInteger;
}

template <std::size_t N>
struct ParameterCollector {
  std::array<Parameter, N> items{};
  std::size_t count = 0;
  /// Integers, booleans and probabilities: bounds in the field's own unit.
  template <class T, class Bound>
  constexpr ParameterCollector& operator()(std::string_view name, const T& field,
                                           std::string_view about, Bound lo, Bound hi,
                                           std::string_view swarm = "") {
    items[count++] = {name, about, kind_of<T>(), bits_of(field), {bits_of(lo).lo, bits_of(hi).lo},
                      swarm};
    return *this;
  }
  constexpr ParameterCollector& operator()(std::string_view name, const bool& field,
                                           std::string_view about, std::string_view swarm = "") {
    return (*this)(name, field, about, false, true, swarm);
  }
};

struct ParameterCounter {
  std::size_t count = 0;
  constexpr ParameterCounter& operator()(auto&&...) { return ++count, *this; }
};

struct ParameterBinder {
  std::span<const Value> values;
  std::size_t next = 0;
  template <class T>
  ParameterBinder& operator()(std::string_view, T& field, auto&&...) {
    const Value v = values[next++];
    if constexpr (std::same_as<T, Duration>) field = Duration(v.lo);
    else if constexpr (std::same_as<T, Range<Duration>>) field = {Duration(v.lo), Duration(v.hi)};
    else if constexpr (std::same_as<T, Probability>) field = {static_cast<std::uint32_t>(v.lo)};
    else field = static_cast<T>(v.lo);
    return *this;
  }
};

template <class P>
constexpr auto collect_parameters() {
  constexpr std::size_t count = [] {
    P p{};
    ParameterCounter counter;
    p.parameters(counter);
    return counter.count;
  }();
  P p{};
  ParameterCollector<count> collector;
  p.parameters(collector);
  return collector.items;
}

}  // namespace detail

/// The parameter list of a struct with `constexpr void parameters(auto& p)`, whose body reads
/// `p("heartbeat", heartbeat, "how often a leader speaks", 1_ms, 10_s)("pre_vote", pre_vote,
/// "...")`.
template <class P>
inline constexpr auto kParametersOf = detail::collect_parameters<P>();

/// The struct with `values` (one each, in the order of kParametersOf<P>) in its fields.
template <class P>
P bind_parameters(std::span<const Value> values) {
  P p{};
  detail::ParameterBinder binder{values};
  p.parameters(binder);
  return p;
}

}  // namespace seedbed
