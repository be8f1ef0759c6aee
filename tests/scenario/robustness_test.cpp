// No input crashes the reader, hangs it, or is refused without a place.
#include <gtest/gtest.h>

#include <chrono>

#include "sim/base/rng.h"
#include "sim/scenario/yaml_tree.h"
#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

void expect_located(const ReadResult& result, std::string_view text) {
  ASSERT_NE(result.scenario.has_value(), !result.errors.empty());
  for (const ScenarioError& e : result.errors) {
    ASSERT_FALSE(e.file.empty());
    ASSERT_GE(e.line, 1) << e.text() << "\n" << text;
    ASSERT_GE(e.column, 1) << e.text() << "\n" << text;
    ASSERT_FALSE(e.message.empty());
    ASSERT_EQ(e.text().find('\n'), std::string::npos) << e.text();
  }
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

/// One random change: a byte flipped, put in, taken out, or a stretch doubled or cut.
void mutate(std::string& text, Rng& rng) {
  static constexpr std::string_view kTelling = "[]{},:&*!|>'\"%@`#?- \n\t\\.0123456789smn~<";
  const auto at = static_cast<std::size_t>(rng.below(text.size() + 1));
  const auto length = static_cast<std::size_t>(rng.below(40));
  const char telling = kTelling[static_cast<std::size_t>(rng.below(kTelling.size()))];
  const auto any = static_cast<char>(rng.below(256));
  switch (rng.below(6)) {
    case 0: text.insert(at, 1, telling); break;
    case 1: text.insert(at, 1, any); break;
    case 2: text.erase(at, 1); break;
    case 3: text.erase(at, length); break;
    case 4: text.insert(at, text.substr(at, length)); break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng.below(8)));
  }
}

TEST(Robustness, TwentyThousandMutatedScenarios) {
  const std::string original = slurp(file_here("testdata/full.yaml"));
  ASSERT_FALSE(original.empty());
  int accepted = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    Rng rng(hash_of(20'000, i));
    std::string text = original;
    for (std::uint64_t k = 0, n = 1 + rng.below(4); k < n; ++k) mutate(text, rng);
    const ReadResult result = read(text);
    expect_located(result, text);
    if (::testing::Test::HasFatalFailure()) return;
    accepted += result.scenario.has_value();
  }
  // Comments, blanks and digits can change without harm; most changes cannot.
  EXPECT_GT(accepted, 300);
  EXPECT_LT(accepted, 15'000);
}

TEST(Robustness, BytesFromNowhere) {
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    Rng rng(hash_of(2'000, i));
    std::string text;
    for (std::uint64_t k = 0, n = rng.below(200); k < n; ++k) {
      text +=
          i % 2 == 0 ? static_cast<char>(rng.below(256)) : "[]{},:&*!|>'\"%?- \nab"[rng.below(20)];
    }
    expect_located(read(text), text);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(Robustness, LargeAndStrangeTextsAreQuick) {
  const std::size_t most = std::size_t{1} << 20;
  const std::string hostile[] = {
      repeated("[", most),
      repeated("{", most),
      repeated("[", 100'000),
      repeated("{a: ", most / 4),
      repeated("- ", most / 2),
      repeated("? ", most / 2),
      repeated("a: ", most / 3),
      repeated("&a ", most / 3),
      repeated("!a ", most / 3),
      repeated("'a' ", most / 4),
      repeated("a\n", most / 2),
      repeated("---\n", most / 4),
      repeated("-\n", most / 2),
      "[" + repeated(",", most - 1),
      "[" + repeated("[],", 300'000),
      repeated("a", most),
      "\"" + repeated("\\n", 500'000),
      repeated("*a ", most / 3),
      repeated("]", most),
      repeated("{[", most / 2),
      repeated("%TAG ! x\n", 100'000),
      "a: |\n" + repeated(" \n", 500'000),
      repeated("[", 100'000) + repeated("]", 100'000),
  };
  for (const std::string& text : hostile) {
    SCOPED_TRACE(text.substr(0, 12));
    const auto begin = std::chrono::steady_clock::now();
    const ReadResult result = read(text);
    expect_located(result, text.substr(0, 40));
    EXPECT_FALSE(result.scenario);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  }
}

TEST(Robustness, ManyUnknownNamesAreQuick) {
  std::string keys = "protocol: raft\n";
  for (int i = 0; i < 19'000; ++i)
    keys += "durations_and_other_things_" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(read(keys).errors.size(), Errors::kMost + 1);
}

TEST(Robustness, TenMegabytes) {
  const std::string text =
      "protocol: raft\n" + repeated("# " + std::string(97, 'x') + "\n", 100'000);
  EXPECT_EQ(errors_of(text),
            "test.yaml:1:1: larger than 1048576 bytes (1 MiB), the most that is read\n");
}

TEST(Robustness, LimitsAreExact) {
  const auto nested = [](std::size_t depth) {
    return "a: " + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "\n";
  };
  Errors errors({"t"});
  EXPECT_TRUE(parse_yaml(nested(kMostDepth), 0, "", errors));
  EXPECT_FALSE(parse_yaml(nested(kMostDepth + 1), 0, "", errors));
  const auto list = [](std::size_t nodes) { return "[" + repeated("x,", nodes - 1) + "]"; };
  EXPECT_TRUE(parse_yaml(list(kMostNodes), 0, "", errors));
  EXPECT_FALSE(parse_yaml(list(kMostNodes + 1), 0, "", errors));
  // Aliases count as what they stand for: text, too.
  const std::string large(100'000, 'x');
  EXPECT_TRUE(parse_yaml("[&a " + large + repeated(", *a", 40) + "]", 0, "", errors));
  EXPECT_FALSE(parse_yaml("[&a " + large + repeated(", *a", 42) + "]", 0, "", errors));
  // And levels: 20 of the anchor below 20 of its alias.
  const std::string deep = std::string(20, '[') + std::string(20, ']');
  EXPECT_FALSE(
      parse_yaml("[&a " + deep + ", " + std::string(20, '[') + "*a" + std::string(20, ']') + "]", 0,
                 "", errors));
}

TEST(Robustness, ByteOrderMarkAndLineEnds) {
  EXPECT_EQ(errors_of("\xEF\xBB\xBFprotocol: raft\r\nnodes: 5\r\n"), "");
  EXPECT_EQ(errors_of("\xEF\xBB\xBFprotocol: raft\r\nnodes: x\r\n"),
            "test.yaml:2:8: nodes: 'x' is not a whole number, such as 5\n");
  EXPECT_EQ(errors_of("protocol: raft\rnodes: 5\r"),
            "test.yaml:1:15: not text: the control character 0x0d\n");
  EXPECT_EQ(errors_of(std::string("protocol: raft\0\n", 16)),
            "test.yaml:1:15: not text: the control character 0x00\n");
  EXPECT_EQ(errors_of("protocol: raft\nabout: \xED\xA0\x80\n"),
            "test.yaml:2:8: not UTF-8 text: byte 0xed\n");
  EXPECT_EQ(errors_of("protocol: raft\nabout: \"Grüße, 世界 🌱\"\n"), "");
}

}  // namespace
}  // namespace seedbed
