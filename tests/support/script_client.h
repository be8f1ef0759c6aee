// Who asks in a script: one client, on a node of its own.
#pragma once

#include <utility>

#include "sim/world/broadcast.h"
#include "sim/world/context.h"
#include "sim/world/kv.h"
#include "sim/world/txn.h"
#include "sim/world/workflow.h"

namespace seedbed::testing {

/// The client of a script: its node receives the replies, and it remembers its session. A request
/// is injected by the script, with the server that it is for in the place of the client's name.
class ScriptClient
    : public Process<ScriptClient, kv::Reply, kv::SessionOpened, kv::Request, kv::OpenSession,
                     tx::Reply, tx::Request, workflow::Ended, broadcast::Reply> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context&, const Envelope&, const auto&) {}
  void on(Context&, const Envelope&, const kv::SessionOpened& m) { session_ = m.session; }
  void on(Context& ctx, const Envelope&, const kv::Request& m) { pass_on(ctx, m); }
  void on(Context& ctx, const Envelope&, const kv::OpenSession& m) { pass_on(ctx, m); }
  void on(Context& ctx, const Envelope&, const tx::Request& m) { pass_on(ctx, m); }
  kv::SessionId session() const { return session_; }

 private:
  template <class M>
  void pass_on(Context& ctx, M m) {
    const NodeId server = std::exchange(m.id.client, ctx.self());
    ctx.send(server, m);
  }
  kv::SessionId session_ = kv::kNoSession;
};

}  // namespace seedbed::testing
