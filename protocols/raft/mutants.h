// Raft with one rule broken: a name, the rule, and the invariant that must notice (protocol.cpp).
#pragma once

#include <algorithm>

#include "protocols/raft/server.h"

namespace seedbed::raft {

/// Votes for whoever asks, again and again in the same term (section 5.2).
struct VotesTwice : Mutant<VotesTwice, Server> {
  bool may_vote_for(NodeId) const override { return true; }
};

/// Comes back from a crash with its term but without its vote (section 5.2).
struct ForgetsVote : Mutant<ForgetsVote, Server> {
  NodeId recover_vote(const HardState&) const override { return kNobody; }
};

/// Commits entries of earlier terms by counting replicas: Figure 8 (section 5.4.2).
struct CommitsOldTerms : Mutant<CommitsOldTerms, Server> {
  bool may_commit(Index) const override { return true; }
};

/// Takes an entry for committed as soon as one server has it (section 5.3).
struct AcknowledgesEarly : Mutant<AcknowledgesEarly, Server> {
  Index majority_match() const override {
    return *std::max_element(match_indexes().begin(), match_indexes().end());
  }
};

}  // namespace seedbed::raft
