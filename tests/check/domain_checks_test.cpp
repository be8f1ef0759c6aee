// The checks of a domain that need no model: histories that are right, and each violation planted
// alone, found by its name.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/history/value.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "0 vote T1 :yes": process, function, key ("-": none) and value, one after the other; "0 ok:
/// ...", "0 info: ..." and "0 fail: ..." complete what "0 invoke: ..." began. A second apart.
std::string history(const std::vector<std::string_view>& operations) {
  std::string text;
  std::int64_t seconds = 0;
  const auto line = [&](std::string_view type, std::string_view words) {
    const std::size_t process = words.find(' ');
    const std::size_t function = words.find(' ', process + 1);
    const std::size_t key = words.find(' ', function + 1);
    const std::string_view k = words.substr(function + 1, key - function - 1);
    text += fmt::format("{{:type :{} :process {} :f :{} {} :value {} :time {}}}\n", type,
                        words.substr(0, process), words.substr(process + 1, function - process - 1),
                        k == "-" ? "" : fmt::format(":key {}", k), words.substr(key + 1),
                        seconds++ * 1'000'000'000);
  };
  for (const std::string_view operation : operations) {
    const std::size_t colon = operation.find(": ");
    if (colon != std::string_view::npos) {
      line(operation.substr(0, colon), operation.substr(colon + 2));
    } else {
      line("invoke", operation);
      line("ok", operation);
    }
  }
  return text;
}

CheckReport judge(std::string_view model, const std::vector<std::string_view>& operations,
                  std::string level = "", std::string_view init = "") {
  CheckOptions options;
  const HistoryCheck* check = find_history_check(model);
  options.level = level.empty() && !check->levels.empty() ? check->levels.front() : level;
  if (!init.empty()) options.init = std::string(init);
  return check->judge({history(operations), "jepsen-edn", ""}, options);
}

std::vector<std::string> names(const CheckReport& report) {
  std::vector<std::string> names;
  for (const Anomaly& a : report.anomalies) names.push_back(a.name);
  EXPECT_EQ(report.verdict == Verdict::kFail, !names.empty());
  EXPECT_EQ(report.picture.empty(), names.empty());
  return names;
}

using Ops = std::vector<std::string_view>;

// -- atomic commitment --------------------------------------------------------------------------

std::vector<std::string> commitment(const Ops& operations) {
  return names(judge("atomic-commitment", operations));
}

TEST(AtomicCommitment, IsRight) {
  EXPECT_EQ(
      judge("atomic-commitment", {"0 begin T [1 2]", "1 vote T :yes", "2 vote T :yes",
                                  "1 decide T :commit", "2 decide T :commit", "0 begin U [1 2]",
                                  "1 vote U :no", "2 vote U :yes", "2 decide U :abort"})
          .verdict,
      Verdict::kPass);
  EXPECT_EQ(judge("atomic-commitment", {"1 vote T :yes"}).verdict, Verdict::kUnknown);
}

TEST(AtomicCommitment, FindsWhatIsPlanted) {
  const Ops voted{"0 begin T [1 2]", "1 vote T :yes", "2 vote T :yes"};
  const auto then = [&](const Ops& more) {
    Ops all = voted;
    all.insert(all.end(), more.begin(), more.end());
    return commitment(all);
  };
  EXPECT_THAT(then({"1 decide T :commit", "2 decide T :abort"}), ElementsAre("disagreement"));
  EXPECT_THAT(then({"1 decide T :abort", "1 decide T :commit"}), ElementsAre("changed-decision"));
  EXPECT_THAT(then({"1 vote T :no", "1 decide T :abort"}), ElementsAre("changed-vote"));
  EXPECT_THAT(
      commitment({"0 begin T [1 2]", "1 vote T :yes", "2 vote T :no", "1 decide T :commit"}),
      ElementsAre("commit-after-no"));
  EXPECT_THAT(
      commitment({"0 begin T [1 2]", "1 vote T :yes", "1 decide T :commit", "2 vote T :yes"}),
      ElementsAre("commit-without-vote"));
  // What nobody heard of, or did not happen, is no evidence.
  EXPECT_THAT(then({"invoke: 3 vote T :no", "fail: 3 vote T :no", "invoke: 4 vote T :no",
                    "info: 4 vote T :no", "1 decide T :commit"}),
              IsEmpty());
}

TEST(AtomicCommitment, RefusesWhatIsNone) {
  EXPECT_THROW(commitment({"0 vote T :perhaps"}), history::BadHistory);
  EXPECT_THROW(commitment({"0 decide T 7"}), history::BadHistory);
  EXPECT_THROW(commitment({"0 begin T 7"}), history::BadHistory);
  EXPECT_THROW(commitment({"0 veto T :yes"}), history::BadHistory);
}

// -- sagas --------------------------------------------------------------------------------------

std::vector<std::string> saga(const Ops& operations) { return names(judge("saga", operations)); }

TEST(Saga, IsRight) {
  EXPECT_EQ(judge("saga", {"0 begin S [a b]", "1 step S a", "2 step S b", "0 end S :completed",
                           "0 begin R [a b c]", "1 step R a", "2 step R b", "2 compensate R b",
                           "1 compensate R a", "0 end R :compensated"})
                .verdict,
            Verdict::kPass);
  EXPECT_EQ(judge("saga", {"0 begin S [a b]", "1 step S a"}).verdict, Verdict::kUnknown);
  // Asked once more because nobody heard of the first; at once in either order.
  EXPECT_THAT(saga({"0 begin S [a]", "invoke: 1 step S a", "info: 1 step S a", "2 step S a",
                    "0 end S :completed"}),
              IsEmpty());
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 step S b", "invoke: 1 compensate S a",
                    "invoke: 2 compensate S b", "ok: 1 compensate S a", "ok: 2 compensate S b",
                    "0 end S :compensated"}),
              IsEmpty());
}

