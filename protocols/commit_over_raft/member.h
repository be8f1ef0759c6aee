// A member of a group that stands for one coordinator or participant of two-phase commit: a Raft
// server, and above it two-phase commit, whose log is in Raft's. Corbett et al., "Spanner: Google's
// Globally-Distributed Database" (OSDI 2012), sections 2.1 and 4.2.1: of each group the leader
// takes part in two-phase commit for all of it, and keeps the locks.
//
// Neither of the two knows of the other. A member that leads its group's term opens a life in the
// journal, and speaks when it has read up to there; it falls silent when it leads no more. What it
// says departs when the group has what was written before. And because it cannot know whether it
// still speaks, it asks its group before it says what it only knows from having heard of nothing.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "protocols/commit_over_raft/groups.h"
#include "protocols/commit_over_raft/journal.h"
#include "protocols/commit_over_raft/messages.h"
#include "protocols/commit_over_raft/parameters.h"
#include "protocols/raft/server.h"
#include "protocols/two_phase_commit/coordinator.h"
#include "protocols/two_phase_commit/participant.h"
#include "sim/world/pending.h"
#include "sim/world/process.h"

namespace seedbed::commit_over_raft {

/// What a Raft server reacts to.
template <class M>
concept OfRaft = requires(raft::Server& server, Context& ctx, const Envelope& from, const M& m) {
  server.on(ctx, from, m);
}
|| requires(raft::Server& server, Context& ctx, const M& m) { server.on(ctx, m); };

class Member
    : public Process<Member, raft::RequestVote, raft::RequestVoteReply, raft::AppendEntries,
                     raft::AppendEntriesReply, raft::ElectionTimeout, raft::HeartbeatTimeout,
                     raft::BatchTimeout, raft::TakeSnapshot, raft::VoteSynced, raft::LogSynced,
                     kv::Reply, tx::Request, Parcel<tpc::Work>, Parcel<tpc::Worked>,
                     Parcel<tpc::Prepare>, Parcel<tpc::Vote>, Parcel<tpc::Decision>,
                     Parcel<tpc::Ack>, Parcel<tpc::Inquiry>, tpc::VoteTimeout, tpc::TellAgain,
                     tpc::ParticipantTimeout>,
      public tpc::Participant,
      public tpc::Coordinator {
 public:
  void configure(const Parameters& parameters);
  void use_groups(std::shared_ptr<const Groups> groups) { groups_ = std::move(groups); }
  void start(Context& ctx, const Recovered& durable);

  /// Raft's own.
  template <OfRaft M>
  void on(Context& ctx, const Envelope& from, const M& m) {
    if constexpr (requires { raft_.on(ctx, m); }) {
      raft_.on(ctx, m);
    } else {
      raft_.on(ctx, from, m);
    }
    catch_up(ctx);
  }
  /// The whole log is the journal: it is never compacted.
  void on(Context&, const raft::TakeSnapshot&) {}
  /// Of commands that a deposed leader had proposed: nobody waits for an answer.
  void on(Context&, const kv::Reply&) {}

  void on(Context& ctx, const Envelope& from, const tx::Request& m);
  template <class M>
  void on(Context& ctx, const Envelope&, const Parcel<M>& m) {
    if (speaks_) hear(ctx, m.from, m.mail);
    catch_up(ctx);
  }
  void on(Context& ctx, const tpc::VoteTimeout& m);
  void on(Context& ctx, const tpc::TellAgain& m);
  void on(Context& ctx, const tpc::ParticipantTimeout& m);

  std::string_view role() const override {
    if (!speaks_) return "backup";
    return coordinates() ? "coordinator" : "participant";
  }
  std::uint64_t epoch() const override { return raft_.current_term(); }

  // For invariants and tests.
  bool speaks() const { return speaks_; }
  tpc::Life life() const { return life_; }
  NodeId group() const { return group_; }
  ServerSet members() const { return groups_->members(group_); }
  ServerSet members(NodeId group) const { return groups_->members(group); }
  const Journal& journal() const { return journal_; }
  const raft::Server& replication() const { return raft_; }

  void describe(auto& d) const {
    d("group", group_)("term", raft_.current_term())("records", journal_.records().size())(
        "open", globals().size())("in_doubt", in_doubt())("asked", most_asked())("locks",
                                                                                 locks().held());
  }

 protected:
  // --- the rules

  /// What is posted or told waits until the group has what was written before it.
  virtual bool is_written(std::uint64_t record) const {
    return record <= journal_.written_in_life();
  }
  /// Who takes over has read what the speakers before it have written: up to its own opening.
  virtual bool has_taken_over() const {
    return journal_.speaker() == self_ && journal_.life() == term();
  }
  /// How much of Raft's log is the journal.
  virtual raft::Index end_of_journal() const { return raft_.last_applied(); }
  /// An answer that comes from knowing nothing wants to know first that we still speak.
  virtual bool asks_its_group(const tpc::Inquiry&) const { return true; }
  virtual bool asks_its_group(const tpc::Decision& m) const;

  const raft::Log& log() const { return raft_.log(); }

  // --- what stands for a node (tpc::Host)

  NodeId me(const Context&) const override { return group_; }
  void write(Context& ctx, tpc::Record record) override;
  void post(Context& ctx, NodeId to, tpc::Mail mail) override;
  void when_written(Context& ctx, const tpc::Recorded& recorded) override;
  bool may_coordinate(const Context&) const override { return is_coordinators(group_); }
  NodeId participant_of(tx::Key key) const override;

 private:
  struct Post {
    NodeId to;
    tpc::Mail mail;
  };
  struct Heard {
    NodeId from;
    tpc::Mail mail;
  };
  /// What happens when so many records of this life are in the journal.
  struct Later {
    std::uint64_t record = 0;
    std::variant<Post, Heard, tpc::Recorded> what;
  };

  tpc::Life term() const { return static_cast<tpc::Life>(raft_.current_term()); }
  bool is_coordinators(NodeId group) const;
  NodeId hint_for(const tx::Request& m) const;
  void propose(Context& ctx, const kv::Command& command);
  void catch_up(Context& ctx);
  void replay();
  void begin_to_speak(Context& ctx);
  void fall_silent();
  void release(Context& ctx);
  void happen(Context& ctx, Later later);
  void send(Context& ctx, const Post& post);
  template <class M>
  void hear(Context& ctx, NodeId from, const M& m);
  template <class M>
  void handle(Context& ctx, NodeId from, const M& m);

  Parameters parameters_;
  std::shared_ptr<const Groups> groups_;
  NodeId self_;
  NodeId group_;

  raft::Server raft_;
  raft::Index replayed_ = 0;
  Journal journal_;
  raft::Term opened_in_ = 0;  // the last term that it has proposed to open
  std::uint64_t proposed_ = 0;

  bool speaks_ = false;
  tpc::Life life_ = 0;
  std::uint64_t written_ = 0;  // records of this life, whether the group has them or not
  Pending<Later> later_;
};

}  // namespace seedbed::commit_over_raft
