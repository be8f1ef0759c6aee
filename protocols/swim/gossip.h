// The news that a member still has to spread: on each message the pieces that were sent least, each
// no more than a bounded number of times (Das, Gupta and Motivala 2002, sections 4.1 and 5).
//
//   Gossip gossip;
//   gossip.add({{3}, State::kSuspect, 0, {1}});
//   News news = gossip.take(6, /*limit=*/12);
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/swim/messages.h"

namespace seedbed::swim {

struct Rumour {
  Update update;
  std::uint32_t sent = 0;
  std::uint32_t turn = 0;  // among those that were sent as often the first comes first
};

class Gossip {
 public:
  /// Takes the place of what was to be said about the same member.
  void add(const Update& update);
  /// At most `most` pieces; one that was sent `limit` times is dropped.
  News take(std::uint32_t most, std::uint32_t limit);
  bool empty() const { return rumours_.empty(); }
  /// How often the piece was sent that was sent most.
  std::uint32_t most_sent() const { return rumours_.empty() ? 0 : rumours_.back().sent; }

 private:
  void sort();

  std::vector<Rumour> rumours_;  // by how often they were sent
  std::uint32_t next_turn_ = 0;
};

}  // namespace seedbed::swim
