// A coordinator: it takes a transaction from a client, lets the participants do its work, has them
// vote, decides, and tells until it may forget. Mohan et al. 1986: section 2 (basic), 3.1 (presumed
// abort), 3.2 (presumed commit). The rules are virtual, for mutants and for the protocols that
// decide in another way.
//
//   class Site : public Process<Site, tx::Request, Worked, Vote, ...>, public Coordinator { ... };
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "protocols/two_phase_commit/host.h"
#include "protocols/two_phase_commit/messages.h"
#include "protocols/two_phase_commit/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/world/context.h"

namespace seedbed::two_phase_commit {

class Coordinator : public Host {
 public:
  enum class State : std::uint8_t {
    kWorking,
    kVoting,
    kPrecommitting,  // of three-phase commit
    kRecording,      // it has decided, and is not sure yet that a crash cannot take it back
    kTelling,
  };
  struct Part {
    NodeId node;
    Life life = 0;
    bool worked = false;
    std::optional<Choice> vote;
    bool acked = false;
    std::vector<tx::Numbers> reads;
  };
  struct Global {
    State state = State::kWorking;
    bool commit = false;
    Address client;  // nobody, after a crash
    kv::RequestId request;
    std::vector<tx::Operation> operations;
    std::vector<Part> parts;
    TimerId timer;
    bool unanimous() const;
  };
  /// What was decided last, and by whose votes.
  struct Decided {
    TxnId txn;
    bool commit = false;
    std::vector<NodeId> participants;
    std::vector<NodeId> voters;  // of yes
  };

  void on(Context& ctx, const Envelope& from, const tx::Request& m);
  void on(Context& ctx, const Envelope& from, const Worked& m);
  void on(Context& ctx, const Envelope& from, const Vote& m);
  void on(Context& ctx, const Envelope& from, const Ack& m);
  void on(Context& ctx, const VoteTimeout& m);
  void on(Context& ctx, const Recorded& m);
  void on(Context& ctx, const TellAgain& m);

  // For invariants and tests.
  const std::map<TxnId, Global>& globals() const { return globals_; }
  std::uint64_t decisions() const { return decisions_; }
  const Decided& last_decided() const { return decided_; }
  bool coordinates() const { return coordinates_; }
  Layout layout() const { return layout_; }

 protected:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start_coordinator(Context& ctx, const SharedLog<Record>& log, Life life);
  /// A participant is in doubt.
  virtual void answer(Context& ctx, const Envelope& from, const Inquiry& m);

  virtual bool may_coordinate(const Context& ctx) const { return layout_.coordinates(ctx.self()); }
  virtual NodeId participant_of(tx::Key key) const { return layout_.participant_of(key); }

  // --- the rules

  virtual void start_vote(Context& ctx, const TxnId& txn, Global& global);
  /// Section 2: commit takes a yes of everybody.
  virtual bool may_commit(const Global& global) const { return global.unanimous(); }
  virtual void all_agree(Context& ctx, const TxnId& txn) { decide(ctx, txn, true); }
  virtual void give_up_vote(Context& ctx, const TxnId& txn) { decide(ctx, txn, false); }
  /// What became of a transaction that it knows nothing of.
  virtual bool presumes_commit() const { return parameters_.presumed_commit; }
  virtual bool forces_decision(const Global& global, bool commit) const;
  /// It is remembered until everybody who has to know it does.
  virtual bool awaits_acks(bool commit) const {
    return !(commit ? parameters_.presumed_commit : parameters_.presumed_abort);
  }

  void decide(Context& ctx, const TxnId& txn, bool commit);
  void send_prepares(Context& ctx, const TxnId& txn, const Global& global);
  Global* find(const TxnId& txn);
  Part* part_of(Global& global, NodeId node) const;
  static std::vector<NodeId> participants_of(const Global& global);
  const Parameters& parameters() const { return parameters_; }
  void restart_timer(Context& ctx, Global& global, TimerId timer);
  void reply_to_client(Context& ctx, Global& global, tx::Outcome outcome);
  void force(Context& ctx, Record record);
  void note_decision(const TxnId& txn, const Global& global);

 private:
  void begin(Context& ctx, const Envelope& from, const tx::Request& m);
  /// What is older is over; 0 where something of an earlier life is not.
  Time lowest_open() const;
  void tell(Context& ctx, const TxnId& txn, const Global& global);
  static bool wants_to_know(const Part& part);
  void forget(Context& ctx, const TxnId& txn);

  struct Client {
    std::uint64_t lowest_open = 0;
    FlatMap<std::uint64_t, std::optional<tx::Reply>> asked;  // by sequence number; none: under way
  };

  Parameters parameters_;
  Layout layout_;
  bool coordinates_ = false;
  Life life_ = 0;
  Time last_age_;
  std::map<TxnId, Global> globals_;
  std::map<NodeId, Client> clients_;
  std::uint64_t decisions_ = 0;
  Decided decided_;
};

}  // namespace seedbed::two_phase_commit
