// `order: fifo`: on each directed link messages arrive in the order in which they were sent, as in
// a TCP connection (RFC 9293; timeouts: RFC 6298).
//
// - A lost message is sent again after `retransmit`, then after twice that, and so on; what was
//   sent behind it waits for it. Duplicates are dropped; reordering is only delay.
// - So does a message that finds its link cut when it arrives: it is tried again and again.
// - Without success for `reset_after` the sender gives up: the connection is reset. A crash of
//   either end resets it, too. What was in flight or queued is then lost (and counts as cut), and
//   the next message begins a new connection, in a new order. Nobody is told.
// - A connection to a node that is down is refused: unless it is up when the message arrives, that
//   is lost.
//
// The order needs memory: what a message waits for depends on those before it. But each one's
// losses are draws of its own still, named by when it is sent again.
//
//   Streams streams;
//   Stream& stream = streams.of(from, to);
#pragma once

#include <cstdint>
#include <map>

#include "sim/world/node.h"
#include "sim/world/pending.h"

namespace seedbed {

/// One direction of a link. Only its first message is among the world's events.
struct Stream {
  struct Item {
    Time at;  // of its arrival, if nothing holds it up
    std::uint32_t tie = 0;
    bool given_up = false;  // it will never arrive, and the connection ends here
    Event event;
  };
  std::uint32_t connection = 0;  // its number, which its messages carry; 0: there never was one
  std::uint32_t from_life = 0;
  std::uint32_t to_life = 0;
  bool under_way = false;  // its first message is
  bool given_up = false;   // that one is
  Time stalled_since = Time::never();
  Duration retry;
  Pending<Item> behind;
};

class Streams {
 public:
  Stream& of(NodeId from, NodeId to) {
    return streams_[std::uint64_t{from.value} << 32 | to.value];
  }

 private:
  std::map<std::uint64_t, Stream> streams_;  // a link's place never moves
};

}  // namespace seedbed
