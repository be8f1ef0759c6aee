// A Raft server: Figure 2 of "In Search of an Understandable Consensus Algorithm" (Ongaro and
// Ousterhout 2014), and the rest of the dissertation (Ongaro 2014), whose sections are cited;
// serves the `kv` workload. Each rule that the papers argue about is a virtual of its own, so that
// a mutant is a name and one broken rule.
//
//   server.cpp       terms, roles, what survives a crash        (3.3, 3.8)
//   election.cpp     votes, pre-votes, leadership transfer      (3.4, 3.6, 3.10, 9.6)
//   replication.cpp  AppendEntries, commitment, the clients     (3.5, 3.6.2, 6.3, 10.2)
//   reads.cpp        rounds of heartbeats: reads, leases, check-quorum    (6.2, 6.4)
//   membership.cpp   who belongs to the cluster                 (chapter 4)
//   snapshot.cpp     log compaction                             (chapter 5)
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "protocols/raft/log.h"
#include "protocols/raft/messages.h"
#include "protocols/raft/parameters.h"
#include "protocols/raft/progress.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"
#include "sim/world/pending.h"

namespace seedbed::raft {

enum class Role : std::uint8_t { kFollower, kPreCandidate, kCandidate, kLeader };
inline constexpr std::string_view kRoleNames[] = {"follower", "pre_candidate", "candidate",
                                                  "leader"};
constexpr std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::uint8_t>(role)];
}

