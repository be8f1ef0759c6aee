// Another implementation's histories: etcd's interaction tests (github.com/etcd-io/raft,
// testdata/), replayed on a cluster of ours as far as their commands go. Servers that a command
// does not name stand still, as they do there. What is compared at the end of a step, where etcd
// says it: role, term, vote, leader, the end of the log, commit index and configuration of each
// server; and who asked whom for a vote, who gave one, and who sent entries or a snapshot to whom,
// in which term.
//
// What is not compared, and why:
//  - Indices are relative: their logs begin after a snapshot at some index, ours at 0.
//  - Their leader sends a new commit index at once; ours with its next heartbeat (Figure 2), which
//    the replay lets it have. So messages without entries are not compared.
//  - Refused votes: of a vote that a leader forbids their servers say nothing, ours refuse it.
//  - Their configurations are in force when they are committed, ours when they are appended (Ongaro
//    2014, section 4.1), so that in the middle of a change they are not the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "protocols/raft/server.h"
#include "tests/protocols/raft/datadriven.h"
#include "tests/protocols/raft/etcd_story.h"
#include "tests/support/scenarios.h"
#include "tests/support/script.h"

namespace seedbed::raft {
namespace {

using testing::DataCase;
using testing::items_of;

/// What is compared: the state when all servers have come to rest, and what raft-state shows; also
/// what `status` shows of the logs; also when only some servers have run.
enum class Compared { kAtRest, kStatus, kParts };

struct Plan {
  const char* file;
  std::size_t commands;  // how many of them run
  Compared compared;
  const char* why;  // not all of them, or what is different
};
constexpr std::size_t kAll = 1000;

constexpr Plan kPlans[] = {
    {"campaign.txt", kAll, Compared::kParts, ""},
    {"campaign_learner_must_vote.txt", kAll, Compared::kParts,
     "they promote a learner that does not answer; ours goes by a joint configuration for that"},
    {"checkquorum.txt", kAll, Compared::kParts, ""},
    {"prevote_checkquorum.txt", kAll, Compared::kParts, ""},
    {"confchange_v1_add_single.txt", kAll, Compared::kAtRest, "our voter learns first"},
    {"confchange_v1_remove_leader.txt", 12, Compared::kParts,
     "after that their leader removes itself as soon as a majority of the old configuration has "
     "the "
     "entry, and goes on leading, which they call an issue; ours waits for one of the new, and "
     "steps down"},
    {"confchange_v2_add_double_auto.txt", kAll, Compared::kAtRest, ""},
    {"confchange_v2_replace_leader_stepdown.txt", kAll, Compared::kParts,
     "our joint configuration ends by itself: it begins when theirs is told to end"},
    {"replicate_pause.txt", kAll, Compared::kStatus,
     "our heartbeat finds the gap in a log, theirs the message after its answer"},
    {"snapshot_succeed_via_app_resp.txt", kAll, Compared::kAtRest,
     "our snapshot leaves with the heartbeat, theirs after its answer"},
    {"lagging_commit.txt", 0, Compared::kAtRest,
     "drops the answers of one server and not of another that answered in the same step, and is "
     "about when a commit index is sent by itself: ours never is"},
    {"snapshot_succeed_via_app_resp_behind.txt", 0, Compared::kAtRest,
     "sends a snapshot by hand, and begins with logs of different length before any leader"},
    {"async_storage_writes_append_aba_race.txt", 0, Compared::kAtRest,
     "stops between the writes of a disk and the news of them, by hand"},
    {"forget_leader_read_only_lease_based.txt", 0, Compared::kAtRest, "ours has no ForgetLeader"},
};

// --- what ours does

/// A message of ours, as a script prints it, told in etcd's words; "" if it is not compared.
std::string as_theirs(const std::string& line) {
  const std::size_t arrow = line.find("->");
  if (arrow == std::string::npos) return "";
  const std::size_t from = line.rfind('n', arrow);
  if (from == std::string::npos || line[arrow + 2] != 'n') return "";
  const std::string link =
      line.substr(from + 1, arrow - from - 1) + "->" + word(line.substr(arrow + 3), 0);
  const std::string kind = word(line.substr(arrow), 1);
  const bool pre = line.find(" pre_vote=true") != line.npos;
  const bool granted = line.find(" vote_granted=true") != line.npos;
  std::string theirs;
  if (kind == "RequestVote") theirs = pre ? "MsgPreVote" : "MsgVote";
  if (kind == "RequestVoteReply" && granted) theirs = pre ? "MsgPreVoteResp" : "MsgVoteResp";
  if (kind == "AppendEntries" && line.find(" entries=[") != line.npos) theirs = kEntries;
  if (kind == "InstallSnapshot") theirs = kEntries;
  if (theirs.empty()) return "";
  return link + " " + theirs + " Term:" + number_after(line, " term=");
}

class Replay {
 public:
  Replay(const Plan& plan, std::vector<DataCase> cases);
  void run();

