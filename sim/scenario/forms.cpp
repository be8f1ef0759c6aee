#include "sim/scenario/forms.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed {

namespace {

constexpr std::size_t kLongestName = 64;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

Shape text_shape(std::string_view noun, std::string pattern, std::string_view example) {
  Shape s;
  s.kind = Shape::Kind::kText;
  s.noun = noun;
  s.pattern = std::move(pattern);
  s.example = example;
  return s;
}

std::string bound(Duration d) { return d == kLongest ? "87600h" : to_text(d); }

/// Complains of what lies outside of [min, max].
bool within(const Cursor& at, Range<Duration> value, Duration min, Duration max) {
  if (value.min >= min && value.max <= max) return true;
  at.error(fmt::format("{} is out of bounds: allowed is {} to {}", in_quotes(at.node().text),
                       bound(min), bound(max)));
  return false;
}

Sign sign_of(Duration min) { return min < Duration{} ? Sign::kAny : Sign::kNonNegative; }

}  // namespace

std::string wanted(const UnitForm& form) { return fmt::format("{}: {}", form.noun, form.hint); }
Shape shape_of(const UnitForm& form) {
  return text_shape(form.noun, std::string(form.pattern), form.example);
}

void DurationForm::read(const Cursor& at, Duration& out) const {
  const Sign sign = sign_of(min);
  Duration d = min;
  const UnitForm& form = sign == Sign::kAny ? kSignedDurationForm : kDurationForm;
  read_unit(at, d, form, [&](std::string_view text) { return parse_duration(text, sign); });
  if (within(at, {d, d}, min, max)) out = d;
}
Shape DurationForm::shape() const {
  return shape_of(sign_of(min) == Sign::kAny ? kSignedDurationForm : kDurationForm);
}

void RangeForm::read(const Cursor& at, Range<Duration>& out) const {
  const Sign sign = sign_of(min);
  Range<Duration> range{min, min};
  const UnitForm& form = sign == Sign::kAny ? kSignedRangeForm : kRangeForm;
  read_unit(at, range, form, [&](std::string_view text) { return parse_range(text, sign); });
  if (within(at, range, min, max)) out = range;
}
Shape RangeForm::shape() const {
  return shape_of(sign_of(min) == Sign::kAny ? kSignedRangeForm : kRangeForm);
}

void PercentForm::read(const Cursor& at, Probability& out) const {
  read_unit(at, out, kPercentForm, parse_percent);
}
Shape PercentForm::shape() const { return shape_of(kPercentForm); }

void RateForm::read(const Cursor& at, std::uint64_t& out) const {
  read_unit(at, out, kRateForm, parse_rate);
}
Shape RateForm::shape() const { return shape_of(kRateForm); }

void BandwidthForm::read(const Cursor& at, std::uint64_t& out) const {
  if (at.node().is_scalar() && at.node().text == "unlimited") {
    out = 0;
  } else {
    read_unit(at, out, kBandwidthForm, parse_bandwidth);
  }
}
Shape BandwidthForm::shape() const {
  static constexpr Word kUnlimited[] = {{"unlimited", "bytes take no time"}};
  return Shape::either({shape_of(kBandwidthForm), shape_of(kUnlimited)});
}

bool SizeForm::read_bytes(const Cursor& at, std::uint64_t& out) const {
  std::uint64_t bytes = min;
  read_unit(at, bytes, kSizeForm, parse_size);
  if (bytes < min || bytes > max || bytes % of != 0) {
    at.error(fmt::format("'{}' is out of bounds: allowed is {}from {}B to {}B", at.node().text,
                         of == 1 ? "" : fmt::format("a multiple of {}B ", of), min, max));
    return false;
  }
  out = bytes;
  return true;
}
Shape SizeForm::shape() const { return shape_of(kSizeForm); }

void DriftForm::read(const Cursor& at, std::int64_t& out) const {
  read_unit(at, out, kDriftForm, parse_drift);
}
Shape DriftForm::shape() const { return shape_of(kDriftForm); }

void DriftRangeForm::read(const Cursor& at, Range<std::int64_t>& out) const {
  read_unit(at, out, kDriftRangeForm, parse_drift_range);
}
Shape DriftRangeForm::shape() const { return shape_of(kDriftRangeForm); }

void FactorForm::read(const Cursor& at, std::uint64_t& out) const {
  std::uint64_t factor = min;
  read_unit(at, factor, kFactorForm, parse_factor);
  if (factor >= min && factor <= max) {
    out = factor;
  } else {
    at.error(fmt::format("{} is out of bounds: from {}x to {}x is allowed",
                         in_quotes(at.node().text), min / 1000, max / 1000));
  }
}
Shape FactorForm::shape() const { return shape_of(kFactorForm); }

