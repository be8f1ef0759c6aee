// A Raft server: Figure 2 of "In Search of an Understandable Consensus Algorithm" (Ongaro and
// Ousterhout 2014), in the figure's order and words, serving the `kv` workload. Each rule that the
// paper argues about is a virtual of its own, so that a mutant is a name and one broken rule.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "protocols/raft/log.h"
#include "protocols/raft/messages.h"
#include "sim/base/parameters.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace seedbed::raft {

struct Parameters {
  Range<Duration> election_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  std::uint32_t max_entries = 64;

  constexpr void parameters(auto& p) {
    p("election_timeout", election_timeout,
      "silence after which a follower stands for election; drawn anew each time", 1_ms,
      3'600'000_ms)("heartbeat", heartbeat, "how often a leader speaks when it has nothing to say",
                    1_ms, 3'600'000_ms)("max_entries", max_entries,
                                        "entries in one AppendEntries at the most", 1U, 4096U);
  }
};

enum class Role : std::uint8_t { kFollower, kCandidate, kLeader };
constexpr std::string_view name_of(Role role) {
  constexpr std::string_view kNames[] = {"follower", "candidate", "leader"};
  return kNames[static_cast<std::uint8_t>(role)];
}

class Server
    : public Process<Server, RequestVote, RequestVoteReply, AppendEntries, AppendEntriesReply,
                     kv::Request, ElectionTimeout, HeartbeatTimeout, LogSynced> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start(Context& ctx, const Recovered& durable);

  // RPCs, Figure 2.
  void on(Context& ctx, const Envelope& from, const RequestVote& m);
  void on(Context& ctx, const Envelope& from, const RequestVoteReply& m);
  void on(Context& ctx, const Envelope& from, const AppendEntries& m);
  void on(Context& ctx, const Envelope& from, const AppendEntriesReply& m);
  // Rules for servers, Figure 2.
  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  void on(Context& ctx, const ElectionTimeout&);
  void on(Context& ctx, const HeartbeatTimeout&);
  void on(Context& ctx, const LogSynced& m);

  std::string_view role() const override { return name_of(role_); }
  std::uint64_t epoch() const override { return current_term_; }
  Role raft_role() const { return role_; }
  Term current_term() const { return current_term_; }
  NodeId voted_for() const { return voted_for_; }
  const Log& log() const { return log_; }
  Index commit_index() const { return commit_index_; }
  Index last_applied() const { return last_applied_; }

  void describe(auto& d) const {
    d("role", role_)("current_term", current_term_)("voted_for", voted_for_)("last", log_.last())(
        "commit_index", commit_index_)("last_applied", last_applied_);
  }

 protected:
  // The rules that safety rests on.

  /// Section 5.2: one vote a term, first come, first served.
  virtual bool may_vote_for(NodeId candidate) const;
  /// Section 5.2: the vote outlives a crash.
  virtual NodeId recover_vote(const HardState& durable) const;
  /// Section 5.3: the highest index that a majority of logs hold, as far as the leader knows.
  virtual Index majority_match() const;
  /// Section 5.4.2: only entries of the current term are committed by counting.
  virtual bool may_commit(Index index) const;

  const std::vector<Index>& match_indexes() const { return match_index_; }

 private:
  bool is_majority(std::size_t count) const { return count > cluster_size_ / 2; }
  void adopt_term(Context& ctx, Term term);
  void become_follower(Context& ctx);
  void become_candidate(Context& ctx);
  void become_leader(Context& ctx);
  void restart_election_timer(Context& ctx);
  void persist(Context& ctx) { ctx.save(HardState{current_term_, voted_for_}); }

  Index accept_entries(Context& ctx, const AppendEntries& m);
  void append(Context& ctx, Entry entry);
  void replicate(Context& ctx, NodeId peer);
  void advance_commit(Context& ctx);
  void apply_committed(Context& ctx);
  void dismiss_clients(Context& ctx);

  Parameters parameters_;
  std::size_t cluster_size_ = 0;

  // Persistent state on all servers.
  Term current_term_ = 0;
  NodeId voted_for_;
  Log log_;

  // Volatile state on all servers.
  Index commit_index_ = 0;
  Index last_applied_ = 0;
  Role role_ = Role::kFollower;
  NodeId leader_;
  TimerId election_timer_;
  kv::Store store_;

  // Volatile state on candidates, and on leaders (by node id).
  std::vector<bool> votes_;
  std::vector<Index> next_index_;
  std::vector<Index> match_index_;
  TimerId heartbeat_timer_;
  std::map<Index, Address> waiting_;  // whose request stands at an uncommitted index
};

}  // namespace seedbed::raft
