// A node of sagas: the home of those that its clients start, and participant of those whose steps
// are its own. Garcia-Molina and Salem, "Sagas" (SIGMOD 1987); orchestration, choreography and the
// countermeasures against missing isolation as in Richardson, "Microservices Patterns" (2018),
// chapter 4. Serves the `workflow` workload. Each rule that correctness rests on is a virtual of
// its own, so that a mutant is a name and one broken rule.
//
//   server.cpp        the journal, what survives a crash, the clients
//   participant.cpp   local transactions: a step, its compensation, the records that they change
//   orchestrator.cpp  variant `orchestrated`: a process manager with a saga log
//   choreography.cpp  variant `choreographed`: events, and the outbox that tells of them
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/saga/messages.h"
#include "protocols/saga/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/shared_log.h"
#include "sim/world/context.h"

namespace seedbed::saga {

using workflow::Amount;
using workflow::Outcome;
using workflow::Workflow;

enum class Stage : std::uint8_t { kForward, kBackward, kCompleted, kCompensated };

/// What a participant keeps of an item. Without isolation sagas meet here.
struct Record {
  Amount value = 0;
  Amount sum = 0;  // of the steps that stand: what the value would be if no update were lost
  std::uint64_t updates = 0;
  SagaId holder;  // of the semantic lock, while `locks` is not 0
  std::uint32_t locks = 0;
};

/// Richardson 2018, 4.3.1.
struct Anomalies {
  std::uint64_t lost_updates = 0;  // a compensation wrote over what another saga had written
  std::uint64_t dirty_reads = 0;   // a saga read what another one had written, and then undid
  std::uint64_t fuzzy_reads = 0;   // a saga's second look found another value than it had left
  std::uint64_t under_lock = 0;    // of these, where a semantic lock should have kept others away
};

/// One step of one saga, at its participant.
struct Local {
  enum class Phase : std::uint8_t { kWaiting, kDone, kUndone };
  Phase phase = Phase::kWaiting;
  bool had_effect = false;
  bool locked = false;
  Order order;
  Amount before = 0;          // what the record held, ...
  Amount left = 0;            // ... what it held then, ...
  std::uint64_t updates = 0;  // ... and how often it had been updated
  // Choreographed: what it has heard of.
  bool started = false;
  bool cancelled = false;
  StepSet done;    // of its predecessors
  StepSet undone;  // of its successors
  std::uint32_t tries = 0;
};

/// A saga at its home.
struct Saga {
  Order order;
  Stage stage = Stage::kForward;
  StepSet done;      // choreographed: of the last steps
  StepSet to_undo;   // once it has turned back
  StepSet undone;    // of those; choreographed: of the first steps
  StepSet released;  // semantic locks
  struct Asked {
    StepNumber step = 0;
    std::uint32_t tries = 0;
    bool rests = false;
    TimerId timer;
  };
  std::vector<Asked> asked;  // orchestrated: what is not answered
  TimerId deadline;