TEST(Saga, FindsWhatIsPlanted) {
  EXPECT_THAT(
      saga({"0 begin S [a b]", "1 step S a", "1 step S b", "1 step S b", "0 end S :completed"}),
      ElementsAre("duplicated-effect"));
  EXPECT_THAT(saga({"0 begin S [a]", "1 step S a", "1 compensate S a", "1 compensate S a",
                    "0 end S :compensated"}),
              ElementsAre("duplicated-compensation"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 compensate S b", "1 compensate S a",
                    "0 end S :compensated"}),
              ElementsAre("compensation-without-effect"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S b", "1 step S a", "0 end S :completed"}),
              ElementsAre("steps-out-of-order"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 step S b", "1 compensate S a",
                    "1 compensate S b", "0 end S :compensated"}),
              ElementsAre("compensated-out-of-order"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 compensate S a", "1 step S b",
                    "1 compensate S b", "0 end S :compensated"}),
              ElementsAre("step-after-compensation"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "0 end S :completed"}),
              ElementsAre("incomplete"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 step S b", "1 compensate S b",
                    "0 end S :completed"}),
              ElementsAre("completed-and-compensated"));
  EXPECT_THAT(saga({"0 begin S [a b]", "1 step S a", "1 step S b", "1 compensate S b",
                    "0 end S :compensated"}),
              ElementsAre("not-compensated"));
}

// -- broadcast ----------------------------------------------------------------------------------

constexpr std::string_view kLevels[] = {"delivery", "agreement", "no-duplication", "no-creation",
                                        "no-resurrection"};

/// What each level finds.
std::vector<std::string> broadcast(const Ops& operations) {
  std::vector<std::string> found;
  for (const std::string_view level : kLevels) {
    const auto more = names(judge("broadcast", operations, std::string(level)));
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

TEST(Broadcast, IsRight) {
  const Ops right{"0 broadcast - [7 1]", "0 broadcast - [8 2]", "0 retract - [7 1]",
                  "0 read - [1 [8]]", "0 read - [2 [8]]"};
  for (const std::string_view level : kLevels) {
    EXPECT_EQ(judge("broadcast", right, std::string(level)).verdict, Verdict::kPass) << level;
    EXPECT_EQ(judge("broadcast", {"0 broadcast - [7 1]"}, std::string(level)).verdict,
              Verdict::kUnknown);
  }
  // As Maelstrom tells it, with the server as the key or not at all.
  EXPECT_THAT(broadcast({"0 broadcast 1 7", "0 read 1 [7]", "0 read 2 [7]"}), IsEmpty());
  EXPECT_THAT(broadcast({"0 broadcast - 7", "0 read - [7]", "1 read - [7]"}), IsEmpty());
  // Before all has been said a server may lack some.
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "0 read - [2 []]", "0 broadcast - [8 1]",
                         "0 read - [1 [7 8]]", "0 read - [2 [8 7]]"}),
              IsEmpty());
  // Who accepted it does not answer at the end, and nobody has it.
  EXPECT_THAT(broadcast({"0 broadcast - [7 3]", "0 read - [1 []]", "0 read - [2 []]"}), IsEmpty());
  // Nobody knows whether it was taken back.
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "invoke: 0 retract - [7 1]",
                         "info: 0 retract - [7 1]", "1 read - [1 [7]]", "1 read - [2 [7]]"}),
              IsEmpty());
}

