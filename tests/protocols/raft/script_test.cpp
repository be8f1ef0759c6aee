// The arguments of the paper as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/raft/server.h"
#include "tests/support/script_files.h"

namespace seedbed::raft {
namespace {

/// What a server that is down will find when it comes back.
std::string describe_disk(const Recovered& disk) {
  std::string text = "down; on disk:";
  if (const auto* state = disk.saved<HardState>()) {
    text += fmt::format(" term={} voted_for={}", state->current_term, to_text(state->voted_for));
  }
  if (const auto* snapshot = disk.saved<Snapshot>()) {
    text += fmt::format(" snapshot={}:{}", snapshot->last.index, snapshot->last.term);
  }
  const auto parts = disk.log<SnapshotPart>();
  if (parts.last_index() > 0) text += fmt::format(" snapshot_parts={}", parts.last_index());
  const auto entries = disk.log<Entry>();
  text += " log=[";
  for (Index i = entries.first_index(); i <= entries.last_index(); ++i) {
    text += fmt::format("{}{}:{}", i > entries.first_index() ? " " : "", i, entries[i].term);
  }
  return text + "]";
}

std::string describe(const World& world, NodeId n) {
  const auto* server = static_cast<const Server*>(world.process(n));
  if (server == nullptr) return describe_disk(world.durable(n));
  std::string text =
      fmt::format("{:<9} term={} voted_for={} commit={} log=[", server->role(),
                  server->current_term(), to_text(server->voted_for()), server->commit_index());
  const Log& log = server->log();
  if (log.base().index > 0) text += fmt::format("..{}:{}", log.base().index, log.base().term);
  for (Index i = log.first_index(); i <= log.last_index(); ++i) {
    const Entry& entry = log[i];
    text += fmt::format("{}{}:{}", i > 1 ? " " : "", i, entry.term);
    if (entry.kind == EntryKind::kCommand) {
      const kv::Command& command = entry.request.command;
      const bool writes = command.function == kv::Function::kWrite;
      text += writes ? fmt::format(" k{}={}", command.key, command.value) : " read";
    } else if (entry.kind == EntryKind::kSession) {
      text += " session";
    } else if (entry.kind == EntryKind::kConfiguration) {
      text += " " + brief_text(entry.configuration);
    }
  }
  text += "]";
  if (server->configuration() != Configuration{.voters = ServerSet::first(world.servers())}) {
    text += " members=" + brief_text(server->configuration());
  }
  return text;
}

testing::Script make_script() {
  constexpr std::int64_t kHour = 3'600'000'000'000;
  return testing::Script(
      *find_protocol("raft"), {{"election_timeout", {kHour, kHour}}, {"heartbeat", {kHour - 1, 0}}},
      {{"timeout", [](World& w, NodeId n) { w.inject(n, {}, ElectionTimeout{}); }},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, HeartbeatTimeout{}); }}},
      describe);
}

class Scripts : public ::testing::TestWithParam<std::string> {};

TEST_P(Scripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Raft, Scripts, ::testing::ValuesIn(testing::script_files("raft")),
                         [](const auto& tested) { return testing::script_name(tested.param); });

TEST(ScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  testing::expect_mutants_shown(*find_protocol("raft"));
}

TEST(ScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  testing::expect_correct_unbroken(*find_protocol("raft"));
}

}  // namespace
}  // namespace seedbed::raft