  bool is_open() const { return stage == Stage::kForward || stage == Stage::kBackward; }
};

class Server : public Process<Server, workflow::Start, Command, Answer, Event, EventAck, Overdue,
                              PublishAgain, TryAgain, Deadline> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  /// Instead of the order workflow; before its first start.
  void use(std::shared_ptr<const Workflow> workflow) { workflow_ = std::move(workflow); }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const Envelope& from, const workflow::Start& m);
  void on(Context& ctx, const Envelope& from, const Command& m);
  void on(Context& ctx, const Answer& m);
  void on(Context& ctx, const Envelope& from, const Event& m);
  void on(Context& ctx, const EventAck& m);
  void on(Context& ctx, const Overdue& m);
  void on(Context& ctx, const PublishAgain& m);
  void on(Context& ctx, const TryAgain& m);
  void on(Context& ctx, const Deadline& m);

  /// Who is the home of an open saga, whatever else it does.
  std::string_view role() const override { return open_ > 0 ? "coordinator" : "participant"; }
  /// Of several coordinators that with the most open sagas is meant.
  std::uint64_t epoch() const override { return open_; }
  const Parameters& parameters() const { return parameters_; }
  const Workflow& workflow() const { return *workflow_; }
  /// n1 to n`servers` have a part in the sagas.
  std::uint32_t servers() const { return nodes_; }
  const SharedLog<Entry>& journal() const { return journal_; }
  /// How much of the journal was there when it last started.
  std::uint64_t recovered() const { return recovered_; }
  const std::map<SagaId, Saga>& sagas() const { return sagas_; }
  const std::map<StepKey, Local>& locals() const { return locals_; }
  using RecordKey = std::pair<std::uint32_t, workflow::Item>;  // of which participant
  const std::map<RecordKey, Record>& records() const { return records_; }
  const Anomalies& anomalies() const { return anomalies_; }

  void describe(auto& d) const {
    d("open", open_)("sagas", sagas_.size())("outbox", outbox_.size())(
        "journal", journal_.last_index())("lost_updates", anomalies_.lost_updates)(
        "dirty_reads", anomalies_.dirty_reads)("fuzzy_reads", anomalies_.fuzzy_reads);
  }

 protected:
  // The rules that correctness rests on.

  /// A step that is asked again is asked under the same key.
  virtual std::uint32_t attempt(std::uint32_t /*tries*/) const { return 0; }
  /// A compensation that is asked for again takes effect once.
  virtual bool is_undone(const Local& local) const { return local.phase == Local::Phase::kUndone; }
  /// Who is told to undo what it never performed remembers that: the step may still be on its way.
  virtual bool remembers_undoing() const { return true; }
  /// Backward recovery in reverse order: a step is undone once all that came after it is.
  virtual bool may_undo(StepSet after, StepSet undone) const { return undone.contains(after); }
  /// The saga log tells after a crash which sagas were under way.
  virtual bool takes_up_again() const { return true; }
  /// What a local transaction tells of leaves once it is durable.
  virtual bool publishes_what_is_saved() const { return true; }
  /// A semantic lock keeps other sagas away.
  virtual bool may_touch(const Record& record, SagaId saga) const {
    return record.locks == 0 || record.holder == saga;
  }
  /// A compensation of commutative updates takes away what the step had added.
  virtual Amount compensated(const Record& record, const Local& step) const {
    return parameters_.commutative ? record.value - step.order.amount : step.before;
  }

 private:
  // server.cpp
  void write(Context& ctx, const Entry& entry);
  void apply(const Entry& entry);
  void apply_to_saga(const Entry& entry, Saga& saga);
  void apply_to_step(const Entry& entry);
  NodeId node_of(const SagaId& saga, StepNumber step) const;
  Duration timeout_of(StepNumber step) const;
  std::uint32_t retries_of(StepNumber step) const;
  Duration pause(Context& ctx, StepNumber step, std::uint32_t tries) const;
  void end(Context& ctx, const SagaId& id, Kind how);
  void tell_client(Context& ctx, const SagaId& id, const Saga& saga);

  // participant.cpp
  Result perform(Context& ctx, const StepKey& key, const Order& order);
  Result undo(Context& ctx, const StepKey& key, const Order& order);
  Result release(Context& ctx, const StepKey& key);
  Record& record_of(const StepKey& key, const Local& local) {
    return records_[{workflow_->participant(key.step), local.order.item}];
  }
  void apply_performed(const StepKey& key, Local& local);
  void apply_compensated(const StepKey& key, Local& local);
  void unlock(const StepKey& key, Local& local);
  /// The saga's steps that changed this record.
  template <class Visit>
  void each_of_own(const StepKey& key, Visit visit) const;

  // orchestrator.cpp
  void advance(Context& ctx, const SagaId& id);
  void advance_back(Context& ctx, const SagaId& id, Saga& saga);
  void ask(Context& ctx, const SagaId& id, Saga& saga, StepNumber step);
  void send_command(Context& ctx, const SagaId& id, const Saga& saga, Saga::Asked& asked);
  void rest(Context& ctx, const SagaId& id, const Saga& saga, Saga::Asked& asked);
  void abort(Context& ctx, const SagaId& id, StepNumber refused);
  static void forget_asked(Context& ctx, Saga& saga);
  static Saga::Asked* find_asked(Saga& saga, StepNumber step);

  // choreography.cpp
  void publish(const SagaId& saga, Happened happened, StepNumber of, StepNumber to,
               const Order& order);
  void publish_to_neighbours(const Entry& entry);
  void publish_from_home(const Entry& entry, const Saga& saga);
  void apply_heard(const Entry& entry);
  void relay(Context& ctx);
  void send_event(Context& ctx, std::uint64_t number, std::uint32_t tries);
  bool is_news(const Event& m) const;
  void react(Context& ctx, const StepKey& key);
  void react_at_home(Context& ctx, const SagaId& id);

  Parameters parameters_;
  std::shared_ptr<const Workflow> workflow_ = workflow::order_workflow();
  std::uint32_t nodes_ = 1;

  // The journal, and what follows from it.
  SharedLog<Entry> journal_;
  std::uint64_t recovered_ = 0;
  std::map<SagaId, Saga> sagas_;
  std::uint64_t open_ = 0;
  std::map<StepKey, Local> locals_;
  std::map<RecordKey, Record> records_;
  Anomalies anomalies_;
  struct Outgoing {
    Event event;
    std::uint32_t tries = 0;
    TimerId timer;
  };
  FlatMap<std::uint64_t, Outgoing> outbox_;
  std::uint64_t published_ = 0;  // events ever
  std::uint64_t sent_ = 0;       // those that were sent, since the last start
};

}  // namespace seedbed::saga
