// The messages of two-phase commit between groups: every member of the receiver's gets each, and
// the one that speaks for the group listens. They go by the names that they have without groups.
#pragma once

#include "protocols/two_phase_commit/messages.h"
#include "sim/base/ids.h"

namespace seedbed::commit_over_raft {

template <class M>
struct Parcel {
  static constexpr auto kName = M::kName;
  NodeId from;  // the sender's group
  M mail;
  constexpr void describe(auto& d) const { d("from", from)("mail", mail); }
};

}  // namespace seedbed::commit_over_raft
