// A replica of Viewstamped Replication: Liskov and Cowling, "Viewstamped Replication Revisited"
// (MIT-CSAIL-TR-2012-021), whose words and sections are used here. Memory is all it has: who
// crashes asks the others for what it knew, and no more than f of 2f + 1 may have failed at once.
// Lives are told apart as Michael, Ports, Sharma and Szekeres, "Recovering Shared Objects Without
// Stable Storage" (DISC 2017), found necessary. Serves the `kv` workload. Each rule that safety
// rests on is a virtual of its own, so that a mutant is a name and one broken rule.
//
//   replica.cpp         the first life, timers, and the clients
//   normal_case.cpp     section 4.1: what a primary and its backups do; checkpoints
//   view_change.cpp     section 4.2
//   recovery.cpp        section 4.3
//   state_transfer.cpp  sections 5.2 and 5.3
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/vr/messages.h"
#include "protocols/vr/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/server_set.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"
#include "sim/world/pending.h"

namespace seedbed::vr {

/// The paper's three, and two that it has no name for: before the whole group has met for the first
/// time, and of servers that are not in it.
enum class Status : std::uint8_t { kObserver, kNew, kNormal, kViewChange, kRecovering };
inline constexpr std::string_view kStatusNames[] = {"observer", "new", "normal", "view_change",
                                                    "recovering"};
constexpr std::string_view name_of(Status status) {
  return kStatusNames[static_cast<std::uint8_t>(status)];
}

class Replica
    : public Process<Replica, Prepare, PrepareOk, Commit, StartViewChange, DoViewChange, StartView,
                     Recovery, RecoveryResponse, NoEarlierLife, EarlierLife, GetState, NewState,
                     kv::Request, ViewChangeTimeout, HeartbeatTimeout, TakeCheckpoint> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const Envelope& from, const Prepare& m);
  void on(Context& ctx, const Envelope& from, const PrepareOk& m);
  void on(Context& ctx, const Envelope& from, const Commit& m);
  void on(Context& ctx, const Envelope& from, const StartViewChange& m);
  void on(Context& ctx, const Envelope& from, const DoViewChange& m);
  void on(Context& ctx, const Envelope& from, const StartView& m);
  void on(Context& ctx, const Envelope& from, const Recovery& m);
  void on(Context& ctx, const Envelope& from, const RecoveryResponse& m);
  void on(Context& ctx, const Envelope& from, const NoEarlierLife& m);
  void on(Context& ctx, const Envelope& from, const EarlierLife& m);
  void on(Context& ctx, const Envelope& from, const GetState& m);
  void on(Context& ctx, const Envelope& from, const NewState& m);
  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  void on(Context& ctx, const ViewChangeTimeout&);
  void on(Context& ctx, const HeartbeatTimeout&);
  void on(Context& ctx, const TakeCheckpoint&);

  std::string_view role() const override;
  std::uint64_t epoch() const override { return view_; }
  Status status() const { return status_; }
  View view() const { return view_; }
  View last_normal() const { return last_normal_; }
  Op commit() const { return commit_; }
  const SharedLog<Entry>& log() const { return log_; }
  Nonce life() const { return life_.nonce; }
  const Quorums& quorums() const { return quorums_; }
  bool is_primary() const { return status_ == Status::kNormal && primary_of(view_) == self_; }
  /// It has told the next primary what it knows: an older view is over, for it.
  bool gave_up_older_views() const { return status_ == Status::kViewChange && told_primary_; }

  void describe(auto& d) const {
    d("status", status_)("view", view_)("last_normal", last_normal_)("commit", commit_)(
        "op", log_.last_index())("life", life_.nonce.life);
  }

 protected:
  // The rules that safety rests on.

  /// Section 4.3: who had another life asks what it knew in it, ...
  virtual bool must_recover(const Life& before) const { return !before.fresh; }
  /// ... takes no part in anything before it knows, ...
  virtual bool takes_part() const {
    return status_ == Status::kNormal || status_ == Status::kViewChange;
  }
  /// ... wants to hear so many that one of them knows of any view that it promised to change to,
  virtual bool has_heard_enough() const { return responses_.size() >= quorums_.answers; }
  /// ... and goes on with the log of that view's primary.
  virtual bool may_take_log_of(NodeId replica, View view) const {
    return replica == primary_of(view);
  }
  /// Section 4.1: backups take what the primary of their own view prepares, ...
  virtual bool may_prepare(View view) const { return view >= view_; }
  /// ... and what a majority has prepared is committed.
  virtual bool is_committed(std::size_t prepared_by) const {
    return prepared_by >= quorums_.majority;
  }
  /// Michael et al.: a vote of who has had another life since counts no more.
  virtual bool may_count(NodeId replica, const Nonce& life) const {
    return lives_[replica.value] == life;
  }
  /// Section 4.2: of the logs that a new primary is told of the one from the latest view counts,
  /// the longest of several.
  virtual bool outranks(const DoViewChange& a, const DoViewChange& b) const {
    return std::pair(a.last_normal, a.op) > std::pair(b.last_normal, b.op);
  }
  /// Section 5.2, mended: as printed, who learns of a later view first drops what it has not seen
  /// committed; but it may have acknowledged that, and have to tell of it in a view change.
  virtual bool keeps_log_until_replaced() const { return true; }

  NodeId self() const { return self_; }
  NodeId primary_of(View view) const {
    return {static_cast<std::uint32_t>(view % members_.size()) + 1};
  }
  bool has_heard_anybody() const { return !responses_.empty(); }

 private:
  /// A log on its way from another replica. Our own stays as it is until all of it has come.
  struct Transfer {
    View view = 0;
    NodeId source;
    std::optional<Op> target;  // none: where the source's log ends when it first answers
    SharedLog<Entry> log;
    std::shared_ptr<const Checkpoint> checkpoint;
    Op commit = 0;
  };

  // replica.cpp
  ServerSet others() const { return members_ - ServerSet{self_.value}; }
  bool is_time_to_repeat(NodeId to);
  void restart_view_timer(Context& ctx);
  void dismiss_clients(Context& ctx);
  std::uint64_t most_entries(Context& ctx) const;
  Entries end_of_log(Context& ctx) const;

  // normal_case.cpp
  bool is_in_progress(const kv::RequestId& request) const;
  void repeat_prepares(Context& ctx);
  bool follow(Context& ctx, const Envelope& from, View view);
  void append_new(const Entries& entries, Op first);
  void commit_up_to(Context& ctx, Op op);
  void execute(Context& ctx, Op op);

  // view_change.cpp
  void begin_view_change(Context& ctx, View view);
  void ask_for_view(Context& ctx);
  void tell_primary(Context& ctx);
  void try_to_lead(Context& ctx);
  void start_view(Context& ctx);
  void enter_view(Context& ctx, View view);

  // recovery.cpp
  void remember(NodeId replica, const Nonce& life);
  void remember(const Lives& lives);
  void begin_life(Context& ctx, std::uint64_t number, bool fresh);
  void ask_who_i_was(Context& ctx);
  void try_to_recover(Context& ctx);

  // state_transfer.cpp
  void begin_transfer(Context& ctx, Transfer wanted);
  void ask_for_state(Context& ctx);
  void continue_transfer(Context& ctx, const NewState& m);
  void finish_transfer(Context& ctx);
  SharedLog<Entry> log_up_to(Op op) const;
  void adopt(Context& ctx, const Transfer& whole);
  void load(std::shared_ptr<const Checkpoint> checkpoint);

  Parameters parameters_;
  NodeId self_;
  ServerSet members_;
  Quorums quorums_;
  Status status_ = Status::kObserver;
  View view_ = 0;
  View last_normal_ = 0;

  // The log, up to commit_ executed, and the state machine after that. The client table of the
  // paper is in it: what was answered to whom.
  SharedLog<Entry> log_;
  Op commit_ = 0;
  kv::Store store_;
  std::shared_ptr<const Checkpoint> checkpoint_;
  bool checkpoint_due_ = false;

  // Primary and backups.
  std::vector<Op> prepared_;  // by node id: up to where it has our log
  Op repeat_up_to_ = 0;       // prepared before the last heartbeat
  FlatMap<Op, Entry> early_;  // of this view, ahead of a gap
  struct Waiting {
    Op op = 0;
    kv::RequestId request;
    Address client;
  };
  Pending<Waiting> waiting_;  // by rising op-number

  // View change.
  FlatMap<std::uint32_t, Nonce> asked_by_;  // who has sent a StartViewChange, in which life
  FlatMap<std::uint32_t, DoViewChange> told_by_;
  bool told_primary_ = false;

  // Recovery.
  Life life_;
  Lives lives_;
  ServerSet no_earlier_life_;  // who says so of us
  FlatMap<std::uint32_t, RecoveryResponse> responses_;

  std::optional<Transfer> transfer_;
  /// Heartbeats since something came of what we repeat to each, or ask of all (our own place). A
  /// slow link must not fill up with what it is slow to carry.
  std::vector<std::uint32_t> beats_;
  TimerId view_timer_;
};

}  // namespace seedbed::vr
