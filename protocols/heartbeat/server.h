// A member that sends heartbeats to all others, and watches theirs: by a fixed timeout or by a phi
// accrual detector each. The rules that mutants break are virtual.
#pragma once

#include <cstdint>

#include "protocols/heartbeat/messages.h"
#include "protocols/heartbeat/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/phi_accrual.h"
#include "sim/world/context.h"
#include "sim/world/membership.h"
#include "sim/world/process.h"

namespace seedbed::heartbeat {

/// What is known of another member.
struct Peer {
  PhiAccrual detector;
  bool suspected = false;
};
/// "suspected".
inline std::string_view brief_text(const Peer& peer) {
  return peer.suspected ? "suspected" : "trusted";
}

class Server : public Process<Server, Heartbeat, Goodbye, Beat, membership::ViewRequest> {
 public:
  void configure(const Parameters& p) { p_ = p; }

  void start(Context& ctx, const Recovered&);
  void leave(Context& ctx) override;
  void on(Context& ctx, const Beat&);
  void on(Context& ctx, const Envelope& from, const Heartbeat& m);
  void on(Context& ctx, const Envelope& from, const Goodbye& m);
  void on(Context& ctx, const Envelope& from, const membership::ViewRequest& m);

  void describe(auto& d) const { d("peers", peers_); }

  const Parameters& parameters() const { return p_; }
  /// All that it has heard of, but itself.
  const FlatMap<std::uint32_t, Peer>& peers() const { return peers_; }
  /// Its clock in the last event; and whether it has looked at all of them in it.
  Time now() const { return now_; }
  bool has_looked() const { return looked_; }
  /// Whom it heard in the last event, or nobody.
  NodeId heard() const { return heard_; }
  /// Too late, by its own measure.
  bool is_late(const Peer& peer) const {
    if (p_.phi) return peer.detector.phi(now_) > p_.threshold;
    return now_ - peer.detector.last_heard() > p_.timeout;
  }

 protected:
  // --- the rules
  /// Completeness: whoever is late is suspected.
  virtual bool may_suspect() const { return true; }
  /// Accuracy: who was suspected and is heard is trusted again.
  virtual bool may_trust_again() const { return true; }

 private:
  void begin_event(Context& ctx);
  PhiAccrual make_detector() const;
  template <class M>
  void tell_all(Context& ctx, const M& m);

  Parameters p_;
  FlatMap<std::uint32_t, Peer> peers_;
  std::uint64_t beats_ = 0;
  Time now_;
  NodeId heard_;
  bool looked_ = false;
};

}  // namespace seedbed::heartbeat
