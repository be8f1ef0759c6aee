#include "sim/base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace seedbed {
namespace {

TEST(Text, DurationsAreExactAndShort) {
  EXPECT_EQ(to_text(0_ns), "0s");
  EXPECT_EQ(to_text(150_ms), "150ms");
  EXPECT_EQ(to_text(1500_ms), "1.5s");
  EXPECT_EQ(to_text(-20_us), "-20us");
  EXPECT_EQ(to_text(1_ns), "1ns");
  EXPECT_EQ(to_text(1'234'567_ns), "1.234567ms");
  EXPECT_EQ(to_text(Duration(std::numeric_limits<std::int64_t>::min())), "-9223372036.854775808s");
}

TEST(Text, TimesHaveSixDecimals) {
  EXPECT_EQ(to_text(Time{} + 12'000'350_us), "12.000350s");
  EXPECT_EQ(to_text(Time{} - 500_us), "-0.000500s");
}

TEST(Text, ProbabilitiesArePercentages) {
  EXPECT_EQ(to_text(Probability::percent(5)), "5%");
  EXPECT_EQ(to_text(Probability{5'000'000}), "0.5%");
  EXPECT_EQ(to_text(Probability{1}), "0.0000001%");
}

TEST(Text, NearestFindsWhatWasMeant) {
  const std::vector<std::string_view> names = {"loss", "latency", "duplicate", "reorder"};
  EXPECT_EQ(nearest("los", names), "loss");
  EXPECT_EQ(nearest("latnecy", names), "latency");
  EXPECT_EQ(nearest("xyzzy-plugh", names), "");
  EXPECT_EQ(nearest("", names), "");
}

}  // namespace
}  // namespace seedbed
