// An acceptor of Paxos Commit: it remembers, on its disk, what was promised and accepted of the
// votes of each transaction. Gray and Lamport 2006, section 4.1.
#pragma once

#include <map>
#include <vector>

#include "protocols/paxos_commit/messages.h"
#include "sim/world/context.h"

namespace seedbed::paxos_commit {

class Acceptor {
 public:
  virtual ~Acceptor() = default;

  struct State {
    Ballot promised;
    std::vector<Accepted> accepted;  // the last of each participant
  };

  void on(Context& ctx, const Envelope& from, const Phase1a& m);
  void on(Context& ctx, const Envelope& from, const Phase2a& m);

  const std::map<TxnId, State>& votes() const { return states_; }

 protected:
  void start_acceptor(const Recovered& durable);
  /// What was promised and accepted outlives a crash.
  virtual bool recovers() const { return true; }

 private:
  void save(Context& ctx, const TxnId& txn, const State& state);

  std::map<TxnId, State> states_;
};

}  // namespace seedbed::paxos_commit
