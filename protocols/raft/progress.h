// What a leader knows of another server's log, and of its heartbeats.
#pragma once

#include <memory>

#include "protocols/raft/messages.h"

namespace seedbed::raft {

struct Progress {
  Index next = 1;   // nextIndex: the entry to send next
  Index match = 0;  // matchIndex: the highest entry known to be replicated there
  /// Where the logs agree is not known yet: one message at a time, until an answer tells. After
  /// that entries follow each other without waiting, and `next` moves on as they leave.
  bool probing = true;
  /// The first entry that the last such message did not carry. The answer told, those before it are
  /// on their way; messages that left earlier with parts of them may be refused, and nobody minds.
  Index probe_end = 0;
  std::uint64_t round = 0;  // the last round of heartbeats that it answered
  /// The snapshot that it is being sent, and how many of its records have arrived.
  std::shared_ptr<const Snapshot> snapshot;
  std::uint64_t offset = 0;
};

}  // namespace seedbed::raft
