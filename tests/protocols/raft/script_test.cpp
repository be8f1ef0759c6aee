// The arguments of the paper as scripts: testdata/*.txt, text in, text out.
#include <gtest/gtest.h>

#include "protocols/raft/server.h"
#include "tests/support/scenarios.h"
#include "tests/support/script.h"

namespace seedbed::raft {
namespace {

std::string describe(const World& world, NodeId n) {
  const auto* server = static_cast<const Server*>(world.process(n));
  if (server == nullptr) return "down";
  std::string text =
      fmt::format("{:<9} term={} voted_for={} commit={} log=[", server->role(),
                  server->current_term(), to_text(server->voted_for()), server->commit_index());
  const Log& log = server->log();
  if (log.base().index > 0) text += fmt::format("..{}:{}", log.base().index, log.base().term);
  for (Index i = log.first_index(); i <= log.last_index(); ++i) {
    const Entry& entry = log[i];
    text += fmt::format("{}{}:{}", i > 1 ? " " : "", i, entry.term);
    if (entry.kind == EntryKind::kCommand) {
      text += fmt::format(" k{}={}", entry.request.command.key, entry.request.command.value);
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

std::vector<std::string> script_files() {
  std::vector<std::string> files;
  const auto folder = std::string(SEEDBED_SOURCE_DIR) + "/tests/protocols/raft/testdata";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
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

}  // namespace
}  // namespace seedbed::raft
