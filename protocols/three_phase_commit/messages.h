// The messages of three-phase commit beside those of two-phase commit: Skeen, "Nonblocking Commit
// Protocols" (SIGMOD 1981).
#pragma once

#include <vector>

#include "protocols/two_phase_commit/messages.h"
#include "protocols/two_phase_commit/participant.h"

namespace seedbed::three_phase_commit {

using two_phase_commit::Phase;
using two_phase_commit::TxnId;

/// Everybody has voted yes.
struct PreCommit {
  static constexpr auto kName = "PreCommit";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
struct PreCommitAck {
  static constexpr auto kName = "PreCommitAck";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};

// The termination protocol.

struct StateRequest {
  static constexpr auto kName = "StateRequest";
  TxnId txn;
  constexpr void describe(auto& d) const { d("txn", txn); }
};
struct StateReply {
  static constexpr auto kName = "StateReply";
  TxnId txn;
  Phase phase = Phase::kPrepared;
  bool recovered = false;  // it has crashed since, and others may have gone on without it
  constexpr void describe(auto& d) const { d("txn", txn)("phase", phase)("recovered", recovered); }
};

}  // namespace seedbed::three_phase_commit