class Server : public Process<Server, RequestVote, RequestVoteReply, AppendEntries,
                              AppendEntriesReply, InstallSnapshot, InstallSnapshotReply, TimeoutNow,
                              kv::Request, kv::OpenSession, ChangeServer, ChangeVoters,
                              TransferLeadership, ElectionTimeout, HeartbeatTimeout, BatchTimeout,
                              TransferTimeout, TakeSnapshot, VoteSynced, LogSynced> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  /// Who the cluster begins with, where that is not all servers of the run.
  void founded_by(ServerSet founders) { founders_ = founders; }
  /// It takes no snapshots: whoever has it built in replays its whole log.
  void keep_log() { keeps_log_ = true; }
  void start(Context& ctx, const Recovered& durable);

  // RPCs: Figures 3.1, 5.3, and section 3.10.
  void on(Context& ctx, const Envelope& from, const RequestVote& m);
  void on(Context& ctx, const Envelope& from, const RequestVoteReply& m);
  void on(Context& ctx, const Envelope& from, const AppendEntries& m);
  void on(Context& ctx, const Envelope& from, const AppendEntriesReply& m);
  void on(Context& ctx, const Envelope& from, const InstallSnapshot& m);
  void on(Context& ctx, const Envelope& from, const InstallSnapshotReply& m);
  void on(Context& ctx, const TimeoutNow& m);
  // Clients and administrators.
  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  void on(Context& ctx, const Envelope& from, const kv::OpenSession& m);
  void on(Context& ctx, const ChangeServer& m);
  void on(Context& ctx, const ChangeVoters& m);
  void on(Context& ctx, const TransferLeadership& m);
  // Timers, and the disk's news.
  void on(Context& ctx, const ElectionTimeout&);
  void on(Context& ctx, const HeartbeatTimeout&);
  void on(Context& ctx, const BatchTimeout&);
  void on(Context& ctx, const TransferTimeout&);
  void on(Context& ctx, const TakeSnapshot&);
  void on(Context& ctx, const VoteSynced& m);
  void on(Context& ctx, const LogSynced& m);

  std::string_view role() const override { return name_of(role_); }
  std::uint64_t epoch() const override { return current_term_; }
  Role raft_role() const { return role_; }
  Term current_term() const { return current_term_; }
  NodeId voted_for() const { return voted_for_; }
  NodeId leader() const { return leader_; }
  const Log& log() const { return log_; }
  Index commit_index() const { return commit_index_; }
  Index last_applied() const { return last_applied_; }
  const Configuration& configuration() const { return configurations_.back().configuration; }

  void describe(auto& d) const {
    d("role", role_)("current_term", current_term_)("voted_for", voted_for_)("last", log_.last())(
        "commit_index", commit_index_)("last_applied", last_applied_)("configuration",
                                                                      configuration());
  }

 protected:
  // The rules that safety rests on.

  /// 3.4: one vote a term, first come, first served.
  virtual bool may_vote_for(NodeId candidate) const;
  /// 3.8: the vote outlives a crash.
  virtual NodeId recover_vote(const HardState& durable) const { return durable.voted_for; }
  /// 3.4: ... and that its owner hears of the term's leader.
  virtual NodeId vote_after_step_down() const { return voted_for_; }
  /// 3.4: a vote counts in the term that it was given in ...
  virtual bool counts_in_this_term(const RequestVoteReply& m) const;
  /// ... and once, however often it arrives.
  virtual void count_vote(NodeId voter) { votes_.insert(voter); }
  /// 3.5: an entry goes only where it conflicts; the message may be an old one.
  virtual bool conflicts(Index index, const Entry& entry) const;
  /// 3.5: a follower commits what this message has shown to be the leader's, no more.
  virtual Index may_commit_up_to(Index leader_commit, Index verified) const;
  /// 3.3: whoever is told of a newer term, by whatever message, leads no more.
  virtual bool steps_down_at(const AppendEntries&) const { return true; }
  /// 3.5: the highest index that a majority of logs hold, as far as the leader knows.
  virtual Index majority_match() const;
  /// 4.2.1: of which learners are no part.
  virtual Configuration deciding() const { return configuration(); }
  /// 10.2.1: the leader counts for one of them once its own disk has the entry.
  virtual Index own_match() const { return synced_index_; }
  /// 3.6.2: only entries of the current term are committed by counting.
  virtual bool may_commit(Index index) const;
  /// 3.8: stable storage that lost something is none (Alagappan et al., FAST 2018): such a server
  /// stops, as one that has failed.
  virtual bool refuses_to_start(const Recovered& durable) const { return durable.damaged(); }
  /// 3.8: a log that lost its tail to the disk still binds the votes of its server.
  virtual LogPosition recovered_end(const LogEnd& end) const { return end.last; }
  /// 6.3: a command takes effect once, however often it stands in the log.
  virtual std::optional<kv::Reply> execute(const Entry& entry);
  /// 6.4: a read waits until it is known that no other leader was there before it came.
  virtual bool may_answer_reads_of(std::uint64_t round) const { return round <= confirmed_round_; }
  /// 6.4.1: how long after the start of a round no other leader can be elected, by our clock.
  virtual Duration lease() const;
  /// 4.2 as corrected in 2015: the last change, and an entry of this term, are committed first.
  virtual bool may_change_configuration() const;
  /// 4.2.2: whom a change removes stands until it knows that the change is committed: only it may
  /// have the entries that commit it.
  virtual bool is_still_needed() const;
  /// 9.6: it asks before it stands.
  virtual bool asks_before_standing() const { return parameters_.pre_vote; }
  /// 9.6: ... and answers, also those who are behind: they learn of our term.
  virtual bool answers_pre_vote(const RequestVote&) const { return true; }
  /// 6.2: a leader that no majority answers is none.
  virtual bool has_lost_its_quorum(Duration silence) const;
  /// Chapter 5: what the last entry of a snapshot was, ...
  virtual LogPosition snapshot_position() const {
    return {last_applied_, log_.term_at(last_applied_)};
  }
  /// ... and the whole state machine, sessions too (6.3).
  virtual std::vector<kv::Record> snapshot_records() const { return store_.image(); }

  bool changes_are_committed() const { return configurations_.back().index <= commit_index_; }
  ServerSet votes() const { return votes_; }
  NodeId self() const { return self_; }
  Index match_of(NodeId n) const { return n == self_ ? own_match() : progress_[n.value].match; }
  Duration shortest_timeout() const { return parameters_.election_timeout.min; }

 private:
  // server.cpp
  void adopt_term(Context& ctx, Term term) {
    if (term > current_term_) step_down(ctx, term);
  }
  void step_down(Context& ctx, Term term);
  void become_follower(Context& ctx);
  void become_leader(Context& ctx);
  void restart_election_timer(Context& ctx);
  void persist(Context& ctx) { ctx.save(HardState{current_term_, voted_for_}); }
  void recover(Context& ctx, const Recovered& durable);
  bool is_leader() const { return role_ == Role::kLeader; }

  // election.cpp
  bool may_stand() const;
  void stand_for_election(Context& ctx);
  void become_pre_candidate(Context& ctx);
  void become_candidate(Context& ctx, bool transfer);
  void request_votes(Context& ctx, const RequestVote& m);
  void tally(Context& ctx);
  bool hears_a_leader(Context& ctx) const;
  bool would_vote_for(const RequestVote& m) const;
  LogPosition binding_end() const;
  void hand_over_when_ready(Context& ctx);

  // replication.cpp
  void follow(Context& ctx, NodeId leader);
  Index accept_entries(Context& ctx, const AppendEntries& m);
  Entry new_entry(Context& ctx, EntryKind kind) const;
  void append_as_leader(Context& ctx, Entry entry);
  void write_last(Context& ctx);
  void truncate(Context& ctx, Index index);
  void replicate_new(Context& ctx);
  std::uint64_t room_for(const Progress& progress) const;
  ServerSet first_alike(ServerSet peers) const;
  void send_entries(Context& ctx, ServerSet peers);
  void send_same(Context& ctx, ServerSet alike);
  static bool is_news(const Progress& progress, const AppendEntriesReply& refusal);
  void heard_from(Context& ctx, NodeId peer, std::uint64_t round);
  void commit_to(Context& ctx, Index index);
  void advance_commit(Context& ctx);
  void apply_committed(Context& ctx);
  void apply(Context& ctx, Index index);
  void dismiss_clients(Context& ctx);
  bool turn_away(Context& ctx, const Envelope& from, const kv::RequestId& id);

  // reads.cpp
  void start_round(Context& ctx);
  void confirm_rounds(Context& ctx);
  void read(Context& ctx, const Envelope& from, const kv::Request& m);
  void answer_reads(Context& ctx);
  bool holds_lease(Context& ctx) const;

  // membership.cpp
  void adopt_configuration(Index index, const Configuration& configuration);
  void drop_configurations_from(Index index);
  Configuration configuration_at(Index index) const;
  ServerSet others() const;
  void change_to(Context& ctx, const Changed& changed);
  void watch_newcomer(Context& ctx, NodeId peer);
  void configuration_committed(Context& ctx);

  // snapshot.cpp
  void send_snapshot(Context& ctx, NodeId peer);
  void install(Context& ctx, const InstallSnapshot& m);
  void load(const Snapshot& snapshot);
  void cut_log(Context& ctx, LogPosition base);

  Parameters parameters_;
  ServerSet founders_;
  bool keeps_log_ = false;
  NodeId self_;

  // Persistent state on all servers.
  Term current_term_ = 0;
  NodeId voted_for_;
  Log log_;
  std::shared_ptr<const Snapshot> snapshot_;
  LogPosition lost_end_;  // the log ended here once, and the disk lost it
  LogPosition partial_;   // of the snapshot that is being received
  std::vector<kv::Record> partial_records_;

  // Volatile state on all servers.
  Index commit_index_ = 0;
  Index last_applied_ = 0;
  Role role_ = Role::kFollower;
  NodeId leader_;
  std::optional<Time> heard_at_;  // from a leader whose lease may last, on our clock
  TimerId election_timer_;
  bool snapshot_due_ = false;
  kv::Store store_;
  Duration applied_stamp_;  // the cluster's time at last_applied_
  struct Established {
    Index index = 0;
    Configuration configuration;
  };
  std::vector<Established> configurations_;  // the snapshot's, and all after it

  // Volatile state on candidates.
  ServerSet votes_;
  ServerSet refusals_;

  // Volatile state on leaders.
  std::vector<Progress> progress_;  // by node id
  Index synced_index_ = 0;
  std::optional<Time> unsynced_since_;  // the disk has finished nothing since
  TimerId heartbeat_timer_;
  TimerId batch_timer_;
  Time leader_since_;
  Duration opening_stamp_;   // the cluster's time when the term was opened
  Index opening_index_ = 0;  // of its no-op
  struct Waiting {
    Index index = 0;
    Address client;
  };
  Pending<Waiting> waiting_;  // whose request stands at an unapplied index; by rising index

  struct Round {
    std::uint64_t number = 0;
    Time started;
  };
  std::uint64_t round_ = 0;  // of heartbeats, in this term
  std::uint64_t confirmed_round_ = 0;
  std::vector<Round> open_rounds_;
  Time quorum_heard_at_;  // the start of the last confirmed round
  struct PendingRead {
    std::uint64_t round = 0;
    Index index = 0;
    Address client;
    kv::Request request;
  };
  std::vector<PendingRead> reads_;

  NodeId transfer_to_;
  bool lease_forfeited_ = false;  // someone may be elected before it ends
  TimerId transfer_timer_;

  struct Newcomer {
    NodeId server;
    Index target = 0;  // the end of the log when its round of catching up began
    Time round_began;
    int rounds = 0;
  };
  std::optional<Newcomer> newcomer_;
};

}  // namespace seedbed::raft
