// What stands for a coordinator or a participant: here a node, with its disk and the network. Where
// a group of nodes stands for one (protocols/commit_over_raft), it writes and posts in another way,
// and the rules above stay what they are.
//
//   write(ctx, Record{RecordKind::kDecided, txn, true, participants, {}});
//   post(ctx, participant, Decision{txn, true});       // departs when the record is durable
#pragma once

#include <utility>
#include <variant>

#include "protocols/two_phase_commit/messages.h"
#include "sim/world/context.h"

namespace seedbed::two_phase_commit {

/// All that coordinators and participants say to each other.
using Mail = std::variant<Work, Worked, Prepare, Vote, Decision, Ack, Inquiry>;

class Host {
 public:
  virtual ~Host() = default;

 protected:
  /// The name under which the others know it.
  virtual NodeId me(const Context& ctx) const { return ctx.self(); }
  virtual void write(Context& ctx, Record record) { ctx.append(std::move(record)); }
  /// Departs when what was written before is durable.
  virtual void post(Context& ctx, NodeId to, Mail mail) {
    std::visit([&](auto& message) { ctx.send(to, std::move(message)); }, mail);
  }
  /// `on(ctx, recorded)` is called when what was written before is durable.
  virtual void when_written(Context& ctx, const Recorded& recorded) { ctx.when_synced(recorded); }
};

}  // namespace seedbed::two_phase_commit
