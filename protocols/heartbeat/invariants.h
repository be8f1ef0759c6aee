// What a failure detector promises by its own clock (Chandra and Toueg 1996): who is late is
// suspected, and who is heard is not.
#pragma once

#include <string_view>

#include "protocols/heartbeat/server.h"
#include "sim/check/invariant.h"

namespace seedbed::heartbeat {

/// Completeness: after a look nobody is trusted who is late.
class LateIsSuspected {
 public:
  static constexpr std::string_view kName = "late_is_suspected";
  bool concerned(NodeId, const Server& s) { return s.has_looked(); }
  void after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
    for (const auto& [id, peer] : s.peers()) {
      if (peer.suspected || !s.is_late(peer)) continue;
      const NodeId late{id};
      report.fail("who is late is trusted", {n, late},
                  fmt::format("{} trusts {}, which was last heard {} ago", to_text(n),
                              to_text(late), to_text(s.now() - peer.detector.last_heard())));
    }
  }
};

/// Accuracy: who was heard right now is trusted.
class HeardIsTrusted {
 public:
  static constexpr std::string_view kName = "heard_is_trusted";
  bool concerned(NodeId, const Server& s) { return s.heard() != kNobody; }
  void after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
    const auto found = s.peers().find(s.heard().value);
    if (found == s.peers().end() || !found->second.suspected) return;
    report.fail(
        "who is heard is suspected", {n, s.heard()},
        fmt::format("{} has just heard {}, and suspects it", to_text(n), to_text(s.heard())));
  }
};

}  // namespace seedbed::heartbeat
