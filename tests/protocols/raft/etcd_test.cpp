// Another implementation's cases: what etcd's Raft says of majorities and of configuration changes,
// from its own test files (github.com/etcd-io/raft, quorum/testdata and confchange/testdata). All
// of them agree. They are not part of this tree (shared_folder()); without them nothing is tested.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "protocols/raft/configuration.h"
#include "tests/protocols/raft/datadriven.h"

namespace seedbed::raft {
namespace {

using testing::DataCase;
using testing::items_of;

/// Their ids are any 64-bit numbers and ours end at 64, which stands for the one that is beyond.
std::uint32_t our_id(const std::string& theirs) {
  return std::min(static_cast<std::uint32_t>(std::stoul(theirs)), ServerSet::kMost);
}

/// Calls `run` with each case of the files of a folder.
template <class RunCase>
void for_each_file(const std::string& folder, const std::vector<std::string>& files, RunCase run) {
  for (const std::string& file : files) {
    const std::string path = testing::shared_folder() + "/etcd-raft/" + folder + "/" + file;
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    run(testing::read_datadriven(path));
  }
}

#define SKIP_WITHOUT_ETCD()                                                                       \
  if (!std::filesystem::exists(testing::shared_folder() + "/etcd-raft")) {                        \
    GTEST_SKIP() << "etcd's test files are not there: " << testing::shared_folder()               \
                 << "/etcd-raft; the environment variable SEEDBED_SHARED names the folder above"; \
  }

// --- quorum

/// A case: two halves, and what each voter, in the order of its first mention, says.
struct Quorum {
  Configuration configuration;
  bool is_joint = false;
  std::map<NodeId, std::string> said;
  std::map<NodeId, std::string> names;