 private:
  void step(const DataCase& c);
  void add_nodes(const DataCase& c);
  void change(const DataCase& c);
  void tick_election(std::uint32_t n);
  void run_servers(const std::vector<std::string>& names);
  void drop_what_will_be_dropped();
  bool spread_commit();
  void settle();
  void act(const std::string& command);
  void act_with_extra_entry(const std::string& command);
  Index theirs(Index ours) const;
  bool has_leader() const;
  void compare_states(const DataCase& c);
  void compare_messages(const DataCase& c);
  void compare(const Known& k, std::uint32_t n, const std::string& at) const;
  const Server* server(std::uint32_t n) const {
    return static_cast<const Server*>(script_.world().process(NodeId{n}));
  }

  Plan plan_;
  std::vector<DataCase> cases_;
  std::size_t next_ = 0;
  testing::Script script_;
  TheirStory theirs_;
  Sent ours_;
  Index base_ = 0;         // where their logs begin
  std::set<Index> extra_;  // our entries that have no counterpart among theirs
  std::uint32_t added_ = 0;
  int ticks_ = 0;
  ServerSet learners_;     // to be added when there is a leader
  ServerSet voters_;       // as of the last change
  std::string postponed_;  // a change that theirs ends by hand
  bool silent_ = false;    // log-level none
};

testing::Script make_script() {
  return testing::Script(
      *find_protocol("raft"), {},
      {{"timeout", [](World& w, NodeId n) { w.inject(n, {}, ElectionTimeout{}); }},
       {"heartbeat", [](World& w, NodeId n) { w.inject(n, {}, HeartbeatTimeout{}); }}},
      [](const World&, NodeId) { return std::string(); });
}

Replay::Replay(const Plan& plan, std::vector<DataCase> cases)
    : plan_(plan), cases_(std::move(cases)), script_(make_script()) {}

void Replay::run() {
  const std::size_t end = std::min(cases_.size(), plan_.commands);
  for (next_ = 0; next_ < end;) {
    const DataCase& c = cases_[next_++];
    SCOPED_TRACE(c.at);
    step(c);
    if (::testing::Test::HasFailure()) return;
  }
}

void Replay::act(const std::string& command) {
  std::istringstream lines(script_.run(command));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_FALSE(line.starts_with("VIOLATION")) << line;
    add(ours_, as_theirs(line));
  }
}

/// The next entry of the leader is one that theirs does not have.
void Replay::act_with_extra_entry(const std::string& command) {
  for (std::uint32_t n = 1; n <= added_; ++n) {
    if (server(n)->raft_role() == Role::kLeader) extra_.insert(server(n)->log().last_index() + 1);
  }
  act(command);
}

Index Replay::theirs(Index ours) const {
  const auto extra = std::distance(extra_.begin(), extra_.upper_bound(ours));
  return base_ + ours - static_cast<Index>(extra);
}

/// Who knows of a commitment only by a leader's word must have one to know.
bool Replay::has_leader() const {
  for (std::uint32_t n = 1; n <= added_; ++n) {
    if (server(n)->raft_role() == Role::kLeader) return true;
  }
  return false;
}

/// What is under way takes less than 10 ms.
void Replay::settle() { act("run 10ms"); }

void Replay::step(const DataCase& c) {
  if (c.command == "log-level") return void(silent_ = c.words.at(0) == "none");
  const bool partly = c.command == "process-ready" || c.command == "deliver-msgs";
  if (c.command == "add-nodes") add_nodes(c);
  if (c.command == "campaign") act("timeout " + c.words.at(0));
  if (c.command == "tick-heartbeat") act("heartbeat " + c.words.at(0));
  if (c.command == "tick-election") tick_election(id_of(c.words.at(0)));
  if (c.command == "propose") act("propose " + c.words.at(0) + " 7 1");
  if (c.command == "propose-conf-change") change(c);
  if (partly && !c.words.empty()) run_servers(c.words);
  if (c.command == "deliver-msgs" && c.has("drop")) act("heal");
  if (c.command == "stabilize") run_servers(c.words);
  if (silent_ || c.arg("log-level") == "none") {
    theirs_.forget();
    ours_.clear();
    if (c.command != "raft-state" && c.command != "status") return;
  }
  theirs_.read(c);
  const bool at_rest = c.command == "stabilize" && c.words.empty();
  const bool parts = c.command == "stabilize" && plan_.compared == Compared::kParts;
  const bool tells = c.command == "raft-state" || c.command == "tick-election" ||
                     (c.command == "status" && plan_.compared == Compared::kStatus);
  if (!postponed_.empty()) return;
  if (at_rest || parts || tells) compare_states(c);
  if (at_rest || parts) compare_messages(c);
}

void Replay::add_nodes(const DataCase& c) {
  const auto count = id_of(c.words.at(0));
  if (added_ > 0) {
    for (std::uint32_t n = added_ + 1; n <= added_ + count; ++n) act(fmt::format("restart {}", n));
    added_ += count;
    return;
  }
  std::uint32_t total = 0;
  bool compacts = false;
  for (const DataCase& other : cases_) {
    if (other.command == "add-nodes") total += id_of(other.words.at(0));
    compacts |= other.command == "compact";
  }
  const auto voters = static_cast<std::uint32_t>(items_of(c.arg("voters")).size());
  for (const std::string& id : items_of(c.arg("learners"))) {
    learners_.insert(NodeId{id_of(id)});
  }
  std::string options = " latency=100us sync=100us election_timeout=1h heartbeat=30m";
  if (c.has("checkquorum")) options += " check_quorum=true";
  if (c.has("prevote")) options += " pre_vote=true";
  if (c.has("inflight")) {
    options += " max_inflight=" + c.arg("inflight") + " max_entries=" + c.arg("inflight");
  }
  if (compacts) options += " snapshot_entries=1";
  act(fmt::format("cluster {} voters={}", total, voters) + options);
  for (std::uint32_t n = count + 1; n <= total; ++n) act(fmt::format("crash {}", n));
  voters_ = ServerSet::first(voters);
  base_ = std::stoull(c.arg("index"));
  added_ = count;
}

/// A single voter joins by way of being a learner (4.2.1), other changes go by joint consensus.
void Replay::change(const DataCase& c) {
  if (c.input.empty()) return act(std::exchange(postponed_, {}));  // the joint configuration ends
  std::vector<std::string> changes = testing::words_of(c.input.at(0));
  for (const std::string& change : changes) {
    const NodeId n{id_of(change.substr(1))};
    change[0] == 'v' ? voters_.insert(n) : voters_.erase(n);
  }
  std::string joint = "change_membership";
  for (const NodeId n : voters_) joint += fmt::format(" {}", n.value);
  if (c.arg("transition") == "explicit") {
    postponed_ = joint;
  } else if (changes.size() > 1) {
    act(joint);
  } else if (changes[0][0] == 'r') {
    act("remove_server " + changes[0].substr(1));
  } else {
    const bool cannot_answer = plan_.compared == Compared::kParts;  // before it has to vote
    act_with_extra_entry(cannot_answer ? joint : "add_server " + changes[0].substr(1));
  }
}

/// Half an election timeout (of an hour) of a leader to which answers are slow, until it steps down
/// at the second of these. Just then: n2, which stood 11 ms after the leader was heard for the last
/// time, would stand again.
void Replay::tick_election(std::uint32_t n) {
  if (server(n)->raft_role() != Role::kLeader) return;  // ours has stood: it hears no leader
  if (++ticks_ == 1) {
    act("delay AppendEntriesReply 1800015ms");
    return act("run 30m");
  }
  act("run 1799970ms");
  for (int ms = 0; ms < 60 && server(n)->raft_role() == Role::kLeader; ++ms) {
    act("run 1ms");
  }
  act("keep");
}

/// Whoever drops messages later is cut off from them now.
void Replay::drop_what_will_be_dropped() {
  const auto names = [](const DataCase& c, const std::string& n) {
    return std::find(c.words.begin(), c.words.end(), n) != c.words.end();
  };
  for (std::uint32_t n = 1; n <= added_; ++n) {
    const std::string name = std::to_string(n);
    for (std::size_t i = next_ - 1; i < cases_.size(); ++i) {
      const DataCase& c = cases_[i];
      const std::vector<std::string> dropped = items_of(c.arg("drop"));
      if (std::find(dropped.begin(), dropped.end(), name) != dropped.end()) {
        for (std::uint32_t m = 1; m <= added_; ++m) {
          if (m != n) act(fmt::format("cut {} {}", m, n));
        }
        break;
      }
      const bool delivers = c.command == "stabilize" || c.command == "deliver-msgs";
      if (delivers && (names(c, name) || (c.command == "stabilize" && c.words.empty()))) break;
    }
  }
}

void Replay::run_servers(const std::vector<std::string>& names) {
  std::set<std::uint32_t> ids;
  for (const std::string& name : names) ids.insert(id_of(name));
  for (std::uint32_t n = 1; n <= added_; ++n) {
    if (!names.empty() && ids.count(n) == 0) act(fmt::format("pause {}", n));
  }
  const bool to_itself = cases_[next_ - 1].command == "stabilize";
  drop_what_will_be_dropped();
  settle();
  if (to_itself && !learners_.empty()) {
    for (const NodeId n : std::exchange(learners_, {})) {
      act_with_extra_entry(fmt::format("add_learner {}", n.value));
    }
    settle();
  }
  if (to_itself && spread_commit()) {
    settle();
    act("run 1ms");  // no two timers at one time
  }
  for (std::uint32_t n = 1; n <= added_; ++n) {
    if (!names.empty() && ids.count(n) == 0) act(fmt::format("resume {}", n));
  }
}

/// A commit index leaves with a heartbeat: if somebody waits for one, the leader has it now.
bool Replay::spread_commit() {
  const World& world = script_.world();
  for (std::uint32_t l = 1; l <= added_; ++l) {
    if (world.is_paused(NodeId{l}) || server(l)->raft_role() != Role::kLeader) continue;
    for (std::uint32_t n = 1; n <= added_; ++n) {
      const Server& s = *server(n);
      if (world.is_paused(NodeId{n}) || s.current_term() != server(l)->current_term()) continue;
      if (s.commit_index() >= server(l)->commit_index()) continue;
      act(fmt::format("heartbeat {}", l));
      return true;
    }
  }
  return false;
}

void Replay::compare_states(const DataCase& c) {
  for (const auto& [n, k] : theirs_.known) {
    const bool named =
        std::find(c.words.begin(), c.words.end(), std::to_string(n)) != c.words.end();
    const bool stood_still = c.command == "stabilize" && !c.words.empty() && !named;
    if (n == 0 || n > added_ || stood_still) continue;
    compare(k, n, fmt::format("{}: n{}", c.at, n));
  }
}

void Replay::compare_messages(const DataCase& c) {
  EXPECT_EQ(ours_, theirs_.sent) << c.at;
  ours_.clear();
  theirs_.sent.clear();
}

/// In the middle of a membership change.
bool is_changing(const Server& s) {
  for (Index i = s.commit_index() + 1; i <= s.log().last_index(); ++i) {
    if (s.log()[i].kind == EntryKind::kConfiguration) return true;
  }
  return false;
}

void Replay::compare(const Known& k, std::uint32_t n, const std::string& at) const {
  const Server& s = *server(n);
  if (k.role) {
    EXPECT_EQ(s.role(), *k.role) << at;
  }
  if (k.term) {
    EXPECT_EQ(s.current_term(), *k.term) << at;
  }
  if (k.vote) {
    EXPECT_EQ(s.voted_for(), *k.vote) << at;
  }
  if (k.leader) {
    EXPECT_EQ(s.leader(), *k.leader) << at;
  }
  const Index last = theirs(s.log().last_index());
  const bool settled = !is_changing(s);
  const bool votes = s.configuration().all_voters().contains(NodeId{n});
  if (k.commit && has_leader()) {
    EXPECT_EQ(theirs(s.commit_index()), std::max(*k.commit, base_)) << at;
  }
  if (k.match) {
    EXPECT_EQ(last, std::max(*k.match, base_)) << at;
  }
  if (k.votes && settled) {
    EXPECT_EQ(votes, *k.votes) << at;
  }
  if (k.members && settled) {
    EXPECT_EQ(brief_text(s.configuration()), *k.members) << at;
  }
  if (k.last) {
    EXPECT_EQ(last, k.last->index) << at;
  }
  if (k.last) {
    EXPECT_EQ(s.log().last().term, k.last->term) << at;
  }
}

// --- the tests

class EtcdHistories : public ::testing::TestWithParam<Plan> {};

TEST_P(EtcdHistories, AreOurs) {
  const Plan plan = GetParam();
  const std::string path = testing::shared_folder() + "/etcd-raft/testdata/" + plan.file;
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is not there; SEEDBED_SHARED names the folder above etcd-raft";
  }
  if (plan.commands == 0) GTEST_SKIP() << plan.why;
  Replay(plan, testing::read_datadriven(path)).run();
}

INSTANTIATE_TEST_SUITE_P(Raft, EtcdHistories, ::testing::ValuesIn(kPlans), [](const auto& tested) {
  return testing::test_name(std::filesystem::path(tested.param.file).stem().string());
});

TEST(EtcdHistoriesTable, HasAllOfThem) {
  const std::string folder = testing::shared_folder() + "/etcd-raft/testdata";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  std::set<std::string> there, listed;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    there.insert(entry.path().filename().string());
  }
  for (const Plan& plan : kPlans) listed.insert(plan.file);
  EXPECT_EQ(there, listed);
}

}  // namespace
}  // namespace seedbed::raft
