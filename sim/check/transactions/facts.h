// What a history says before any order is looked for: who wrote each version, which transactions
// are known to have committed, what each read from others, and in which order a list grew. What is
// wrong by itself (an aborted read, a list in two orders) is found here, too.
//
//   const Facts facts = facts_of(history);
//   for (const Seen& r : facts.reads) ...      // facts.writer[r.version] -> r.reader, a `wr` edge
//   for (const Anomaly& a : facts.anomalies) ...
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/transactions/history.h"
#include "sim/check/transactions/level.h"

namespace seedbed::txn {

/// Why one transaction comes before another.
enum class Edge : std::uint8_t {
  kWw,        // its write was overwritten
  kWr,        // its write was read
  kRw,        // it read what the other overwrote
  kSession,   // the session's order
  kRealTime,  // it returned before the other was invoked
  kThrough,   // out of a node that only stands for many edges: as the edge that led there
};

struct Step {
  Id from = 0;
  Id to = 0;
  Edge edge = Edge::kWw;
  Id key = kNone;
  Id via = kNone;  // of an overwriting that follows from a read: whose
};

/// Something that a level forbids. Types go by Adya's and Elle's names.
struct Anomaly {
  std::string type;
  Axioms breaks = Axioms::kReadCommitted;  // the weakest axioms that forbid it
  std::string message;                     // for people
  std::vector<Id> transactions;
  std::vector<Step> cycle;  // empty where it is none
  /// Where two writes make a cycle whichever comes first: `cycle` is one way round, and this is the
  /// other.
  std::vector<Step> otherwise{};
};

/// A read of what another transaction left, or the initial value.
struct Seen {
  Id reader = 0;
  Id key = 0;
  Id version = 0;
};

/// The last version of a key that a transaction wrote.
struct Install {
  Id writer = 0;
  Id key = 0;
  Id version = 0;
};

struct Facts {
  /// Transactions of the history, and after them those from outside (History::Options::partial).
  Id nodes = 0;
  std::vector<Id> writer;               // by version; kNone: nobody
  std::vector<std::uint8_t> committed;  // by node
  std::vector<Seen> reads;              // of committed transactions; by reader, in program order
  std::vector<Install> installs;        // of committed transactions; by writer, then by key
  std::vector<Id> first_read, first_install;  // by node, and one more
  /// Lists: the longest order of each key that was read, keys one after the other.
  std::vector<Id> order;
  std::vector<std::size_t> order_ends;  // by key
  std::vector<Anomaly> anomalies;
  /// A value was written twice and read: who wrote what was read is a guess.
  bool ambiguous = false;

  std::span<const Seen> reads_of(Id node) const {
    return std::span(reads).subspan(first_read[node], first_read[node + 1] - first_read[node]);
  }
  std::span<const Install> installs_of(Id node) const {
    return std::span(installs).subspan(first_install[node],
                                       first_install[node + 1] - first_install[node]);
  }
  /// The last version of the key that the node wrote; null if it wrote none.
  const Install* install_of(Id node, Id key) const;
  std::span<const Id> order_of(Id key) const {
    const std::size_t begin = key == 0 ? 0 : order_ends[key - 1];
    return std::span(order).subspan(begin, order_ends[key] - begin);
  }
  /// Who left this version: a committed node, or kNone.
  Id committed_writer(Id version) const {
    const Id w = writer[version];
    return w != kNone && committed[w] ? w : kNone;
  }
};

Facts facts_of(const History& history);

}  // namespace seedbed::txn
