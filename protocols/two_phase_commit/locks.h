// The locks of one participant, shared and exclusive, without deadlocks: wait-die (Rosenkrantz,
// Stearns, Lewis 1978, "System Level Concurrency Control for Distributed Database Systems"). Who
// asks for what another transaction has waits if it is older, and dies if it is younger, so nobody
// waits for an older one and no circle of waiting can close, on one node or over several.
//
//   if (locks.ask(key, txn, LockMode::kExclusive) == LockAnswer::kDies) abort(txn);
//   for (const TxnId& woken : locks.release(txn)) go_on(woken);
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "protocols/two_phase_commit/messages.h"

namespace seedbed::two_phase_commit {

enum class LockMode : std::uint8_t { kShared, kExclusive };
enum class LockAnswer : std::uint8_t { kGranted, kWaits, kDies };

class LockTable {
 public:
  /// A transaction waits for one key at a time.
  LockAnswer ask(tx::Key key, const TxnId& txn, LockMode mode);
  /// Gives back all that `txn` has and waits for. Returns who waits no longer, youngest first.
  std::vector<TxnId> release(const TxnId& txn);

  /// In that mode or a stronger one.
  bool holds(tx::Key key, const TxnId& txn, LockMode mode) const;
  std::size_t held() const { return held_; }
  bool empty() const { return locks_.empty(); }

 private:
  struct Claim {
    TxnId txn;
    LockMode mode = LockMode::kShared;
  };
  struct Lock {
    std::vector<Claim> holders;
    std::vector<Claim> waiters;  // youngest first
  };

  static bool conflict(const Claim& a, const Claim& b) {
    return a.txn != b.txn && (a.mode == LockMode::kExclusive || b.mode == LockMode::kExclusive);
  }
  void grant(Lock& lock, const Claim& claim);
  void wake(Lock& lock, std::vector<TxnId>& woken);

  std::map<tx::Key, Lock> locks_;
  std::size_t held_ = 0;
};

}  // namespace seedbed::two_phase_commit
