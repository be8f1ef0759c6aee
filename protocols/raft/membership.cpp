// Membership: chapter 4. A configuration is an entry of the log, and in force as soon as it is
// appended, committed or not.
#include <algorithm>
#include <array>

#include "protocols/raft/server.h"

namespace seedbed::raft {

void Server::adopt_configuration(Index index, const Configuration& configuration) {
  const ServerSet before = configurations_.back().configuration.members();
  configurations_.push_back({index, configuration});
  for (const NodeId newcomer : configuration.members() - before) {
    if (newcomer.value < progress_.size()) {
      progress_[newcomer.value] = Progress{.next = log_.last_index() + 1};
    }
  }
}

/// The entries from here on are gone, and the configurations among them with them.
void Server::drop_configurations_from(Index index) {
  while (configurations_.size() > 1 && configurations_.back().index >= index) {
    configurations_.pop_back();
  }
}

Configuration Server::configuration_at(Index index) const {
  const auto after =
      std::find_if(configurations_.begin() + 1, configurations_.end(),
                   [&](const Established& established) { return established.index > index; });
  return std::prev(after)->configuration;
}

/// To whom a leader sends the log.
ServerSet Server::others() const {
  ServerSet members = configuration().members();
  members.erase(self_);
  return members;
}

/// The change before this one is committed; and so is an entry of our own term, or majorities of
/// this configuration and of one that an earlier leader left uncommitted need not overlap.
bool Server::may_change_configuration() const {
  return changes_are_committed() && commit_index_ >= opening_index_;
}

void Server::change_to(Context& ctx, const Changed& changed) {
  if (changed.error != ChangeError::kNone || changed.configuration == configuration()) {
    return ctx.count("changes_refused");
  }
  Entry entry = new_entry(ctx, EntryKind::kConfiguration);
  entry.configuration = changed.configuration;
  append_as_leader(ctx, std::move(entry));
  ctx.count("changes");
  send_entries(ctx, others());
  advance_commit(ctx);
}

/// One server at a time (section 4.2). A new voter begins as a learner, or the cluster might wait
/// for it while it receives a long log (4.2.1).
void Server::on(Context& ctx, const ChangeServer& m) {
  if (!is_leader() || !may_change_configuration() || configuration().is_joint()) {
    return ctx.count("changes_refused");
  }
  const bool newcomer =
      m.kind == ChangeKind::kAddVoter && !configuration().voters.contains(m.server);
  const bool learns = configuration().learners.contains(m.server);
  if (newcomer) newcomer_ = {m.server, log_.last_index(), ctx.now(), 1};
  if (newcomer && learns) return;
  const Change change{newcomer ? ChangeKind::kAddLearner : m.kind, m.server};
  change_to(ctx, change_one(configuration(), std::array{change}));
}

/// It has caught up when a round, in which it received what the log held at its start, took less
/// than an election timeout. After ten rounds it is taken for too slow, and stays a learner.
void Server::watch_newcomer(Context& ctx, NodeId peer) {
  if (!newcomer_ || newcomer_->server != peer || !is_leader()) return;
  if (progress_[peer.value].match < newcomer_->target) return;
  const bool caught_up = ctx.now() - newcomer_->round_began < shortest_timeout();
  if (caught_up && may_change_configuration() && !configuration().is_joint()) {
    newcomer_.reset();
    const Change change{ChangeKind::kAddVoter, peer};
    return change_to(ctx, change_one(configuration(), std::array{change}));
  }
  constexpr int kMostRounds = 10;
  if (!caught_up && ++newcomer_->rounds > kMostRounds) return newcomer_.reset();
  newcomer_->target = log_.last_index();
  newcomer_->round_began = ctx.now();
}

/// Any set of voters at once, by way of a joint configuration (section 4.3).
void Server::on(Context& ctx, const ChangeVoters& m) {
  if (!is_leader() || !may_change_configuration()) return ctx.count("changes_refused");
  std::vector<Change> changes;
  const ServerSet target(m.voters);
  for (const NodeId n : target) changes.push_back({ChangeKind::kAddVoter, n});
  for (const NodeId n : configuration().voters - target) {
    changes.push_back({ChangeKind::kRemove, n});
  }
  if (target == configuration().voters) return ctx.count("changes_refused");
  change_to(ctx, enter_joint(configuration(), changes, true));
}

/// C_old,new is committed: on to C_new. C_new is committed: a leader that is not in it has done its
/// duty (section 4.2.2).
void Server::configuration_committed(Context& ctx) {
  if (configurations_.back().index > commit_index_) return;
  if (configuration().is_joint()) {
    if (configuration().auto_leave) change_to(ctx, leave_joint(configuration()));
  } else if (!configuration().voters.contains(self_)) {
    become_follower(ctx);
  }
}

}  // namespace seedbed::raft
