// The forms of plain values: how each is read, and what the schema says of it. See reader.h.
//
//   f("skew", clocks.skew, "...");                                 // Duration: DurationForm
//   f("keys", kv.keys, "...", IntegerForm{1, 1'000'000});
//   f("tie_break", world.tie_break, "...", ChoiceForm<TieBreak>{kTieBreaks});
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"
#include "sim/scenario/units.h"

namespace seedbed {

/// No time in a scenario is longer: sums of a few of them stay far from the end of int64.
inline constexpr Duration kLongest = 3'600_s * (24 * 365 * 10);

/// "150ms" within [min, max].
struct DurationForm {
  Duration min{};
  Duration max = kLongest;
  void read(const Cursor& at, Duration& out) const;
  Shape shape() const;
};

/// "150ms..300ms", or one duration, within [min, max].
struct RangeForm {
  Duration min{};
  Duration max = kLongest;
  void read(const Cursor& at, Range<Duration>& out) const;
  Shape shape() const;
};

struct PercentForm {
  void read(const Cursor& at, Probability& out) const;
  Shape shape() const;
};

/// "200/s", in thousandths.
struct RateForm {
  void read(const Cursor& at, std::uint64_t& out) const;
  Shape shape() const;
};

/// "1Gbps"; "unlimited" is 0.
struct BandwidthForm {
  void read(const Cursor& at, std::uint64_t& out) const;
  Shape shape() const;
};

/// "64KiB" within [min, max]: bytes, a multiple of `of`.
struct SizeForm {
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t of = 1;
  template <std::integral T>
  void read(const Cursor& at, T& out) const {
    std::uint64_t bytes = 0;
    if (read_bytes(at, bytes)) out = static_cast<T>(bytes);
  }
  bool read_bytes(const Cursor& at, std::uint64_t& out) const;
  Shape shape() const;
};

/// "200ppm", in parts per billion.
struct DriftForm {
  void read(const Cursor& at, std::int64_t& out) const;
  Shape shape() const;
};

/// "-200ppm..200ppm", or one drift, in parts per billion.
struct DriftRangeForm {
  void read(const Cursor& at, Range<std::int64_t>& out) const;
  Shape shape() const;
};

/// "10x", in thousandths, within [min, max].
struct FactorForm {
  std::uint64_t min = 1;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  void read(const Cursor& at, std::uint64_t& out) const;
  Shape shape() const;
};

struct IntegerForm {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  template <std::integral T>
  void read(const Cursor& at, T& out) const {
    std::int64_t n = 0;
    if (read_number(at, n)) out = static_cast<T>(n);
  }
  Shape shape() const;

 private:
  bool read_number(const Cursor& at, std::int64_t& out) const;
};

/// "0.99" as a whole number of 10^-places, within [min, max] of these.
struct DecimalForm {
  int places = 3;
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  template <std::integral T>
  void read(const Cursor& at, T& out) const {
    std::int64_t n = 0;
    if (read_number(at, n)) out = static_cast<T>(n);
  }
  Shape shape() const;

 private:
  bool read_number(const Cursor& at, std::int64_t& out) const;
};

struct BooleanForm {
  void read(const Cursor& at, bool& out) const;
  Shape shape() const;
};

/// Any text; with `needed` it must say something.
struct TextForm {
  bool needed = false;
  void read(const Cursor& at, std::string& out) const;
  Shape shape() const;
};

/// A name: a letter, then letters, digits and `others`, at most 64 of them.
struct NameForm {
  std::string_view others = "-_.";
  bool lower = false;        // lower-case letters only
  bool digit_first = false;  // may start with a digit
  std::string_view wanted = "a name";
  void read(const Cursor& at, std::string& out) const;
  /// What is wrong with `name`, or "".
  std::string complaint(std::string_view name) const;
  Shape shape() const;
};

/// One of a few words. A planned one is known, but refused: there is no machinery for it yet.
template <class E>
struct Choice {
  std::string_view name;
  E value;
  std::string_view about;
  bool planned = false;
};

/// What ChoiceForm needs to know of its words whatever they mean.
struct Word {
  std::string_view name;
  std::string_view about;
  bool planned = false;
};
/// The index of the word at `at`, or nothing after a complaint; each word is a `noun` ("topology").
std::optional<std::size_t> read_word(const Cursor& at, std::span<const Word> words,
                                     std::string_view noun);
Shape shape_of(std::span<const Word> words);

template <class E>
struct ChoiceForm {
  std::span<const Choice<E>> choices;
  std::string_view noun = "choice here";

  void read(const Cursor& at, E& out) const {
    if (const auto i = read_word(at, words(), noun)) out = choices[*i].value;
  }
  Shape shape() const { return shape_of(words()); }

 private:
  std::vector<Word> words() const {
    std::vector<Word> out;
    for (const Choice<E>& c : choices) out.push_back({c.name, c.about, c.planned});
    return out;
  }
};

/// A shape of text that matches what the form's pattern says.
Shape shape_of(const UnitForm& form);
/// "a duration: a number with a unit ...": what to say where something else stands.
std::string wanted(const UnitForm& form);

/// Sets `out` to what `parse` makes of the text here, or complains.
template <class T, class Parse>
void read_unit(const Cursor& at, T& out, const UnitForm& form, Parse parse) {
  const auto text = at.scalar(wanted(form));
  if (!text) return;
  auto parsed = parse(*text);
  if (parsed.value) {
    out = *parsed.value;
  } else {
    at.error(std::move(parsed.error));
  }
}

}  // namespace seedbed
