// Raft with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
// Sections are the dissertation's.
#pragma once

#include <algorithm>
#include <utility>

#include "protocols/raft/server.h"

namespace seedbed::raft {

// --- elections

/// Votes for whoever asks, again and again in the same term (3.4).
struct VotesTwice : Mutant<VotesTwice, Server> {
  bool may_vote_for(NodeId) const override { return true; }
};

/// Comes back from a crash with its term but without its vote (3.8).
struct ForgetsVote : Mutant<ForgetsVote, Server> {
  NodeId recover_vote(const HardState&) const override { return kNobody; }
};

/// Takes its vote back when it steps down in the same term, and has another one (3.4).
struct ClearsVote : Mutant<ClearsVote, Server> {
  NodeId vote_after_step_down() const override { return kNobody; }
};

/// Counts a vote that it was given when it stood in an earlier term (3.4).
struct CountsOldVotes : Mutant<CountsOldVotes, Server> {
  bool counts_in_this_term(const RequestVoteReply& m) const override {
    return m.vote_granted && m.term <= current_term();
  }
};

/// Counts a vote as often as the network delivers it (3.4).
struct CountsVotesTwice : Mutant<CountsVotesTwice, Server> {
  void count_vote(NodeId voter) override {
    ServerSet others = configuration().voters - votes();
    others.erase(self());
    const bool again = votes().contains(voter) && voter != self() && !others.empty();
    Server::count_vote(again ? *others.begin() : voter);
  }
};

/// Takes the end of a log whose tail the disk has lost for the end that it always had (3.8).
struct TrustsLostTail : Mutant<TrustsLostTail, Server> {
  LogPosition recovered_end(const LogEnd&) const override { return {}; }
};

/// Starts from what is left of a damaged disk, as if that were all it ever had (3.8).
struct TrustsDamage : Mutant<TrustsDamage, Server> {
  bool refuses_to_start(const Recovered&) const override { return false; }
};

// --- replication

/// Commits entries of earlier terms by counting replicas: Figure 3.7 (3.6.2).
struct CommitsOldTerms : Mutant<CommitsOldTerms, Server> {
  bool may_commit(Index) const override { return true; }
};

/// Takes an entry for committed as soon as one server has it (3.5).
struct AcknowledgesEarly : Mutant<AcknowledgesEarly, Server> {
  Index majority_match() const override {
    Index most = 0;
    for (const NodeId n : configuration().voters) most = std::max(most, match_of(n));
    return most;
  }
};

/// Commits up to the match index that most servers share, not the one that a majority has passed.
struct CommitsTheMode : Mutant<CommitsTheMode, Server> {
  Index majority_match() const override {
    std::pair<std::size_t, Index> best;
    for (const NodeId n : configuration().voters) {
      std::size_t shared = 0;
      for (const NodeId m : configuration().voters) shared += match_of(m) == match_of(n);
      best = std::max(best, {shared, match_of(n)});
    }
    return best.second;
  }
};

/// Counts learners as if they voted (4.2.1).
struct CountsLearners : Mutant<CountsLearners, Server> {
  Configuration deciding() const override {
    Configuration all = configuration();
    all.voters = all.voters | all.learners;
    return all;
  }
};

/// The leader counts itself before its own disk has the entry (10.2.1).
struct CountsUnsynced : Mutant<CountsUnsynced, Server> {
  Index own_match() const override { return log().last_index(); }
};

/// Cuts its log at every entry that it is sent, new or not: an old message undoes newer ones (3.5).
struct TruncatesAlways : Mutant<TruncatesAlways, Server> {
  bool conflicts(Index, const Entry&) const override { return true; }
};

/// Commits as far as the leader has, in a log that was not compared so far (3.5).
struct CommitsUnverified : Mutant<CommitsUnverified, Server> {
  Index may_commit_up_to(Index leader_commit, Index) const override {
    return std::min(leader_commit, log().last_index());
  }
};

/// A newer leader's heartbeat raises the term of an old leader in the middle of what it does, and
/// it goes on leading: hashicorp/raft issue 695, where heartbeats are handled beside the main loop
/// (3.3).
struct LeadsOn : Mutant<LeadsOn, Server> {
  bool steps_down_at(const AppendEntries&) const override { return raft_role() != Role::kLeader; }
};

// --- clients

/// Applies a command as often as it stands in the log (6.3).
struct AppliesTwice : Mutant<AppliesTwice, Server> {
  std::optional<kv::Reply> execute(const Entry& entry) override {
    Entry fresh = entry;
    fresh.request.id.sequence = ~last_applied();  // nobody's number: not remembered for anybody
    fresh.request.lowest_open = 0;
    auto reply = Server::execute(fresh);
    if (reply) reply->id = entry.request.id;
    return reply;
  }
};

/// Answers reads from its own state without asking whether it still leads (6.4).
struct ReadsLocally : Mutant<ReadsLocally, Server> {
  bool may_answer_reads_of(std::uint64_t) const override { return true; }
};

/// Trusts its lease as if clocks did not drift (6.4.1).
struct LeaseWithoutDrift : Mutant<LeaseWithoutDrift, Server> {
  Duration lease() const override { return shortest_timeout(); }
};

// --- membership and snapshots

/// Changes the configuration before an entry of its own term is committed (4.2, the 2015
/// correction).
struct ChangesBeforeNoOp : Mutant<ChangesBeforeNoOp, Server> {
  bool may_change_configuration() const override { return changes_are_committed(); }
};

/// A snapshot without the sessions: what it stands for may be applied again (6.3).
struct SnapshotDropsSessions : Mutant<SnapshotDropsSessions, Server> {
  std::vector<kv::Record> snapshot_records() const override {
    std::vector<kv::Record> records = Server::snapshot_records();
    std::erase_if(records, [](const auto& r) { return r.kind != kv::Record::Kind::kValue; });
    return records;
  }
};

/// A snapshot that does not know the term of its last entry (chapter 5).
struct SnapshotLosesTerm : Mutant<SnapshotLosesTerm, Server> {
  LogPosition snapshot_position() const override { return {last_applied(), 0}; }
};

// --- liveness

/// Stands without asking: a server that was removed deposes one leader after another (9.6).
struct StandsAtOnce : Mutant<StandsAtOnce, Server> {
  bool asks_before_standing() const override { return false; }
};

/// Leads on when no majority answers: those that hear it elect nobody else (6.2).
struct LeadsAlone : Mutant<LeadsAlone, Server> {
  bool has_lost_its_quorum(Duration) const override { return false; }
};

/// Does not answer pre-votes of an older term, whose sender never learns of the newer one (etcd
/// issue 8243).
struct IgnoresOldPreVotes : Mutant<IgnoresOldPreVotes, Server> {
  bool answers_pre_vote(const RequestVote& m) const override { return m.term > current_term(); }
};

/// Does not stand once it is removed, committed or not; nobody else can commit it (4.2.2).
struct StandsAside : Mutant<StandsAside, Server> {
  bool is_still_needed() const override { return false; }
};

}  // namespace seedbed::raft
