// What sites say to each other, in the terms of Demers et al. 1987. Of rumour mongering: Contact
// and Answer. Of anti-entropy: Recent, RecentToo and, where the checksums differ, Everything.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.h"
#include "sim/world/broadcast.h"

namespace seedbed::gossip {

using broadcast::Value;

/// A value, or its death certificate, and when it was made, on its maker's wall clock. Also what a
/// site keeps on its disk.
struct Update {
  static constexpr auto kName = "Update";
  Value value = 0;
  Time stamp;
  bool dead = false;
  constexpr bool operator==(const Update&) const = default;
  constexpr void describe(auto& d) const { d("value", value)("stamp", stamp)("dead", dead); }
};

/// Once a cycle, to a random site.
struct Contact {
  static constexpr auto kName = "Contact";
  std::vector<Update> updates;  // pushed
  bool pulls = false;           // and asks for what is hot there
  constexpr void describe(auto& d) const { d("updates", updates)("pulls", pulls); }
};

/// What was asked for; and of what was told, what was needed and what was known when the cycle
/// began.
struct Answer {
  static constexpr auto kName = "Answer";
  std::vector<Update> updates;
  std::vector<Value> needed;
  std::vector<Value> unnecessary;
  bool empty() const { return updates.empty() && needed.empty() && unnecessary.empty(); }
  constexpr void describe(auto& d) const {
    d("updates", updates)("needed", needed)("unnecessary", unnecessary);
  }
};

/// The recent updates of who begins; then those of the other one, and its checksum after both.
struct Recent {
  static constexpr auto kName = "Recent";
  std::vector<Update> updates;
  constexpr void describe(auto& d) const { d("updates", updates); }
};
struct RecentToo {
  static constexpr auto kName = "RecentToo";
  std::vector<Update> updates;
  std::uint64_t checksum = 0;
  constexpr void describe(auto& d) const { d("updates", updates)("checksum", checksum); }
};
/// The whole database; then what it lacked.
struct Everything {
  static constexpr auto kName = "Everything";
  std::vector<Update> updates;
  bool wants_difference = false;
  constexpr void describe(auto& d) const {
    d("updates", updates)("wants_difference", wants_difference);
  }
};

// --- timers

struct NextCycle {
  static constexpr auto kName = "NextCycle";
  constexpr void describe(auto&) const {}
};
struct NextResolution {
  static constexpr auto kName = "NextResolution";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::gossip
