// Rounds of heartbeats. A round that a quorum has answered shows that at its start no other leader
// had been elected; reads (section 6.4), leases (6.4.1) and check-quorum (6.2) are what follows.
#include "protocols/raft/server.h"

#include <algorithm>

namespace seedbed::raft {

void Server::start_round(Context& ctx) {
  open_rounds_.push_back({++round_, ctx.now()});
  send_entries(ctx, others());
  confirm_rounds(ctx);  // alone, we are a quorum
}

void Server::confirm_rounds(Context& ctx) {
  const auto round_of = [this](NodeId n) { return n == self_ ? round_ : progress_[n.value].round; };
  const std::uint64_t confirmed =
      std::min(round_, quorum_index(configuration(), round_of, confirmed_round_));
  if (confirmed <= confirmed_round_) return;
  confirmed_round_ = confirmed;
  const auto newer = std::find_if(open_rounds_.begin(), open_rounds_.end(),
                                  [&](const Round& r) { return r.number > confirmed; });
  if (newer != open_rounds_.begin()) quorum_heard_at_ = std::prev(newer)->started;
  open_rounds_.erase(open_rounds_.begin(), newer);
  answer_reads(ctx);
}

bool Server::has_lost_its_quorum(Duration silence) const {
  return parameters_.check_quorum && silence >= parameters_.election_timeout.max;
}

/// A voter that answered the round votes for nobody for the shortest election timeout by its own
/// clock, which may be fast, while ours is slow.
Duration Server::lease() const {
  const std::int64_t bound = parameters_.drift_bound_ppm;
  const std::int64_t timeout = shortest_timeout().count();
  return Duration(timeout / (1'000'000 + bound) * (1'000'000 - bound));
}

bool Server::holds_lease(Context& ctx) const {
  return parameters_.lease_reads && confirmed_round_ > 0 && !lease_forfeited_ &&
         ctx.now() - quorum_heard_at_ < lease();
}

/// Steps 1 to 4 of section 6.4: the read waits for the commit index as it is now, which only an
/// entry of our own term makes known, and for a round of heartbeats that starts after it came. One
/// round serves all that have gathered.
void Server::read(Context& ctx, const Envelope& from, const kv::Request& m) {
  PendingRead read{.round = holds_lease(ctx) ? 0 : round_ + 1,
                   .index = std::max(commit_index_, opening_index_),
                   .client = from.from,
                   .request = m};
  reads_.push_back(std::move(read));
  answer_reads(ctx);
}

/// Answers those that may be, in the order in which they came; starts the round that the others
/// wait for.
void Server::answer_reads(Context& ctx) {
  std::size_t answered = 0;
  for (const PendingRead& read : reads_) {
    if (read.index > last_applied_ || !may_answer_reads_of(read.round)) break;
    const kv::Value value = store_.read(read.request.command.key);
    ctx.send_unsynced(read.client, kv::Reply{read.request.id, kv::Outcome::kDone, value});
    ++answered;
  }
  reads_.erase(reads_.begin(), reads_.begin() + static_cast<std::ptrdiff_t>(answered));
  const bool waits = !reads_.empty() && reads_.back().round > round_;
  if (waits && round_ == confirmed_round_) start_round(ctx);
}

}  // namespace seedbed::raft
