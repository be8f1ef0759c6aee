// The k-buckets of a node (sections 2.2 and 4.1): for each distance between 2^i and 2^(i+1) up to k
// contacts, the least recently seen first. Who is seen when its bucket is full waits in a cache,
// until somebody of the bucket is silent. Plain data, without clocks and messages.
//
//   RoutingTable table(20);
//   if (table.see(bucket, n7) == RoutingTable::Seen::kFull) ping(table.least_recent(bucket));
//   table.silent(bucket, n3);                  // did not answer: replaced, or at least flagged
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed::kademlia {

struct Contact {
  NodeId node;
  std::uint32_t seen = 0;  // counts what the table has seen: rises along a bucket
  bool is_silent = false;  // it did not answer, and there is nobody to replace it
};

struct Bucket {
  std::uint32_t index = 0;
  Time looked_up;                 // when last for something in it
  std::vector<Contact> contacts;  // at most k
  std::vector<Contact> waiting;   // at most k; those that were seen when it was full
};

class RoutingTable {
 public:
  enum class Seen : std::uint8_t {
    kKnown,  // it is now the most recently seen
    kNew,    // and is in the bucket
    kFull,   // it waits
  };

  RoutingTable() = default;
  explicit RoutingTable(std::uint32_t k) : k_(k) {}

  /// `moves`: who is known is moved to the end, as it should be.
  Seen see(std::uint32_t bucket, NodeId node, bool moves = true);
  /// Without any message; for a deployment.
  void know(std::uint32_t bucket, NodeId node);
  /// It has not answered. Whoever waits and was seen last takes its place; if nobody does it stays,
  /// flagged: else a node whose own link is down would forget everybody.
  void silent(std::uint32_t bucket, NodeId node);
  /// The one that should be asked whether it is still there; of a bucket that is full.
  NodeId least_recent(std::uint32_t bucket) const;
  /// Takes the least recently seen out, whoever it is, for the last that waits.
  void evict_least_recent(std::uint32_t bucket);

  const Bucket* bucket(std::uint32_t index) const;
  Bucket* bucket(std::uint32_t index);
  /// By rising index; those that ever had a contact.
  const std::vector<Bucket>& buckets() const { return buckets_; }
  std::vector<Bucket>& buckets() { return buckets_; }
  std::size_t size() const;
  /// Counts the changes of who is in a bucket.
  std::uint64_t changes() const { return changes_; }

 private:
  Bucket& make(std::uint32_t index);
  void replace(Bucket& bucket, std::size_t place);

  std::uint32_t k_ = 20;
  std::uint32_t seen_ = 0;
  std::uint64_t changes_ = 0;
  std::vector<Bucket> buckets_;
};

}  // namespace seedbed::kademlia