TEST(Broadcast, FindsWhatIsPlanted) {
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "0 read - [1 []]", "0 read - [2 []]"}),
              ElementsAre("undelivered"));
  EXPECT_THAT(broadcast({"0 broadcast - [7 3]", "0 read - [1 [7]]", "0 read - [2 []]"}),
              ElementsAre("undelivered", "disagreement"));
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "0 read - [1 [7 7]]", "0 read - [2 [7]]"}),
              ElementsAre("duplicated"));
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "0 read - [1 [7 9]]", "0 read - [2 [7 9]]"}),
              ElementsAre("created"));
  EXPECT_THAT(broadcast({"0 read - [1 [7]]", "0 broadcast - [7 1]", "0 read - [1 [7]]"}),
              ElementsAre("created"));
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "0 retract - [7 1]", "0 read - [1 [7]]"}),
              ElementsAre("resurrected"));
  EXPECT_THAT(broadcast({"0 broadcast - [7 1]", "invoke: 0 retract - [7 1]",
                         "info: 0 retract - [7 1]", "1 read - [1 [7]]", "1 read - [2 []]"}),
              ElementsAre("disagreement"));
}

TEST(Broadcast, RefusesWhatIsNone) {
  EXPECT_THROW(broadcast({"0 broadcast - [7 1 2]"}), history::BadHistory);
  EXPECT_THROW(broadcast({"0 read - 7"}), history::BadHistory);
  EXPECT_THROW(broadcast({"0 write - 7"}), history::BadHistory);
}

// -- lookup -------------------------------------------------------------------------------------

std::vector<std::string> lookup(const Ops& operations, std::string_view init = "[10 20 30]") {
  return names(judge("lookup", operations, "", init));
}

TEST(Lookup, IsRight) {
  EXPECT_EQ(judge("lookup",
                  {"0 lookup 10 10", "0 lookup 11 20", "0 lookup 31 10", "0 lookup -5 10",
                   "0 join - 15", "0 lookup 11 15", "0 leave - 15", "0 lookup 11 20"},
                  "", "[10 20 30]")
                .verdict,
            Verdict::kPass);
  EXPECT_EQ(judge("lookup", {"0 join - 1"}).verdict, Verdict::kUnknown);
  // While somebody joins or leaves, and after nobody heard of it, both are right.
  EXPECT_THAT(lookup({"invoke: 9 join - 15", "0 lookup 11 15", "0 lookup 11 20",
                      "info: 9 join - 15", "0 lookup 11 15", "0 lookup 11 20"}),
              IsEmpty());
  EXPECT_THAT(lookup({"invoke: 9 crash - 20", "0 lookup 11 20", "0 lookup 11 30",
                      "ok: 9 crash - 20", "0 lookup 11 30"}),
              IsEmpty());
  // At some instant of the lookup.
  EXPECT_THAT(lookup({"invoke: 0 lookup 11 nil", "9 crash - 20", "ok: 0 lookup 11 20"}), IsEmpty());
  EXPECT_THAT(lookup({"invoke: 0 lookup 11 nil", "9 crash - 20", "ok: 0 lookup 11 30"}), IsEmpty());
}

