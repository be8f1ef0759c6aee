// Log compaction: chapter 5. A snapshot is written first and the log cut after it; whoever crashes
// in between finishes when it starts again (Server::recover).
#include <algorithm>

#include "protocols/raft/fault_points.h"
#include "protocols/raft/server.h"

namespace seedbed::raft {

void Server::on(Context& ctx, const TakeSnapshot&) {
  snapshot_due_ = false;
  if (last_applied_ <= log_.base().index) return;
  const Snapshot snapshot{.last = snapshot_position(),
                          .stamp = applied_stamp_,
                          .configuration = configuration_at(last_applied_),
                          .records = snapshot_records()};
  ctx.count("snapshots");
  ctx.save(snapshot);
  ctx.compact<Entry>(snapshot.last.index);
  log_.compact(snapshot.last);
  snapshot_ = std::make_shared<const Snapshot>(snapshot);
}

/// One chunk at a time: the next one leaves when this is answered, or with the next heartbeat. A
/// transfer that has begun goes on with its snapshot, even if there is a newer one.
void Server::send_snapshot(Context& ctx, NodeId peer) {
  Progress& progress = progress_[peer.value];
  if (progress.snapshot == nullptr) {
    progress.snapshot = snapshot_;
    progress.offset = 0;
  }
  progress.probing = true;
  const Snapshot& snapshot = *progress.snapshot;
  const auto begin = snapshot.records.begin() + static_cast<std::ptrdiff_t>(progress.offset);
  const std::ptrdiff_t chunk =
      ctx.maybe(fault_points::kSmallChunk) ? 1 : std::ptrdiff_t{parameters_.snapshot_chunk};
  const auto end = begin + std::min<std::ptrdiff_t>(chunk, snapshot.records.end() - begin);
  ctx.send_unsynced(peer, InstallSnapshot{.term = current_term_,
                                          .leader = self_,
                                          .last = snapshot.last,
                                          .stamp = snapshot.stamp,
                                          .configuration = snapshot.configuration,
                                          .offset = progress.offset,
                                          .records = {begin, end},
                                          .done = end == snapshot.records.end(),
                                          .round = round_});
}

void Server::on(Context& ctx, const Envelope& from, const InstallSnapshot& m) {
  adopt_term(ctx, m.term);
  InstallSnapshotReply reply{.term = current_term_, .last_index = m.last.index, .round = m.round};
  if (m.term < current_term_) return ctx.reply(from, reply);

  follow(ctx, m.leader);
  if (m.last.index <= commit_index_) {
    reply.installed = true;
    return ctx.reply(from, reply);
  }
  if (m.last != partial_) {  // of another snapshot: that one is given up
    partial_ = m.last;
    partial_records_.clear();
    ctx.truncate<SnapshotPart>(1);
  }
  if (m.offset == partial_records_.size()) {
    partial_records_.insert(partial_records_.end(), m.records.begin(), m.records.end());
    ctx.append(SnapshotPart{m.last, m.records});
    if (m.done) install(ctx, m);
    reply.installed = m.done;
  }
  reply.next_offset = partial_records_.size();
  ctx.reply(from, reply);
}

/// Figure 5.3: the log keeps what follows the snapshot if it agrees with it, else nothing.
void Server::cut_log(Context& ctx, LogPosition base) {
  if (!log_.contains(base)) {
    ctx.save(LogEnd{is_at_least_as_up_to_date(base, lost_end_) ? base : lost_end_});
    ctx.truncate<Entry>(log_.first_index());
    log_.truncate(log_.first_index());
  }
  ctx.compact<Entry>(base.index);
  log_.compact(base);
}

void Server::install(Context& ctx, const InstallSnapshot& m) {
  const Snapshot snapshot{m.last, m.stamp, m.configuration, std::move(partial_records_)};
  partial_ = {};
  partial_records_ = {};
  ctx.count("snapshots_installed");
  ctx.save(snapshot);
  cut_log(ctx, m.last);
  ctx.truncate<SnapshotPart>(1);
  snapshot_ = std::make_shared<const Snapshot>(snapshot);
  load(snapshot);
  for (Index i = log_.first_index(); i <= log_.last_index(); ++i) {
    if (log_[i].kind == EntryKind::kConfiguration) adopt_configuration(i, log_[i].configuration);
  }
}

/// The state machine, and all that goes with it, as of the snapshot.
void Server::load(const Snapshot& snapshot) {
  store_ = kv::Store(snapshot.records);
  applied_stamp_ = snapshot.stamp;
  commit_index_ = last_applied_ = snapshot.last.index;
  configurations_ = {{snapshot.last.index, snapshot.configuration}};
}

void Server::on(Context& ctx, const Envelope& from, const InstallSnapshotReply& m) {
  adopt_term(ctx, m.term);
  if (!is_leader() || m.term != current_term_) return;
  const NodeId peer = from.from.node;
  heard_from(ctx, peer, m.round);
  Progress& progress = progress_[peer.value];
  if (progress.snapshot == nullptr || m.last_index != progress.snapshot->last.index) return;
  if (m.installed) {
    progress.match = std::max(progress.match, m.last_index);
    progress.next = progress.match + 1;
    progress.snapshot.reset();
    advance_commit(ctx);
    watch_newcomer(ctx, peer);
  } else if (m.next_offset == progress.offset) {
    return;  // it wants the chunk that is on its way
  } else {
    progress.offset = std::min<std::uint64_t>(m.next_offset, progress.snapshot->records.size());
  }
  send_entries(ctx, {peer.value});
}

}  // namespace seedbed::raft
