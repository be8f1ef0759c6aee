// The arguments of the paper as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/swim/server.h"
#include "tests/support/script_files.h"

namespace seedbed::swim {
namespace {

const Server* server_of(const World& world, NodeId n) {
  return static_cast<const Server*>(world.process(n));
}

/// "@1 n2=suspect@0 n3=dead@0": its incarnation, and what is not as it was in the beginning.
std::string describe(const World& world, NodeId n) {
  const Server* server = server_of(world, n);
  if (server == nullptr) return "down";
  std::string text = fmt::format("@{}", server->incarnation());
  for (const auto& [id, known] : server->members().changed()) {
    text += fmt::format(" {}={}@{}", to_text(NodeId{id}), name_of(known.state), known.incarnation);
  }
  if (server->health() > 0) text += fmt::format(" health={}", server->health());
  return text;
}

void expire(World& world, NodeId n) {
  for (const auto& [id, suspicion] : server_of(world, n)->suspicions()) {
    world.inject(n, {}, SuspicionTimeout{NodeId{id}});
  }
}

testing::Script make_script() {
  constexpr std::int64_t kHour = (3'600'000_ms).count();
  return testing::Script(
      *find_protocol("swim"),
      {{"period", {kHour, 0}}, {"ping_timeout", {kHour / 2, 0}}, {"sync", {0, 0}}},
      {{"period", [](World& w, NodeId n) { w.inject(n, {}, ProtocolPeriod{}); }},
       {"ping_timeout",
        [](World& w, NodeId n) { w.inject(n, {}, PingTimeout{server_of(w, n)->sequence()}); }},
       {"expire", expire},
       {"sync", [](World& w, NodeId n) { w.inject(n, {}, SyncTimer{}); }}},
      describe);
}

class SwimScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(SwimScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Swim, SwimScripts, ::testing::ValuesIn(testing::script_files("swim")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(SwimScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("swim"));
}

TEST(SwimScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("swim"));
}

}  // namespace
}  // namespace seedbed::swim