TEST(Lookup, FindsWhatIsPlanted) {
  EXPECT_THAT(lookup({"0 lookup 11 30"}), ElementsAre("wrong-successor"));
  EXPECT_THAT(lookup({"0 lookup 31 20"}), ElementsAre("wrong-successor"));
  EXPECT_THAT(lookup({"0 crash - 20", "0 lookup 11 20"}), ElementsAre("not-a-member"));
  EXPECT_THAT(lookup({"0 lookup 11 12"}), ElementsAre("stranger"));
  EXPECT_THAT(lookup({"0 lookup 11 nil"}), ElementsAre("not-found"));
  // 20 was there until 15 was: at no instant was 30 the successor of 11.
  EXPECT_THAT(
      lookup({"invoke: 0 lookup 11 nil", "9 join - 15", "9 crash - 20", "ok: 0 lookup 11 30"}),
      ElementsAre("wrong-successor"));
}

TEST(Lookup, RefusesWhatIsNoRing) {
  EXPECT_THROW(lookup({"0 lookup 11 10"}, "[a b]"), history::BadHistory);
  EXPECT_THROW(lookup({"0 lookup 11 10"}, "7"), history::BadHistory);
  EXPECT_THROW(lookup({"0 lookup x 10"}), history::BadHistory);
  EXPECT_THROW(lookup({"0 find 11 10"}), history::BadHistory);
}

// -- membership ---------------------------------------------------------------------------------

std::vector<std::string> membership(const Ops& operations, std::string level = "") {
  return names(judge("membership", operations, std::move(level), "[a b c]"));
}

TEST(Membership, IsRight) {
  EXPECT_EQ(judge("membership",
                  {"0 view a [a b c]", "9 crash - c", "0 view a [a b c]", "0 view a [a b]",
                   "0 view b [b a]", "9 join - d", "0 view a [a b d]", "0 view b [a b d]"},
                  "within:3s", "[a b c]")
                .verdict,
            Verdict::kPass);
  EXPECT_EQ(judge("membership", {"0 view a [a b c]", "9 crash - c"}, "", "[a b c]").verdict,
            Verdict::kUnknown);
  EXPECT_THAT(membership({"0 view a [a b c]", "invoke: 9 crash - c", "0 view a [a b]",
                          "0 view a [a b c]", "info: 9 crash - c", "0 view a [a b]"}),
              IsEmpty());
}

TEST(Membership, FindsWhatIsPlanted) {
  EXPECT_THAT(membership({"0 view a [a b c]", "0 view a [a b]"}), ElementsAre("false-suspicion"));
  EXPECT_THAT(membership({"9 crash - c", "0 view a [a b c]"}), ElementsAre("undetected"));
  EXPECT_THAT(membership({"9 join - d", "0 view a [a b c]"}), ElementsAre("missing"));
  EXPECT_THAT(membership({"0 view a [a b c x]"}), ElementsAre("stranger"));
  // The crash is over at 1 s; views begin at 2, 4 and 6 s.
  const Ops slow{"9 crash - c", "0 view a [a b c]", "0 view a [a b c]", "0 view a [a b]"};
  EXPECT_THAT(membership(slow, "within:2s"), ElementsAre("undetected"));
  EXPECT_THAT(membership(slow, "within:3s"), ElementsAre("undetected"));
  EXPECT_THAT(membership(slow, "within:4s"), IsEmpty());
}

TEST(Membership, AsksForNoMoreThanItsLevel) {
  // The crash is over at 1 s; views begin at 2, 4 and 6 s.
  const Ops mixed{"9 crash - c", "0 view a [a c]", "1 view b [a b]", "0 view a [a b]"};
  EXPECT_THAT(membership(mixed, "detected:1s"), ElementsAre("undetected"));
  EXPECT_THAT(membership(mixed, "detected:2s"), IsEmpty());
  EXPECT_THAT(membership(mixed, "settled:3s"), IsEmpty());
  EXPECT_THAT(membership(mixed, "settled:2s"), IsEmpty()) << "what one view has wrong may pass";
  const Ops lasting{"9 crash - c", "0 view a [a c]", "1 view b [a b]", "0 view a [a c]"};
  EXPECT_THAT(membership(lasting, "settled:2s"), ElementsAre("missing", "undetected"));
  EXPECT_EQ(judge("membership", mixed, "settled:1h", "[a b c]").verdict, Verdict::kUnknown);
  const Ops wrong{"0 view a [a b c]", "9 crash - c", "0 view a [a c]"};
  EXPECT_THAT(membership(wrong, "accuracy"), ElementsAre("false-suspicion"));
}

}  // namespace
}  // namespace seedbed
