// What becomes of single messages, decided by hand. With them a run that failed in bad weather
// fails again in calm weather, and one can see which messages mattered.
//
//   config.network.decisions = sorted({{Decision::Kind::kLose, {n1, n2, sent}, "AppendEntries"}});
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed {

/// Which message, for its whole life: this names it in any run of the same seed.
struct MessageKey {
  NodeId from;
  NodeId to;
  Time sent;
  std::uint32_t nth = 0;  // among that node's sends at that time
  constexpr auto operator<=>(const MessageKey&) const = default;
};

/// On top of the weather. A decision about a message that is never sent, or has another name then,
/// changes nothing.
struct Decision {
  enum class Kind : std::uint8_t {
    kLose,
    kDelay,      // arrives `by` later than the weather has it
    kDuplicate,  // arrives again, `by` later than the weather has it
  };
  Kind kind = Kind::kLose;
  MessageKey key;
  std::string message;  // its name
  Duration by;

  bool operator==(const Decision&) const = default;
};

/// By key, as the network looks them up.
using Decisions = std::shared_ptr<const std::vector<Decision>>;

/// Null where there are none. Those of one message keep their order.
inline Decisions sorted(std::vector<Decision> decisions) {
  if (decisions.empty()) return nullptr;
  std::stable_sort(decisions.begin(), decisions.end(),
                   [](const Decision& a, const Decision& b) { return a.key < b.key; });
  return std::make_shared<const std::vector<Decision>>(std::move(decisions));
}

}  // namespace seedbed
