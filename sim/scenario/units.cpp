#include "sim/scenario/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

#include "sim/base/hash.h"
#include "sim/scenario/errors.h"

namespace seedbed {

#define SEEDBED_NUMBER "[0-9]+(\\.[0-9]+)?"
#define SEEDBED_DURATION SEEDBED_NUMBER "(ns|us|ms|s|m|min|h)"

constexpr UnitForm kDurationForm = {"a duration",
                                    "a number with a unit (ns, us, ms, s, min, h), such as 150ms",
                                    "^" SEEDBED_DURATION "$", "150ms"};
constexpr UnitForm kSignedDurationForm = {
    "a duration", "a number with a unit (ns, us, ms, s, min, h), such as 150ms or -20ms",
    "^-?" SEEDBED_DURATION "$", "-20ms"};
constexpr UnitForm kRangeForm = {"a duration or a range of them", "such as 150ms or 150ms..300ms",
                                 "^" SEEDBED_DURATION "(\\.\\." SEEDBED_DURATION ")?$",
                                 "150ms..300ms"};
constexpr UnitForm kSignedRangeForm = {
    "a duration or a range of them", "such as -20ms or -500ms..500ms",
    "^-?" SEEDBED_DURATION "(\\.\\.-?" SEEDBED_DURATION ")?$", "-500ms..500ms"};
constexpr UnitForm kRateForm = {"a rate", "a number per second or minute, such as 200/s",
                                "^" SEEDBED_NUMBER "/(s|min)$", "200/s"};
constexpr UnitForm kPercentForm = {"a percentage", "a number from 0% to 100%, such as 0.5%",
                                   "^" SEEDBED_NUMBER "%$", "0.5%"};
constexpr UnitForm kSizeForm = {
    "a size", "a number with a unit (B, KiB, MiB, GiB, kB, MB, GB), such as 64KiB",
    "^" SEEDBED_NUMBER "(B|KiB|MiB|GiB|kB|MB|GB)$", "64KiB"};
constexpr UnitForm kBandwidthForm = {
    "a bandwidth", "a number with a unit (bps, kbps, Mbps, Gbps, Tbps), such as 1Gbps",
    "^" SEEDBED_NUMBER "([kKMGT]?bps)$", "1Gbps"};
constexpr UnitForm kDriftForm = {"a drift", "a number with a unit (ppm, ppb), such as 200ppm",
                                 "^" SEEDBED_NUMBER "(ppm|ppb)$", "200ppm"};
constexpr UnitForm kDriftRangeForm = {
    "a drift or a range of them", "such as 500ppm or -200ppm..200ppm",
    "^-?" SEEDBED_NUMBER "(ppm|ppb)(\\.\\.-?" SEEDBED_NUMBER "(ppm|ppb))?$", "-200ppm..200ppm"};
constexpr UnitForm kFactorForm = {"a factor", "a number and an x, such as 10x",
                                  "^" SEEDBED_NUMBER "x$", "10x"};

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;  // in the unit of the result
};

