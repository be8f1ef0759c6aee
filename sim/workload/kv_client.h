// A client of the `kv` service: a process on a node of its own that finds the server which answers,
// asks again (under the same id) when nothing comes back, gives up after a while, and records what
// it saw. Every draw is a function of (seed, client, operation): no answer moves another draw.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/workload/kv_config.h"
#include "sim/world/context.h"
#include "sim/world/history.h"
#include "sim/world/kv.h"
#include "sim/world/latency.h"

namespace seedbed {

/// What all clients of a run share.
struct KvPlan {
  KvConfig config;
  std::uint64_t seed = 0;
  Time until;                                // no operation starts at or after this
  Time read_back_at;                         // the first client reads every key once more
  Latency interval = Latency::constant({});  // open loop: between two operations of one client
  std::vector<std::uint64_t> key_bounds;     // cumulative share of each key, of 2^64
  std::vector<std::vector<ListedOperation>> listed;  // of each client, by time; empty: drawn

  static std::shared_ptr<const KvPlan> make(const KvConfig& config, std::uint64_t seed, Time until,
                                            Time read_back_at);
};

struct NextOperation {
  static constexpr auto kName = "NextOperation";
  constexpr void describe(auto&) const {}
};
struct AskAgain {
  static constexpr auto kName = "AskAgain";
  std::uint64_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
struct GiveUp {
  static constexpr auto kName = "GiveUp";
  std::uint64_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
struct ReadBack {
  static constexpr auto kName = "ReadBack";
  constexpr void describe(auto&) const {}
};

class KvClient : public Process<KvClient, kv::Reply, kv::SessionOpened, NextOperation, AskAgain,
                                GiveUp, ReadBack> {
 public:
  /// `number` counts the clients from 0.
  KvClient(std::shared_ptr<const KvPlan> plan, std::uint32_t number)
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

  bool listed() const { return !plan_->listed.empty(); }
  bool open_loop() const { return listed() || plan_->config.rate_millihertz.has_value(); }
  std::uint64_t quota() const;
  void await_next(Context& ctx);
  kv::Command draw_command();
  kv::Command next_command();
  kv::Key draw_key(std::uint64_t bits) const;
  void begin(Context& ctx, const kv::Command& command);
  void ask(Context& ctx, std::uint64_t sequence, NodeId server, Duration patience);
  void give_up(Context& ctx, std::uint64_t sequence);
  void session_expired(Context& ctx, std::uint64_t sequence);
  void ask_soon(Context& ctx, std::uint64_t sequence, Duration wait);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, kv::Value result);
  NodeId after(Context& ctx, NodeId server) const;

  std::shared_ptr<const KvPlan> plan_;
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
