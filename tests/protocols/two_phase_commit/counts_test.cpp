// Messages and forced writes of one transaction in good weather, against the published figures
// (Mohan, Lindsay, Obermarck 1986, tables; Skeen 1981): N participants, all updating unless said
// otherwise. Counted are the messages that the world carried and the records that something waited
// for; the work before the vote, and what passes between client and coordinator, are no part of it.
#include <gtest/gtest.h>

#include <map>
#include <string_view>

#include "protocols/paxos_commit/site.h"
#include "protocols/three_phase_commit/terminator.h"
#include "protocols/two_phase_commit/site.h"
#include "sim/world/world.h"

namespace seedbed::two_phase_commit {
namespace {

struct Ask {
  static constexpr auto kName = "Ask";
  NodeId coordinator;
  std::vector<tx::Operation> operations;
  constexpr void describe(auto& d) const {
    d("coordinator", coordinator)("operations", operations);
  }
};

/// Asks once, and remembers what it is told.
class Asker : public Process<Asker, Ask, tx::Reply> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const Ask& m) {
    ctx.send(m.coordinator, tx::Request{{ctx.self(), 0}, 1, 0, m.operations});
  }
  void on(Context&, const tx::Reply& m) { replies_.push_back(m); }
  const std::vector<tx::Reply>& replies() const { return replies_; }

 private:
  std::vector<tx::Reply> replies_;
};

class Counter final : public Observer {
 public:
  void on_send(const MessageKey&, const PayloadHeader& payload, const Fate&, bool) override {
    ++sent_[payload.type->name];
  }
  std::uint64_t of(std::string_view name) const {
    const auto found = sent_.find(name);
    return found == sent_.end() ? 0 : found->second;
  }
  std::uint64_t of_commitment() const {
    std::uint64_t sum = 0;
    for (const auto& [name, count] : sent_) {
      const bool other =
          name == "TxnRequest" || name == "TxnReply" || name == "Work" || name == "Worked";
      if (!other) sum += count;
    }
    return sum;
  }

 private:
  std::map<std::string_view, std::uint64_t> sent_;
};

struct Counts {
  std::uint64_t messages = 0;
  std::uint64_t forced = 0;
  tx::Outcome outcome = tx::Outcome::kUnknown;
};

/// One transaction over `updating` participants that write and `reading` ones that read.
template <class S, class P>
Counts count(const P& parameters, std::uint32_t coordinators, std::uint32_t updating,
             std::uint32_t reading = 0) {
  WorldConfig config;
  config.network.latency = Latency::constant(1_ms);
  config.disk.sync = {1_ms, 1_ms};
  auto prototype = std::make_shared<S>();
  prototype->configure(parameters);
  const std::uint32_t participants = updating + reading;
  World world(config, coordinators + participants);
  for (std::uint32_t i = 0; i < coordinators + participants; ++i) world.add_node({prototype});
  const NodeId client = world.add_node({std::make_shared<const Asker>()});
  Counter counter;
  world.observe(&counter);
  Ask ask{{1}, {}};
  for (tx::Key key = 0; key < participants; ++key) {
    const auto function = key < updating ? tx::Function::kAppend : tx::Function::kRead;
    ask.operations.push_back({function, key, 7});
  }
  while (world.now() < Time{} + 20_ms) {
    if (!world.step()) break;
  }
  world.inject(client, {}, ask);
  while (world.now() < Time{} + 10_s && world.step()) continue;
  Counts counts{counter.of_commitment()};
  for (const auto& [name, value] : world.metrics()) {
    if (name == "forced_writes") counts.forced = value;
  }
  const auto& replies = static_cast<const Asker*>(world.process(client))->replies();
  EXPECT_EQ(replies.size(), 1U);
  if (!replies.empty()) counts.outcome = replies[0].outcome;
  return counts;
}

/// Aborts what everybody has voted yes for.
struct Refuses : Mutant<Refuses, Site> {
  void all_agree(Context& ctx, const TxnId& txn) override { decide(ctx, txn, false); }
};

constexpr Parameters kBasic{};
constexpr Parameters kPresumedAbort{.presumed_abort = true, .read_only = true};
constexpr Parameters kPresumedCommit{.presumed_commit = true, .read_only = true};

class Participants : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  static void expect(const Counts& counts, std::uint64_t messages, std::uint64_t forced,
                     tx::Outcome outcome) {
    EXPECT_EQ(counts.outcome, outcome);
    EXPECT_EQ(counts.messages, messages);
    EXPECT_EQ(counts.forced, forced);
  }
};

TEST_P(Participants, CommitAsPublished) {
  const std::uint32_t n = GetParam();
  expect(count<Site>(kBasic, 1, n), 4 * n, 2 * n + 1, tx::Outcome::kCommitted);
  expect(count<Site>(kPresumedAbort, 1, n), 4 * n, 2 * n + 1, tx::Outcome::kCommitted);
  expect(count<Site>(kPresumedCommit, 1, n), 3 * n, n + 2, tx::Outcome::kCommitted);
}

TEST_P(Participants, AbortAsPublished) {
  const std::uint32_t n = GetParam();
  expect(count<Refuses>(kBasic, 1, n), 4 * n, 2 * n + 1, tx::Outcome::kAborted);
  expect(count<Refuses>(kPresumedAbort, 1, n), 3 * n, n, tx::Outcome::kAborted);
  // The coordinator's collecting record, and prepare and abort of each participant.
  expect(count<Refuses>(kPresumedCommit, 1, n), 4 * n, 2 * n + 1, tx::Outcome::kAborted);
}

TEST_P(Participants, ThatOnlyReadTakeTwoMessagesAndForceNothing) {
  const std::uint32_t n = GetParam();
  expect(count<Site>(kPresumedAbort, 1, n, 1), 4 * n + 2, 2 * n + 1, tx::Outcome::kCommitted);
  expect(count<Site>(kPresumedAbort, 1, 0, n), 2 * n, 0, tx::Outcome::kCommitted);
}

TEST_P(Participants, OfThreePhaseCommitTakeSixMessagesEach) {
  const std::uint32_t n = GetParam();
  const Counts counts = count<three_phase_commit::Site>(three_phase_commit::Parameters{}, 1, n);
  EXPECT_EQ(counts.messages, 6 * n);
  EXPECT_EQ(counts.outcome, tx::Outcome::kCommitted);
}

/// Gray and Lamport 2006, section 4: each participant's vote goes to 2F+1 acceptors, each of which
/// tells the leader of all votes at once. (Their figures leave out the acknowledgements, N.)
TEST_P(Participants, OfPaxosCommitVoteToEveryAcceptor) {
  const std::uint32_t n = GetParam();
  for (const std::uint32_t acceptors : {1U, 3U, 5U}) {
    const paxos_commit::Parameters parameters{.acceptors = acceptors};
    const Counts counts = count<paxos_commit::Site>(parameters, acceptors, n);
    EXPECT_EQ(counts.messages, n + acceptors * n + acceptors + n + n);
    EXPECT_EQ(counts.outcome, tx::Outcome::kCommitted);
  }
}

INSTANTIATE_TEST_SUITE_P(OneToEight, Participants, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace seedbed::two_phase_commit
