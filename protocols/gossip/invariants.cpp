#include "protocols/gossip/invariants.h"

#include <fmt/format.h>

namespace seedbed::gossip {

void DeliveredOnce::after(const Servers<Gossiper>&, NodeId n, const Gossiper& s, Report& report) {
  for (const auto& [value, item] : s.items()) {
    if (item.deliveries <= 1) continue;
    report.fail("delivered again", {n},
                fmt::format("{} was delivered {} times", value, item.deliveries));
    return;
  }
}

void Quiescence::at_end(const Servers<Gossiper>& servers, Report& report) {
  std::uint32_t up = 0;
  for (std::uint32_t id = 1; id <= servers.count(); ++id) up += servers[{id}] != nullptr;
  if (up < 2) return;  // nobody is there to tell the last one that it tells nothing new
  for (std::uint32_t id = 1; id <= servers.count(); ++id) {
    const Gossiper* s = servers[{id}];
    if (s == nullptr || s->parameters().k == 0) continue;
    for (const Rumour& rumour : s->hot()) {
      const std::int64_t cycles = s->cycle() - rumour.learned;
      if (cycles <= kMost) continue;
      report.fail("still infective", {{id}},
                  fmt::format("infective with {} for {} cycles", rumour.value, cycles));
      return;
    }
  }
}

}  // namespace seedbed::gossip
