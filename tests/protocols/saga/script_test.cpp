// The arguments of the papers as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/saga/server.h"
#include "tests/support/script_files.h"

namespace seedbed::saga {
namespace {

std::string steps_text(const Workflow& workflow, StepSet steps) {
  std::string text;
  for (const StepNumber s : steps) text += (text.empty() ? "" : " ") + workflow[s].name;
  return "{" + text + "}";
}

std::string saga_text(const Server& server, const SagaId& id, const Saga& saga) {
  constexpr std::string_view kStages[] = {"forward", "backward", "completed", "compensated"};
  std::string text =
      fmt::format(" {} {}", brief_text(id), kStages[static_cast<std::size_t>(saga.stage)]);
  if (!saga.is_open()) return text;
  text += " done=" + steps_text(server.workflow(), saga.done);
  if (saga.stage == Stage::kBackward)
    text += " undone=" + steps_text(server.workflow(), saga.undone);
  return text;
}

/// The records of its participants, then the sagas that it is the home of.
std::string describe(const World& world, NodeId n) {
  const auto* server = static_cast<const Server*>(world.process(n));
  if (server == nullptr) {
    std::string text = "down; on disk:";
    const auto journal = world.durable(n).log<Entry>();
    for (auto i = journal.first_index(); i <= journal.last_index(); ++i) {
      text += fmt::format(" {}", name_of(journal[i].kind));
    }
    return text;
  }
  std::string text(server->role());
  for (const auto& [key, record] : server->records()) {
    const std::string lock = record.locks > 0 ? " locked by " + brief_text(record.holder) : "";
    text +=
        fmt::format(" {}={}{}", server->workflow().participants()[key.first], record.value, lock);
  }
  const Anomalies& seen = server->anomalies();
  if (seen.lost_updates > 0) text += fmt::format(" lost_updates={}", seen.lost_updates);
  if (seen.dirty_reads > 0) text += fmt::format(" dirty_reads={}", seen.dirty_reads);
  if (seen.fuzzy_reads > 0) text += fmt::format(" fuzzy_reads={}", seen.fuzzy_reads);
  for (const auto& [id, saga] : server->sagas()) text += saga_text(*server, id, saga);
  return text;
}

/// The script's client starts a saga at its home, which is n1: its amount is a power of ten.
void start(World& world, NodeId home, StepNumber refused) {
  const std::uint64_t sequence = static_cast<const Server*>(world.process(home))->sagas().size();
  Amount amount = 1;
  for (std::uint64_t i = 0; i < sequence; ++i) amount *= 10;
  const SagaId id{NodeId{world.nodes()}, sequence};
  world.inject(home, {}, workflow::Start{id, {0, amount, refused}});
}

testing::Script make_script() {
  constexpr std::int64_t kTimeout = (10'000_ms).count();
  constexpr std::int64_t kPause = (1_ms).count();
  constexpr std::int64_t kHourInNs = (3'600'000_ms).count();
  return testing::Script(*find_protocol("saga"),
                         {{"step_timeout", {kTimeout, 0}},
                          {"backoff", {kPause, kPause}},
                          {"jitter", {0, 0}},
                          {"deadline", {kHourInNs, 0}}},
                         {{"start", [](World& w, NodeId n) { start(w, n, kNoStep); }},
                          {"start_refused_at_reserve", [](World& w, NodeId n) { start(w, n, 1); }},
                          {"start_refused_at_charge", [](World& w, NodeId n) { start(w, n, 3); }}},
                         describe);
}

class SagaScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(SagaScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Saga, SagaScripts, ::testing::ValuesIn(testing::script_files("saga")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(SagaScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("saga"));
}

TEST(SagaScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("saga"));
}

}  // namespace
}  // namespace seedbed::saga
