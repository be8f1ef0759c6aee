// Values with units, as a scenario writes them, parsed exactly: integers all the way, no rounding.
// What does not fit or is too fine is an error that says what was found and what is allowed.
//
//   parse_duration("0.5ms").value->count();            // 500000
//   parse_duration("5").error;   // "'5' is not a duration: a number with a unit (ns, us, ms, s,
//                                //  min, h), such as 150ms"
//   parse_range("150ms..300ms").value->max;            // 300 ms
//   parse_percent("0.5%").value->ppb;                  // 5000000
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

/// A kind of value: what the errors and the schema say of it.
struct UnitForm {
  std::string_view noun;     // "a duration"
  std::string_view hint;     // "a number with a unit (...), such as 150ms"
  std::string_view pattern;  // ECMA-262, anchored, for the schema
  std::string_view example;
};
extern const UnitForm kDurationForm;
extern const UnitForm kSignedDurationForm;
extern const UnitForm kRangeForm;
extern const UnitForm kSignedRangeForm;
extern const UnitForm kRateForm;
extern const UnitForm kPercentForm;
extern const UnitForm kSizeForm;
extern const UnitForm kBandwidthForm;
extern const UnitForm kDriftForm;
extern const UnitForm kDriftRangeForm;
extern const UnitForm kFactorForm;

/// Either the value or what is wrong.
template <class T>
struct Parsed {
  std::optional<T> value;
  std::string error;
};

enum class Sign : std::uint8_t { kNonNegative, kAny };

/// "150ms"; ns, us, ms, s, m or min, h.
Parsed<Duration> parse_duration(std::string_view text, Sign sign = Sign::kNonNegative);
/// "150ms..300ms", ordered; one duration is the range from it to itself.
Parsed<Range<Duration>> parse_range(std::string_view text, Sign sign = Sign::kNonNegative);
/// "200/s", "12000/min": in thousandths a second, above 0 and at most 10^9 a second.
Parsed<std::uint64_t> parse_rate(std::string_view text);
/// "0.5%", from 0% to 100%.
Parsed<Probability> parse_percent(std::string_view text);
/// "64KiB", "1MB": bytes.
Parsed<std::uint64_t> parse_size(std::string_view text);
/// "1Gbps": bits a second, above 0.
Parsed<std::uint64_t> parse_bandwidth(std::string_view text);
/// "200ppm", "50ppb": parts per billion, at most 100000ppm.
Parsed<std::int64_t> parse_drift(std::string_view text);
/// "500ppm", "-200ppm..200ppm", ordered; one drift is the range from it to itself.
Parsed<Range<std::int64_t>> parse_drift_range(std::string_view text);
/// "10x", "0.5x": thousandths, above 0.
Parsed<std::uint64_t> parse_factor(std::string_view text);
/// "42": no unit, no leading zeros, within [min, max].
Parsed<std::int64_t> parse_integer(std::string_view text, std::int64_t min, std::int64_t max);
/// "0.99" in units of 10^-`places` (at most 9), within [min, max] of these units.
Parsed<std::int64_t> parse_decimal(std::string_view text, int places, std::int64_t min,
                                   std::int64_t max);
/// "true" or "false", and nothing else.
Parsed<bool> parse_boolean(std::string_view text);
/// A measured number of milliseconds, "72.44800000000001". Digits below a nanosecond are noise of
/// the measurement and are dropped: the one place where a value is not kept exactly.
Parsed<Duration> parse_milliseconds(std::string_view text);

}  // namespace seedbed
