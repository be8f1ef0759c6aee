// A client of the transactional service (sim/world/txn.h): finds a server that answers, asks it
// again when nothing comes back, gives up after a while, and records what it saw. It never asks a
// second server for what a first one may be doing. What it asks for, and in which words the history
// tells it, is a workload's (bank.cpp, txn.cpp). Every draw is a function of (seed, client,
// operation).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/workload/client_timers.h"
#include "sim/workload/plan.h"
#include "sim/world/context.h"
#include "sim/world/history.h"
#include "sim/world/txn.h"

namespace seedbed {

/// A transaction, and how the history tells of it: the check's word for it, and its value as EDN.
struct TxnAsked {
  std::string_view function;
  std::string value;
  std::vector<tx::Operation> operations;
};

/// A workload over transactions.
struct TxnDialect {
  TxnAsked (*draw)(const ClientPlan& plan, std::uint32_t client, std::uint64_t sequence);
  /// What the first client reads at the end, when it has begun `sequence` operations.
  std::vector<TxnAsked> (*read_back)(const ClientPlan& plan, std::uint64_t sequence);
  /// What the history tells so; none if it is no such operation.
  std::optional<TxnAsked> (*parse)(const WorkloadConfig& config, std::string_view function,
                                   std::string_view value);
  /// The value of a committed one.
  std::string (*answer)(const ClientPlan& plan, const TxnAsked& asked,
                        const std::vector<tx::Numbers>& reads);
};

class TxnClient : public Process<TxnClient, tx::Reply, NextOperation, AskAgain, GiveUp, ReadBack> {
 public:
  /// `number` counts the clients from 0.
  TxnClient(std::shared_ptr<const ClientPlan> plan, std::uint32_t number, const TxnDialect& dialect)
      : plan_(std::move(plan)), number_(number), dialect_(&dialect) {}

  void start(Context& ctx, const Recovered&);
  void on(Context& ctx, const Envelope& from, const tx::Reply& m);
  void on(Context& ctx, const NextOperation&);
  void on(Context& ctx, const AskAgain& m);
  void on(Context& ctx, const GiveUp& m);
  void on(Context& ctx, const ReadBack&);

 private:
  struct Open {
    OperationId operation = 0;
    TxnAsked asked;
    NodeId server;
    tx::SessionId session = tx::kNoSession;  // under which it was asked; none: nobody executes it
    TimerId ask_again;
    TimerId give_up;
  };

  void await_next(Context& ctx);
  TxnAsked next_operation() const;
  void begin(Context& ctx, TxnAsked asked);
  void ask(Context& ctx, std::uint64_t sequence, NodeId server, Duration patience);
  void complete(Context& ctx, std::uint64_t sequence, Completion completion, std::string value);
  void turn_from(Context& ctx, NodeId server);

  std::shared_ptr<const ClientPlan> plan_;
  std::uint32_t number_;
  const TxnDialect* dialect_;
  NodeId server_;                                   // who is asked next
  FlatMap<std::uint32_t, tx::SessionId> sessions_;  // by server
  std::uint64_t next_sequence_ = 0;
  bool reading_back_ = false;
  FlatMap<std::uint64_t, Open> open_;  // by sequence number
};

}  // namespace seedbed
