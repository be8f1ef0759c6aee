// Two-phase commit as scripts: testdata/*.txt, text in, text out. Beside the commands of script.h:
//
//   transact 1     # a client asks n1 for a transaction that writes one key of each participant
//   overdraw 1     # the same, but the first participant must vote no
//   look 1         # it reads those keys
//   give_up 1      # n1 waits no longer for votes; `tell 1`: it tells its decisions again
//   inquire 2      # n2 asks what became of the transactions that it is in doubt about
#include <gtest/gtest.h>

#include "protocols/two_phase_commit/site.h"
#include "tests/support/script_files.h"

namespace seedbed::two_phase_commit {
namespace {

std::string describe_disk(const Recovered& disk) {
  std::string text = "down; on disk:";
  const auto log = disk.log<Record>();
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    text += fmt::format(" {}", name_of(log[i].kind));
    const bool decides =
        log[i].kind == RecordKind::kDecided || log[i].kind == RecordKind::kFinished;
    if (decides) text += log[i].commit ? "=commit" : "=abort";
  }
  return text;
}

std::string describe(const World& world, NodeId n) {
  const auto* site = static_cast<const Site*>(world.process(n));
  if (site == nullptr) return describe_disk(world.durable(n));
  std::string text = fmt::format("{:<11}", site->role());
  for (const auto& [txn, global] : site->globals()) {
    constexpr std::string_view kStates[] = {"working", "voting", "precommitting", "recording",
                                            "telling"};
    text += fmt::format(" {}", kStates[static_cast<std::size_t>(global.state)]);
  }
  for (const auto& [txn, local] : site->locals()) text += fmt::format(" {}", name_of(local.phase));
  for (const auto& [key, numbers] : site->store()) {
    text += fmt::format(" k{}={}", key, fmt::join(numbers, ","));
  }
  if (site->locks().held() > 0) text += fmt::format(" locks={}", site->locks().held());
  return text;
}

/// Sequence numbers rise with the events of the world.
void ask(World& world, NodeId server, tx::Function first, tx::Function others) {
  const auto* site = static_cast<const Site*>(world.process(server));
  if (site == nullptr) return;
  tx::Request request{{server, world.events()}, site->life(), 0, {}};
  const std::uint32_t participants = world.initial_servers() - site->layout().coordinators;
  for (tx::Key key = 0; key < participants; ++key) {
    const bool overdraws = key == 0 && first == tx::Function::kAdd;
    request.operations.push_back({key == 0 ? first : others, key, overdraws ? -1 : 7, 0});
  }
  world.inject(NodeId{world.nodes()}, {}, request);
}

template <class Timer>
void fire_of_coordinator(World& world, NodeId n) {
  const auto* site = static_cast<const Site*>(world.process(n));
  for (const auto& [txn, global] : site->globals()) world.inject(n, {}, Timer{txn});
}

void inquire(World& world, NodeId n) {
  const auto* site = static_cast<const Site*>(world.process(n));
  for (const auto& [txn, local] : site->locals()) {
    if (local.phase == Phase::kPrepared) world.inject(n, {}, ParticipantTimeout{txn});
  }
}

testing::Script make_script() {
  using tx::Function;
  constexpr std::int64_t kHourInNs = kHour.count();
  return testing::Script(
      *find_protocol("two_phase_commit"),
      {{"vote_timeout", {kHourInNs, 0}}, {"inquiry_timeout", {kHourInNs, 0}}},
      {{"transact", [](World& w, NodeId n) { ask(w, n, Function::kAppend, Function::kAppend); }},
       {"overdraw", [](World& w, NodeId n) { ask(w, n, Function::kAdd, Function::kAppend); }},
       {"look", [](World& w, NodeId n) { ask(w, n, Function::kRead, Function::kRead); }},
       {"give_up", &fire_of_coordinator<VoteTimeout>},
       {"tell", &fire_of_coordinator<TellAgain>},
       {"inquire", &inquire}},
      describe);
}

class TwoPhaseCommitScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(TwoPhaseCommitScripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(TwoPhaseCommit, TwoPhaseCommitScripts,
                         ::testing::ValuesIn(testing::script_files("two_phase_commit")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(TwoPhaseCommitScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("two_phase_commit"));
}

TEST(TwoPhaseCommitScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("two_phase_commit"));
}

}  // namespace
}  // namespace seedbed::two_phase_commit
