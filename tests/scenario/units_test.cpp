// Values with units: what is read, exactly; what is refused, in which words.
#include "sim/scenario/units.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

namespace seedbed {
namespace {

constexpr std::int64_t kMaxInt = std::numeric_limits<std::int64_t>::max();

TEST(Units, Durations) {
  const struct {
    std::string_view text;
    std::int64_t ns;
  } table[] = {
      {"0s", 0},
      {"1ns", 1},
      {"5us", 5'000},
      {"150ms", 150'000'000},
      {"0.5ms", 500'000},
      {"1.000000001s", 1'000'000'001},
      {"2m", 120'000'000'000},
      {"2min", 120'000'000'000},
      {"0.5h", 1'800'000'000'000},
      {"007ms", 7'000'000},
      {"0.10ms", 100'000},
      {"9223372036.854775807s", kMaxInt},
      {"9223372036854775807ns", kMaxInt},
  };
  for (const auto& row : table) {
    const auto parsed = parse_duration(row.text);
    ASSERT_TRUE(parsed.value) << row.text << ": " << parsed.error;
    EXPECT_EQ(parsed.value->count(), row.ns) << row.text;
  }
  EXPECT_EQ(parse_duration("-20ms", Sign::kAny).value->count(), -20'000'000);
  EXPECT_EQ(parse_duration("-9223372036854775807ns", Sign::kAny).value->count(), -kMaxInt);
}

TEST(Units, RefusedDurations) {
  for (const std::string_view text :
       {"",      "5",       "ms",    "5 ms",     " 5ms", "5ms ", "5MS",
        "5sec",  ".5s",     "5.s",   "1.2.3s",   "+5s",  "--5s", "1e3ms",
        "0x5ms", "1_000ms", "1,5ms", "5ms..6ms", "NaNs", "infs", "٥s"}) {
    const auto parsed = parse_duration(text, Sign::kAny);
    EXPECT_FALSE(parsed.value) << text;
    EXPECT_NE(parsed.error.find("is not a duration: a number with a unit"), std::string::npos)
        << parsed.error;
  }
  EXPECT_EQ(parse_duration("5").error,
            "'5' is not a duration: a number with a unit (ns, us, ms, s, min, h), such as 150ms");
  EXPECT_EQ(parse_duration("-5s").error, "'-5s' is negative: allowed is 0s or more, such as 150ms");
  EXPECT_EQ(parse_duration("0.5ns").error, "'0.5ns' has more digits than fit: the finest is 1ns");
  EXPECT_EQ(parse_duration("0.00000000000025h").error,  // 0.9 ns
            "'0.00000000000025h' has more digits than fit: the finest is 1ns");
  EXPECT_EQ(
      parse_duration("9223372036.854775808s").error,
      "'9223372036.854775808s' is too large for a duration: a number with a unit (ns, us, ms, "
      "s, min, h), such as 150ms");
  EXPECT_FALSE(parse_duration("99999999999999999999999999999999999999s").value);
  EXPECT_FALSE(parse_duration(fmt::format("{}s", std::string(100'000, '9'))).value);
  EXPECT_FALSE(parse_duration(fmt::format("0.{}s", std::string(100'000, '1'))).value);
  EXPECT_TRUE(parse_duration(fmt::format("{}1s", std::string(1000, '0'))).value);
}

TEST(Units, Ranges) {
  const auto range = parse_range("150ms..0.3s");
  ASSERT_TRUE(range.value);
  EXPECT_EQ(*range.value, (Range<Duration>{150_ms, 300_ms}));
  EXPECT_EQ(*parse_range("5ms").value, (Range<Duration>{5_ms, 5_ms}));
  EXPECT_EQ(*parse_range("5ms..5ms").value, (Range<Duration>{5_ms, 5_ms}));
  EXPECT_EQ(*parse_range("-500ms..500ms", Sign::kAny).value, (Range<Duration>{-(500_ms), 500_ms}));
  EXPECT_EQ(parse_range("5").error,
            "'5' is not a duration or a range of them: such as 150ms or 150ms..300ms");
  EXPECT_EQ(parse_range("5ms..1ms").error,
            "'5ms..1ms' runs backwards: the smaller end comes first, such as 150ms..300ms");
  EXPECT_EQ(parse_range("-5ms..1ms").error,
            "'-5ms' is negative: allowed is 0s or more, such as 150ms");
  EXPECT_EQ(parse_range("-5ms").error, "'-5ms' is negative: allowed is 0s or more, such as 150ms");
  for (const std::string_view text :
       {"..", "1ms..", "..1ms", "1..2ms", "1ms...2ms", "1ms..2ms..3ms", "1ms.. 2ms", "1ms-2ms"}) {
    EXPECT_FALSE(parse_range(text).value) << text;
  }
}

TEST(Units, Rates) {
  EXPECT_EQ(parse_rate("200/s").value, 200'000U);
  EXPECT_EQ(parse_rate("0.001/s").value, 1U);
  EXPECT_EQ(parse_rate("12000/min").value, 200'000U);
  EXPECT_EQ(parse_rate("90/min").value, 1'500U);
  EXPECT_EQ(parse_rate("1000000000/s").value, 1'000'000'000'000U);
  EXPECT_EQ(parse_rate("0/s").error, "'0/s' is nothing: a rate is above 0, such as 200/s");
  EXPECT_EQ(parse_rate("100/min").error,
            "'100/min' is no whole number of thousandths a second: 120/min or 0.25/s is");
  EXPECT_EQ(parse_rate("200").error,
            "'200' is not a rate: a number per second or minute, such as 200/s");
  for (const std::string_view text :
       {"-1/s", "0.0001/s", "1000000001/s", "1/h", "1/ s", "/s", ""}) {
    EXPECT_FALSE(parse_rate(text).value) << text;
  }
}

TEST(Units, Percentages) {
  EXPECT_EQ(parse_percent("0.5%").value, (Probability{5'000'000}));
  EXPECT_EQ(parse_percent("0%").value, Probability{});
  EXPECT_EQ(parse_percent("100%").value, (Probability{Probability::kOne}));
  EXPECT_EQ(parse_percent("0.0000001%").value, (Probability{1}));
  EXPECT_EQ(parse_percent("100.0000001%").error,
            "'100.0000001%' is above 100%: a percentage is a number from 0% to 100%, such as 0.5%");
  EXPECT_EQ(parse_percent("0.5").error,
            "'0.5' is not a percentage: a number from 0% to 100%, such as 0.5%");
  for (const std::string_view text : {"0.00000001%", "-1%", "%", "5 %", "5%%", "1e2%"}) {
    EXPECT_FALSE(parse_percent(text).value) << text;
  }
}

TEST(Units, SizesBandwidthsDriftsFactors) {
  EXPECT_EQ(parse_size("64KiB").value, 65'536U);
  EXPECT_EQ(parse_size("1.5MiB").value, 1'572'864U);
  EXPECT_EQ(parse_size("1GB").value, 1'000'000'000U);
  EXPECT_FALSE(parse_size("0.5B").value);
  EXPECT_FALSE(parse_size("64kib").value);
  EXPECT_EQ(parse_bandwidth("1Gbps").value, 1'000'000'000U);
  EXPECT_EQ(parse_bandwidth("100Mbps").value, 100'000'000U);
  EXPECT_EQ(parse_bandwidth("56.6kbps").value, 56'600U);
  EXPECT_FALSE(parse_bandwidth("0bps").value);
  EXPECT_FALSE(parse_bandwidth("1GBps").value);
  EXPECT_EQ(parse_drift("200ppm").value, 200'000);
  EXPECT_EQ(parse_drift("0.5ppm").value, 500);
  EXPECT_EQ(parse_drift("7ppb").value, 7);
  EXPECT_EQ(parse_drift("100000ppm").value, 100'000'000);
  EXPECT_FALSE(parse_drift("100001ppm").value);
  EXPECT_FALSE(parse_drift("-1ppm").value);
  EXPECT_EQ(parse_drift_range("-200ppm..0.5ppm").value, (Range<std::int64_t>{-200'000, 500}));
  EXPECT_EQ(parse_drift_range("-7ppb").value, (Range<std::int64_t>{-7, -7}));
  EXPECT_FALSE(parse_drift_range("200ppm..-200ppm").value);
  EXPECT_FALSE(parse_drift_range("--200ppm").value);
  EXPECT_FALSE(parse_drift_range("1ppm..").value);
  EXPECT_FALSE(parse_drift_range("..").value);
  EXPECT_FALSE(parse_drift_range("").value);
  EXPECT_FALSE(parse_drift_range("1ppm..200000ppm").value);
  EXPECT_EQ(parse_factor("10x").value, 10'000U);
  EXPECT_EQ(parse_factor("0.5x").value, 500U);
  EXPECT_FALSE(parse_factor("0x").value);
  EXPECT_FALSE(parse_factor("10").value);
}

TEST(Units, Integers) {
  EXPECT_EQ(parse_integer("42", 0, 100).value, 42);
  EXPECT_EQ(parse_integer("0", 0, 100).value, 0);
  EXPECT_EQ(parse_integer("-7", -10, 100).value, -7);
  EXPECT_EQ(parse_integer("9223372036854775807", 0, kMaxInt).value, kMaxInt);
  EXPECT_EQ(parse_integer("9223372036854775808", 0, kMaxInt).error,
            "'9223372036854775808' is out of bounds: allowed is 0 to 9223372036854775807");
  EXPECT_EQ(parse_integer("five", 1, 100).error, "'five' is not a whole number, such as 5");
  EXPECT_EQ(parse_integer("0", 1, 100).error, "'0' is out of bounds: allowed is 1 to 100");
  for (const std::string_view text : {"", "-", "1.0", "010", "0x10", "1e3", "1_000", " 1", "1 "}) {
    EXPECT_FALSE(parse_integer(text, 0, 100).value) << text;
  }
}

TEST(Units, DecimalsBooleansMilliseconds) {
  EXPECT_EQ(parse_decimal("0.99", 3, 1, 10'000).value, 990);
  EXPECT_EQ(parse_decimal("2", 3, 1, 10'000).value, 2'000);
  EXPECT_EQ(parse_decimal("0.0001", 3, 1, 10'000).error,
            "'0.0001' has more digits than fit: at most 3 after the point");
  EXPECT_EQ(parse_decimal("11", 3, 1, 10'000).error,
            "'11' is out of bounds: allowed is 0.001 to 10");
  EXPECT_EQ(parse_decimal("much", 3, 1, 10'000).error, "'much' is not a number, such as 1.5");
  EXPECT_EQ(parse_boolean("true").value, true);
  EXPECT_EQ(parse_boolean("false").value, false);
  for (const std::string_view text : {"yes", "on", "True", "1", ""}) {
    EXPECT_FALSE(parse_boolean(text).value) << text;
  }
  EXPECT_EQ(parse_milliseconds("72.44800000000001").value->count(), 72'448'000);
  EXPECT_EQ(parse_milliseconds("12").value->count(), 12'000'000);
  EXPECT_FALSE(parse_milliseconds("1e3").value);
  EXPECT_FALSE(parse_milliseconds("-1").value);
  EXPECT_FALSE(parse_milliseconds("1.").value);
}

}  // namespace
}  // namespace seedbed