constexpr Unit kDurationUnits[] = {{"ns", 1},
                                   {"us", 1'000},
                                   {"ms", 1'000'000},
                                   {"s", 1'000'000'000},
                                   {"m", 60'000'000'000},
                                   {"min", 60'000'000'000},
                                   {"h", 3'600'000'000'000}};
// In sixtieths of a thousandth a second, of which both units are a whole number.
constexpr Unit kRateUnits[] = {{"/s", 60'000}, {"/min", 1'000}};
constexpr std::uint64_t kRatePart = 60;
constexpr Unit kPercentUnits[] = {{"%", Probability::kOne / 100}};
constexpr Unit kSizeUnits[] = {
    {"B", 1},      {"KiB", 1u << 10}, {"MiB", 1u << 20},    {"GiB", 1u << 30},
    {"kB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}};
constexpr Unit kBandwidthUnits[] = {
    {"bps", 1},          {"kbps", 1'000},         {"Kbps", 1'000},
    {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}, {"Tbps", 1'000'000'000'000}};
constexpr Unit kDriftUnits[] = {{"ppb", 1}, {"ppm", 1'000}};
constexpr Unit kFactorUnits[] = {{"x", 1'000}};

constexpr std::size_t kMostWholeDigits = 19;           // of a 64-bit number
constexpr std::size_t kMostFractionDigits = 18;        // so that times any unit it fits in 128 bits
constexpr std::uint64_t kMaxRate = 1'000'000'000'000;  // 10^9 a second, in thousandths

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_digit);
}
std::uint64_t to_number(std::string_view digits) {
  std::uint64_t n = 0;
  for (const char c : digits) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return n;
}

enum class Outcome : std::uint8_t { kExact, kMalformed, kTooLarge, kTooFine };

/// `number` (digits, perhaps a point and digits) times `unit`, which must come out whole.
Outcome multiply(std::string_view number, std::uint64_t unit, std::uint64_t& result) {
  const std::size_t point = number.find('.');
  std::string_view whole = number.substr(0, point);
  std::string_view fraction = point == number.npos ? "" : number.substr(point + 1);
  if (!all_digits(whole) || (point != number.npos && !all_digits(fraction))) {
    return Outcome::kMalformed;
  }
  while (whole.starts_with('0')) whole.remove_prefix(1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (whole.size() > kMostWholeDigits) return Outcome::kTooLarge;
  if (fraction.size() > kMostFractionDigits) return Outcome::kTooFine;

  std::uint64_t one = 1;
  for (std::size_t i = 0; i < fraction.size(); ++i) one *= 10;
  const Uint128 part = Uint128{to_number(fraction)} * unit;
  if (part % one != 0) return Outcome::kTooFine;
  const Uint128 total = Uint128{to_number(whole)} * unit + part / one;
  if (total > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return Outcome::kTooLarge;
  result = static_cast<std::uint64_t>(total);
  return Outcome::kExact;
}

std::string not_a(std::string_view text, const UnitForm& form) {
  return fmt::format("{} is not {}: {}", in_quotes(text), form.noun, form.hint);
}
std::string too_large(std::string_view text, const UnitForm& form) {
  return fmt::format("{} is too large for {}: {}", in_quotes(text), form.noun, form.hint);
}

struct Scaled {
  bool negative = false;
  std::uint64_t size = 0;  // at most 2^63 - 1
};

/// A sign, a number and one of `units`; `finest` is what the result counts, for the error.
Parsed<Scaled> parse_scaled(std::string_view text, std::span<const Unit> units,
                            const UnitForm& form, std::string_view finest) {
  std::string_view rest = text;
  Scaled result;
  if (rest.starts_with('-')) {
    result.negative = true;
    rest.remove_prefix(1);
  }
  const auto end_of_number =
      std::find_if(rest.begin(), rest.end(), [](char c) { return !is_digit(c) && c != '.'; });
  const auto length = static_cast<std::size_t>(end_of_number - rest.begin());
  const std::string_view name = rest.substr(length);
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (unit == units.end()) return {{}, not_a(text, form)};

  switch (multiply(rest.substr(0, length), unit->size, result.size)) {
    case Outcome::kExact: return {result, {}};
    case Outcome::kMalformed: return {{}, not_a(text, form)};
    case Outcome::kTooLarge: return {{}, too_large(text, form)};
    case Outcome::kTooFine: break;
  }
  return {{},
          fmt::format("{} has more digits than fit: the finest is {}", in_quotes(text), finest)};
}

/// The same for what is never negative.
Parsed<std::uint64_t> parse_positive(std::string_view text, std::span<const Unit> units,
                                     const UnitForm& form, std::string_view finest) {
  const Parsed<Scaled> parsed = parse_scaled(text, units, form, finest);
  if (!parsed.value) return {{}, parsed.error};
  if (parsed.value->negative) {
    return {{}, fmt::format("{} is negative: {} is {}", in_quotes(text), form.noun, form.hint)};
  }
  return {parsed.value->size, {}};
}

/// The same for what must not be 0 either.
Parsed<std::uint64_t> above_zero(Parsed<std::uint64_t> parsed, std::string_view text,
                                 const UnitForm& form) {
  if (parsed.value && *parsed.value == 0) {
    return {{},
            fmt::format("{} is nothing: {} is above 0, such as {}", in_quotes(text), form.noun,
                        form.example)};
  }
  return parsed;
}

}  // namespace

#undef SEEDBED_DURATION
#undef SEEDBED_NUMBER

Parsed<Duration> parse_duration(std::string_view text, Sign sign) {
  const bool any = sign == Sign::kAny;
  const UnitForm& form = any ? kSignedDurationForm : kDurationForm;
  const Parsed<Scaled> parsed = parse_scaled(text, kDurationUnits, form, "1ns");
  if (!parsed.value) return {{}, parsed.error};
  const auto ns = static_cast<std::int64_t>(parsed.value->size);
  if (parsed.value->negative && ns != 0 && !any) {
    return {{},
            fmt::format("{} is negative: allowed is 0s or more, such as {}", in_quotes(text),
                        form.example)};
  }
  return {Duration(parsed.value->negative ? -ns : ns), {}};
}

Parsed<Range<Duration>> parse_range(std::string_view text, Sign sign) {
  const UnitForm& form = sign == Sign::kAny ? kSignedRangeForm : kRangeForm;
  const std::size_t dots = text.find("..");
  const Parsed<Duration> min = parse_duration(text.substr(0, dots), sign);
  if (dots == text.npos) {
    if (min.value) return {Range<Duration>{*min.value, *min.value}, {}};
    // What is neither may have been meant as either, so the hint tells of both.
    const UnitForm& one = sign == Sign::kAny ? kSignedDurationForm : kDurationForm;
    return {{}, min.error == not_a(text, one) ? not_a(text, form) : min.error};
  }
  if (!min.value) return {{}, min.error};
  const Parsed<Duration> max = parse_duration(text.substr(dots + 2), sign);
  if (!max.value) return {{}, max.error};
  if (*max.value < *min.value) {
    return {{},
            fmt::format("{} runs backwards: the smaller end comes first, such as {}",
                        in_quotes(text), form.example)};
  }
  return {Range<Duration>{*min.value, *max.value}, {}};
}

Parsed<std::uint64_t> parse_rate(std::string_view text) {
  const Parsed<std::uint64_t> parsed =
      above_zero(parse_positive(text, kRateUnits, kRateForm, "0.001/s"), text, kRateForm);
  if (!parsed.value) return parsed;
  if (*parsed.value % kRatePart != 0) {
    return {{},
            fmt::format("{} is no whole number of thousandths a second: 120/min or 0.25/s is",
                        in_quotes(text))};
  }
  const std::uint64_t millihertz = *parsed.value / kRatePart;
  if (millihertz > kMaxRate) return {{}, too_large(text, kRateForm)};
  return {millihertz, {}};
}

Parsed<Probability> parse_percent(std::string_view text) {
  const Parsed<std::uint64_t> parsed =
      parse_positive(text, kPercentUnits, kPercentForm, "0.0000001%");
  if (!parsed.value) return {{}, parsed.error};
  if (*parsed.value > Probability::kOne) {
    return {{},
            fmt::format("{} is above 100%: {} is {}", in_quotes(text), kPercentForm.noun,
                        kPercentForm.hint)};
  }
  return {Probability{static_cast<std::uint32_t>(*parsed.value)}, {}};
}

Parsed<std::uint64_t> parse_size(std::string_view text) {
  return parse_positive(text, kSizeUnits, kSizeForm, "1B");
}

Parsed<std::uint64_t> parse_bandwidth(std::string_view text) {
  return above_zero(parse_positive(text, kBandwidthUnits, kBandwidthForm, "1bps"), text,
                    kBandwidthForm);
}

Parsed<std::int64_t> parse_drift(std::string_view text) {
  constexpr std::uint64_t kMost = 100'000'000;
  const Parsed<std::uint64_t> parsed = parse_positive(text, kDriftUnits, kDriftForm, "1ppb");
  if (!parsed.value) return {{}, parsed.error};
  if (*parsed.value > kMost) {
    return {{}, fmt::format("{} is too large for a drift: at most 100000ppm", in_quotes(text))};
  }
  return {static_cast<std::int64_t>(*parsed.value), {}};
}

Parsed<Range<std::int64_t>> parse_drift_range(std::string_view text) {
  const auto parse_end = [](std::string_view end) {
    const bool negative = end.starts_with('-');
    Parsed<std::int64_t> parsed = parse_drift(end.substr(negative ? 1 : 0));
    if (parsed.value && negative) parsed.value = -*parsed.value;
    return parsed;
  };
  const std::size_t dots = text.find("..");
  const Parsed<std::int64_t> min = parse_end(text.substr(0, dots));
  const Parsed<std::int64_t> max = dots == text.npos ? min : parse_end(text.substr(dots + 2));
  for (const auto* end : {&min, &max}) {
    if (end->value) continue;
    const bool large = end->error.ends_with("at most 100000ppm");
    return {{}, large ? end->error : not_a(text, kDriftRangeForm)};
  }
  if (*max.value < *min.value) {
    return {{},
            fmt::format("{} runs backwards: the smaller end comes first, such as {}",
                        in_quotes(text), kDriftRangeForm.example)};
  }
  return {Range<std::int64_t>{*min.value, *max.value}, {}};
}

Parsed<std::uint64_t> parse_factor(std::string_view text) {
  return above_zero(parse_positive(text, kFactorUnits, kFactorForm, "0.001x"), text, kFactorForm);
}

Parsed<std::int64_t> parse_integer(std::string_view text, std::int64_t min, std::int64_t max) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (!all_digits(digits) || (digits.size() > 1 && digits.front() == '0')) {
    return {{},
            fmt::format("{} is not a whole number, such as {}", in_quotes(text),
                        std::clamp<std::int64_t>(5, min, max))};
  }
  std::uint64_t size = 0;
  const bool fits = multiply(digits, 1, size) == Outcome::kExact;
  const std::int64_t n =
      negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  if (!fits || n < min || n > max) {
    return {{}, fmt::format("{} is out of bounds: allowed is {} to {}", in_quotes(text), min, max)};
  }
  return {n, {}};
}

Parsed<std::int64_t> parse_decimal(std::string_view text, int places, std::int64_t min,
                                   std::int64_t max) {
  std::uint64_t one = 1;
  for (int i = 0; i < places; ++i) one *= 10;
  const bool negative = text.starts_with('-');
  std::uint64_t size = 0;
  const Outcome outcome = multiply(text.substr(negative ? 1 : 0), one, size);
  if (outcome == Outcome::kMalformed) {
    return {{}, fmt::format("{} is not a number, such as 1.5", in_quotes(text))};
  }
  if (outcome == Outcome::kTooFine) {
    return {{},
            fmt::format("{} has more digits than fit: at most {} after the point", in_quotes(text),
                        places)};
  }
  const auto n = negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  if (outcome == Outcome::kTooLarge || n < min || n > max) {
    const auto shown = [&](std::int64_t v) {
      std::string s = fmt::format("{}.{:0{}}", v / static_cast<std::int64_t>(one),
                                  v % static_cast<std::int64_t>(one), places);
      while (s.ends_with('0')) s.pop_back();
      if (s.ends_with('.')) s.pop_back();
      return s;
    };
    return {{},
            fmt::format("{} is out of bounds: allowed is {} to {}", in_quotes(text), shown(min),
                        shown(max))};
  }
  return {n, {}};
}

Parsed<bool> parse_boolean(std::string_view text) {
  if (text == "true") return {true, {}};
  if (text == "false") return {false, {}};
  return {{}, fmt::format("{} is neither true nor false", in_quotes(text))};
}

Parsed<Duration> parse_milliseconds(std::string_view text) {
  constexpr std::size_t kDigits = 6;  // of a millisecond, in nanoseconds
  const std::size_t point = text.find('.');
  std::string_view kept = text;
  if (point != text.npos && all_digits(text.substr(point + 1))) {
    kept = text.substr(0, point + 1 + kDigits);
  }
  std::uint64_t ns = 0;
  switch (multiply(kept, 1'000'000, ns)) {
    case Outcome::kExact: return {Duration(static_cast<std::int64_t>(ns)), {}};
    case Outcome::kTooLarge: return {{}, fmt::format("{} is too large", in_quotes(text))};
    default: break;
  }
  return {{},
          fmt::format("{} is neither a duration, such as 12.5ms, nor a number of milliseconds",
                      in_quotes(text))};
}

}  // namespace seedbed