  std::optional<std::uint64_t> index_of(NodeId n) const {
    const auto found = said.find(n);
    if (found == said.end() || found->second == "_") return std::nullopt;
    return std::stoull(found->second);
  }
};

Quorum parse_quorum(const DataCase& c, const std::string& said) {
  Quorum q;
  std::vector<NodeId> order;
  const auto half = [&](const std::string& list) {
    ServerSet set;
    for (const std::string& id : items_of(list == "zero" ? "" : list)) {
      const NodeId n{our_id(id)};
      set.insert(n);
      q.names[n] = id;
      if (std::find(order.begin(), order.end(), n) == order.end()) order.push_back(n);
    }
    return set;
  };
  q.configuration.voters = half(c.arg("cfg"));
  q.is_joint = c.has("cfgj");
  q.configuration.old_voters = half(c.arg("cfgj"));
  const std::vector<std::string> values = items_of(c.arg(said));
  EXPECT_EQ(values.size(), order.size()) << c.at;
  for (std::size_t i = 0; i < order.size(); ++i) q.said[order[i]] = values[i];
  return q;
}

std::uint64_t committed(const Quorum& q, const Configuration& configuration) {
  return quorum_index(configuration, [&](NodeId n) { return q.index_of(n).value_or(0); });
}

/// Etcd's picture of it: the longer the bar, the higher the index among all.
std::string chart(const Quorum& q) {
  const std::size_t n = q.said.size();
  std::string text = std::string(n, ' ') + "    idx\n";
  for (const auto& [id, value] : q.said) {
    const std::uint64_t index = q.index_of(id).value_or(0);
    std::size_t bar = 0;
    for (const auto& other : q.said) bar += q.index_of(other.first).value_or(0) < index;
    text += value == "_" ? "?" + std::string(n, ' ')
                         : std::string(bar, 'x') + ">" + std::string(n - bar, ' ');
    text += fmt::format(" {:5}    (id={})\n", index, q.names.at(id));
  }
  return text;
}

/// What etcd asserts of every case beside its outcome.
void expect_symmetries(const Quorum& q, std::uint64_t index, const std::string& at) {
  const Configuration& c = q.configuration;
  EXPECT_EQ(committed(q, {.voters = c.old_voters, .old_voters = c.voters}), index) << at;
  if (!c.old_voters.empty()) return;
  EXPECT_EQ(committed(q, {.voters = c.voters}), index) << at;
  EXPECT_EQ(committed(q, {.voters = c.voters, .old_voters = c.voters}), index) << at;
  for (const NodeId n : c.voters) {  // who is behind may be still further behind
    const std::uint64_t mine = q.index_of(n).value_or(0);
    if (mine == 0 || mine >= index) continue;
    for (const std::uint64_t lower : {mine - 1, std::uint64_t{0}}) {
      Quorum behind = q;
      behind.said[n] = std::to_string(lower);
      EXPECT_EQ(committed(behind, c), index) << at;
    }
  }
}

std::string run_committed(const DataCase& c) {
  const Quorum q = parse_quorum(c, "idx");
  const std::uint64_t index = committed(q, q.configuration);
  expect_symmetries(q, index, c.at);
  return chart(q) + std::to_string(index) + "\n";
}

VoteResult vote(const Quorum& q, const Configuration& configuration) {
  ServerSet granted, refused;
  for (const auto& [n, said] : q.said) {
    if (said == "y") granted.insert(n);
    if (said == "n") refused.insert(n);
  }
  return configuration.tally(granted, refused);
}

std::string run_vote(const DataCase& c) {
  const Quorum q = parse_quorum(c, "votes");
  const Configuration& both = q.configuration;
  const VoteResult result = vote(q, both);
  EXPECT_EQ(vote(q, {.voters = both.old_voters, .old_voters = both.voters}), result) << c.at;
  if (!q.is_joint) {
    EXPECT_EQ(vote(q, {.voters = both.voters, .old_voters = both.voters}), result) << c.at;
  }
  constexpr const char* kTheirs[] = {"VotePending", "VoteLost", "VoteWon"};
  return std::string(kTheirs[static_cast<std::size_t>(result)]) + "\n";
}

TEST(Etcd, AgreesOnMajorities) {
  SKIP_WITHOUT_ETCD();
  std::size_t count = 0;
  for_each_file("quorum", {"joint_commit.txt", "majority_vote.txt"}, [&](const auto& cases) {
    for (const DataCase& c : cases) {
      ++count;
      EXPECT_EQ(c.command == "vote" ? run_vote(c) : run_committed(c), c.expected) << c.at;
    }
  });
  EXPECT_GE(count, 70U);
}

// --- confchange

std::vector<Change> parse_changes(const DataCase& c) {
  std::vector<Change> changes;
  for (const std::string& line : c.input) {
    for (const std::string& word : testing::words_of(line)) {
      const ChangeKind kind = word[0] == 'v'   ? ChangeKind::kAddVoter
                              : word[0] == 'l' ? ChangeKind::kAddLearner
                                               : ChangeKind::kRemove;
      changes.push_back({kind, NodeId{our_id(word.substr(1))}});
    }
  }
  return changes;
}

Changed run_change(const DataCase& c, const Configuration& from) {
  const std::vector<Change> changes = parse_changes(c);
  if (c.command == "simple") return change_one(from, changes);
  if (c.command == "enter-joint") return enter_joint(from, changes, c.arg("autoleave") == "true");
  EXPECT_EQ(c.command, "leave-joint") << c.at;
  return leave_joint(from);
}

std::string their_words(ChangeError error) {
  switch (error) {
    case ChangeError::kNone: return "";
    case ChangeError::kAlreadyJoint: return "config is already joint";
    case ChangeError::kNotJoint: return "can't leave a non-joint config";
    case ChangeError::kNoVoters: return "can't make a zero-voter config joint";
    case ChangeError::kRemovedAll: return "removed all voters";
    case ChangeError::kSimpleInJoint: return "can't apply simple config change in joint config";
    case ChangeError::kMoreThanOne:
      return "more than one voter changed without entering joint config";
  }
  return "?";
}

/// Etcd prints what a leader then knows of each member: nothing but where it starts to probe.
struct Members {
  Configuration configuration;
  std::map<NodeId, std::uint64_t> next;

  void adopt(const Configuration& to, std::uint64_t last_index) {
    configuration = to;
    std::erase_if(next, [&](const auto& item) { return !to.members().contains(item.first); });
    for (const NodeId n : to.members()) next.try_emplace(n, std::max<std::uint64_t>(last_index, 1));
  }
  std::string text() const {
    std::string text = "voters=" + brief_text(configuration) + "\n";
    for (const auto& [n, index] : next) {
      const bool learns = configuration.learners.contains(n);
      text += fmt::format("{}: StateProbe match=0 next={}{}\n", n.value, index,
                          learns ? " learner" : "");
    }
    return text;
  }
};

TEST(Etcd, AgreesOnConfigurationChanges) {
  SKIP_WITHOUT_ETCD();
  for_each_file("confchange",
                {"joint_autoleave.txt", "joint_idempotency.txt", "joint_safety.txt",
                 "simple_idempotency.txt"},
                [](const auto& cases) {
                  Members members;
                  std::uint64_t last_index = 0;  // a command is an entry, refused or not
                  for (const DataCase& c : cases) {
                    const Changed changed = run_change(c, members.configuration);
                    const bool done = changed.error == ChangeError::kNone;
                    if (done) members.adopt(changed.configuration, last_index);
                    EXPECT_EQ(done ? members.text() : their_words(changed.error) + "\n", c.expected)
                        << c.at;
                    ++last_index;
                  }
                });
}

}  // namespace
}  // namespace seedbed::raft
