#include "protocols/two_phase_commit/locks.h"

#include <algorithm>

namespace seedbed::two_phase_commit {

LockAnswer LockTable::ask(tx::Key key, const TxnId& txn, LockMode mode) {
  if (holds(key, txn, mode)) return LockAnswer::kGranted;
  Lock& lock = locks_[key];
  const Claim claim{txn, mode};
  bool waits = false;
  // Those who wait count, too: else they might wait for ever, and for somebody older.
  for (const auto* others : {&lock.holders, &lock.waiters}) {
    for (const Claim& other : *others) {
      if (!conflict(claim, other)) continue;
      if (other.txn < txn) return LockAnswer::kDies;
      waits = true;
    }
  }
  if (!waits) {
    grant(lock, claim);
    return LockAnswer::kGranted;
  }
  const auto younger = [&](const Claim& other) { return txn < other.txn; };
  lock.waiters.insert(std::find_if_not(lock.waiters.begin(), lock.waiters.end(), younger), claim);
  return LockAnswer::kWaits;
}

/// What a transaction held for reading it may now write.
void LockTable::grant(Lock& lock, const Claim& claim) {
  for (Claim& held : lock.holders) {
    if (held.txn == claim.txn) {
      held.mode = claim.mode;
      return;
    }
  }
  lock.holders.push_back(claim);
  ++held_;
}

std::vector<TxnId> LockTable::release(const TxnId& txn) {
  std::vector<TxnId> woken;
  const auto of_txn = [&](const Claim& claim) { return claim.txn == txn; };
  for (auto at = locks_.begin(); at != locks_.end();) {
    Lock& lock = at->second;
    const std::size_t given_back = std::erase_if(lock.holders, of_txn);
    held_ -= given_back;
    if (given_back + std::erase_if(lock.waiters, of_txn) > 0) wake(lock, woken);
    at = lock.holders.empty() && lock.waiters.empty() ? locks_.erase(at) : std::next(at);
  }
  return woken;
}

/// The youngest first, up to the first that must go on waiting: so it waits for younger ones only.
void LockTable::wake(Lock& lock, std::vector<TxnId>& woken) {
  while (!lock.waiters.empty()) {
    const Claim next = lock.waiters.front();
    const bool waits = std::any_of(lock.holders.begin(), lock.holders.end(),
                                   [&](const Claim& held) { return conflict(next, held); });
    if (waits) return;
    lock.waiters.erase(lock.waiters.begin());
    grant(lock, next);
    woken.push_back(next.txn);
  }
}

bool LockTable::holds(tx::Key key, const TxnId& txn, LockMode mode) const {
  const auto found = locks_.find(key);
  if (found == locks_.end()) return false;
  return std::any_of(found->second.holders.begin(), found->second.holders.end(),
                     [&](const Claim& c) { return c.txn == txn && c.mode >= mode; });
}

}  // namespace seedbed::two_phase_commit