bool IntegerForm::read_number(const Cursor& at, std::int64_t& out) const {
  const auto text = at.unquoted(fmt::format("a whole number from {} to {}", min, max));
  if (!text) return false;
  const Parsed<std::int64_t> parsed = parse_integer(*text, min, max);
  if (!parsed.value) return at.error(parsed.error), false;
  out = *parsed.value;
  return true;
}
Shape IntegerForm::shape() const {
  Shape s;
  s.kind = Shape::Kind::kInteger;
  s.noun = "a whole number";
  s.min = min;
  s.max = max;
  return s;
}

bool DecimalForm::read_number(const Cursor& at, std::int64_t& out) const {
  const auto text = at.unquoted("a number, such as 1.5");
  if (!text) return false;
  const Parsed<std::int64_t> parsed = parse_decimal(*text, places, min, max);
  if (!parsed.value) return at.error(parsed.error), false;
  out = *parsed.value;
  return true;
}
Shape DecimalForm::shape() const {
  Shape s;
  s.kind = Shape::Kind::kNumber;
  s.noun = "a number";
  return s;
}

void BooleanForm::read(const Cursor& at, bool& out) const {
  const auto text = at.unquoted("true or false");
  if (!text) return;
  const Parsed<bool> parsed = parse_boolean(*text);
  if (!parsed.value) return at.error(parsed.error);
  out = *parsed.value;
}
Shape BooleanForm::shape() const {
  Shape s;
  s.kind = Shape::Kind::kBoolean;
  s.noun = "true or false";
  return s;
}

void TextForm::read(const Cursor& at, std::string& out) const {
  const auto text = at.scalar("a text");
  if (!text) return;
  if (needed && text->empty()) return at.error("an empty text");
  out = *text;
}
Shape TextForm::shape() const { return text_shape("a text", needed ? "." : "", ""); }

std::string NameForm::complaint(std::string_view name) const {
  const bool starts = !name.empty() && (lower ? is_lower(name[0]) : is_letter(name[0]));
  const bool good =
      (starts || (digit_first && !name.empty() && is_digit(name[0]))) &&
      std::all_of(name.begin(), name.end(), [&](char c) {
        return (lower ? is_lower(c) : is_letter(c)) || is_digit(c) || others.find(c) != others.npos;
      });
  if (!good) {
    std::string marks;
    for (const char c : others) marks += fmt::format(" {}", c);
    return fmt::format("{} is not {}: {} letters, digits and{}", in_quotes(name), wanted,
                       lower ? "lower-case" : "plain", marks);
  }
  if (name.size() > kLongestName) {
    return fmt::format("{} is too long: at most {} characters", in_quotes(name), kLongestName);
  }
  return {};
}
void NameForm::read(const Cursor& at, std::string& out) const {
  const auto text = at.scalar(wanted);
  if (!text) return;
  std::string wrong = complaint(*text);
  if (!wrong.empty()) return at.error(std::move(wrong));
  out = *text;
}
Shape NameForm::shape() const {
  const std::string_view letters = lower ? "a-z" : "A-Za-z";
  // A '-' stands last, where it means itself in every dialect.
  std::string marks(others);
  std::stable_partition(marks.begin(), marks.end(), [](char c) { return c != '-'; });
  return text_shape(wanted,
                    fmt::format("^[{}{}][{}0-9{}]{{0,{}}}$", letters, digit_first ? "0-9" : "",
                                letters, marks, kLongestName - 1),
                    "");
}

std::optional<std::size_t> read_word(const Cursor& at, std::span<const Word> words,
                                     std::string_view noun) {
  std::vector<std::string_view> names;
  for (const Word& w : words) {
    if (!w.planned) names.push_back(w.name);
  }
  const auto text = at.scalar(fmt::format("a {}, one of {}", noun, listed(names)));
  if (!text) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].name != *text) continue;
    if (!words[i].planned) return i;
    at.error(not_supported(*text, listed(names)));
    return std::nullopt;
  }
  at.error(fmt::format("{} is no {}{}", in_quotes(*text), noun, suggestion(*text, names)));
  return std::nullopt;
}
Shape shape_of(std::span<const Word> words) {
  Shape s;
  s.kind = Shape::Kind::kChoice;
  for (const Word& w : words) {
    if (!w.planned) s.options.push_back({std::string(w.name), std::string(w.about)});
  }
  return s;
}

}  // namespace seedbed
