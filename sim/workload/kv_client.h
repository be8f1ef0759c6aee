// A client of the `kv` service: a process on a node of its own that finds the server which answers,
// asks again (under the same id) when nothing comes back, gives up after a while, and records what
// it saw. Every draw is a function of (seed, client, operation): no answer moves another draw.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/context.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"

namespace seedbed {

class KvClient : public Process<KvClient, kv::Reply, kv::SessionOpened, NextOperation, AskAgain,
                                GiveUp, ReadBack> {
 public:
  /// `number` counts the clients from 0.
  KvClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number)
      : plan_(std::move(plan)), number_(number) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const Envelope& from, const kv::Reply& m);
  void on(Context& ctx, const kv::SessionOpened& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);
  void on(Context& ctx, const ReadBack&);

 private:
  struct Open {
    OperationId operation = 0;
    kv::Command command;
    NodeId asked;
    Time asked_at;
    std::optional<kv::SessionId> session;  // under which it was first asked, and always is
    bool reads_back = false;               // at the end, when nobody writes any more
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  kv::Command draw_command();
  kv::Command next_command();
  void begin(Context& ctx, const kv::Command& command);
  void ask(Context& ctx, std::uint64_t sequence, NodeId server, Duration patience);
  void give_up(Context& ctx, std::uint64_t sequence);
  void session_expired(Context& ctx, std::uint64_t sequence);
  void ask_soon(Context& ctx, std::uint64_t sequence, Duration wait);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, kv::Value result);
  NodeId after(Context& ctx, NodeId server) const;

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  NodeId server_;  // who answered last
  kv::SessionId session_ = kv::kNoSession;
  Time session_used_;
  Duration session_timeout_;
  bool wants_session_ = false;  // a server said that it needs one
  std::uint64_t next_sequence_ = 0;
  bool reading_back_ = false;
  FlatMap<std::uint64_t, Open> open_;      // by sequence number
  FlatMap<kv::Key, kv::Value> last_seen_;  // what a cas expects
};

}  // namespace seedbed
