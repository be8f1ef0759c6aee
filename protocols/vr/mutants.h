// Viewstamped Replication with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include "protocols/vr/replica.h"

namespace seedbed::vr {

/// Recovers into the view of the first primary that answers, whatever view it promised to change
/// to.
struct ForgetsView : Mutant<ForgetsView, Replica> {
  bool has_heard_enough() const override { return has_heard_anybody(); }
};

/// Counts votes of lives that have ended: the protocol as it was printed in 2012.
struct CountsOldLives : Mutant<CountsOldLives, Replica> {
  bool may_count(NodeId, const Nonce&) const override { return true; }
};

/// Comes back in view 0, with nothing, as if it had never been there.
struct SkipsRecovery : Mutant<SkipsRecovery, Replica> {
  bool must_recover(const Life&) const override { return false; }
};

/// Takes part in view changes with the empty log that a crash has left it.
struct AnswersWhileRecovering : Mutant<AnswersWhileRecovering, Replica> {
  bool takes_part() const override {
    return Replica::takes_part() || status() == Status::kRecovering;
  }
};

/// Takes the log of any replica for that of the primary: a primary that crashed goes on in its
/// view.
struct ResumesView : Mutant<ResumesView, Replica> {
  bool may_take_log_of(NodeId, View) const override { return true; }
};

/// Prepares what the primary of a view says that it has left.
struct PreparesOldViews : Mutant<PreparesOldViews, Replica> {
  bool may_prepare(View) const override { return true; }
};

/// Takes for committed what one replica too few has prepared.
struct CommitsEarly : Mutant<CommitsEarly, Replica> {
  bool is_committed(std::size_t prepared_by) const override {
    return prepared_by + 1 >= quorums().majority;
  }
};

/// A new primary takes the longest log that it is told of, from whatever view it is.
struct TakesLongestLog : Mutant<TakesLongestLog, Replica> {
  bool outranks(const DoViewChange& a, const DoViewChange& b) const override { return a.op > b.op; }
};

/// A new primary goes on with its own log.
struct KeepsOwnLog : Mutant<KeepsOwnLog, Replica> {
  bool outranks(const DoViewChange&, const DoViewChange&) const override { return false; }
};

/// Drops what it has acknowledged as soon as it hears of a later view: section 5.2 as it is
/// printed.
struct TruncatesAcknowledged : Mutant<TruncatesAcknowledged, Replica> {
  bool keeps_log_until_replaced() const override { return false; }
};

}  // namespace seedbed::vr
