#include "sim/check/transactions/observer.h"

namespace seedbed::txn {

void Observer::read_registers() {
  std::vector<Id> own(history_.keys(), kNone);   // what the present transaction wrote last
  std::vector<Id> read(history_.keys(), kNone);  // and what it read first
  for (Id t = 0; t < history_.size(); ++t) {
    if (history_[t].outcome != Outcome::kOk) continue;
    for (const Access& a : history_.accesses(t)) {
      if (a.action == Action::kWrite) {
        own[a.key] = a.value;
        continue;
      }
      see(a.value);
      read_aborted(t, a.value);
      if (own[a.key] != kNone) {
        if (own[a.key] != a.value) internal(t, a, true);
        continue;
      }
      if (facts_.writer[a.value] == t) {  // from its own future
        internal(t, a, true);
        continue;
      }
      const bool unwritten = facts_.writer[a.value] == kNone && !history_.is_initial(a.value);
      // A second read of the same counts, too: read committed asks what came before each.
      if (read[a.key] != kNone && read[a.key] != a.value) internal(t, a, false);
      read[a.key] = a.value;
      if (unwritten) {
        read_unwritten(t, a);
        continue;
      }
      read_intermediate(t, a.value);
      facts_.reads.push_back({t, a.key, a.value});
    }
    for (const Access& a : history_.accesses(t)) own[a.key] = read[a.key] = kNone;
  }
}

}  // namespace seedbed::txn
