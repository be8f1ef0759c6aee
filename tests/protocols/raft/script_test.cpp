// The arguments of the paper as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "protocols/raft/server.h"
#include "tests/support/scenarios.h"
#include "tests/support/script.h"

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

const std::string kFolder = std::string(SEEDBED_SOURCE_DIR) + "/tests/protocols/raft/testdata";

std::vector<std::string> script_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Scripts : public ::testing::TestWithParam<std::string> {};

TEST_P(Scripts, SayWhatTheySaid) {
  testing::Script script = make_script();
  testing::check_script_file(GetParam(), script);
}

INSTANTIATE_TEST_SUITE_P(Raft, Scripts, ::testing::ValuesIn(script_files()),
                         [](const auto& tested) {
                           return testing::test_name(
                               std::filesystem::path(tested.param).stem().string());
                         });

/// "VIOLATION log_matching: ..." as "log_matching"; "" where a script shows none.
std::string first_violation(const std::string& path) {
  std::ifstream in(path);
  constexpr std::string_view kMark = "VIOLATION ";
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kMark)) {
      return line.substr(kMark.size(), line.find(':') - kMark.size());
    }
  }
  return "";
}

TEST(ScriptsOfMutants, ShowEachOfThemByTheCheckThatItDiesBy) {
  const Protocol& protocol = *find_protocol("raft");
  for (const MutantInfo& mutant : protocol.mutants) {
    const std::string path = kFolder + "/mutant-" + std::string(mutant.name) + ".txt";
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
    const bool by_invariant =
        std::any_of(protocol.invariants.begin(), protocol.invariants.end(),
                    [&](const InvariantInfo& i) { return i.name == mutant.dies_by; });
    if (by_invariant) {
      EXPECT_EQ(first_violation(path), mutant.dies_by) << path;
    }
  }
}

TEST(ScriptsOfMutants, AndTheCorrectProtocolHasNoViolation) {
  for (const std::string& path : script_files()) {
    std::ifstream in(path);
    bool broken = false;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("cluster ")) broken = line.find(" mutant=") != std::string::npos;
      EXPECT_FALSE(!broken && line.starts_with("VIOLATION ")) << path << ": " << line;
    }
  }
}

}  // namespace
}  // namespace seedbed::raft
