// A participant: it holds some of the keys, does the work of transactions on them under strict
// two-phase locking, votes on them, and keeps its locks until it knows the decision. Mohan et al.
// 1986, section 2; each rule that safety rests on is a virtual of its own, so that a mutant is a
// name and one broken rule (mutants.h), and another protocol votes and asks in its own way.
//
//   class Site : public Process<Site, Work, Prepare, Decision, ...>, public Participant { ... };
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "protocols/two_phase_commit/host.h"
#include "protocols/two_phase_commit/locks.h"
#include "protocols/two_phase_commit/messages.h"
#include "protocols/two_phase_commit/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/world/context.h"

namespace seedbed::two_phase_commit {

/// Of a transaction at one participant.
enum class Phase : std::uint8_t {
  kWorking,
  kPrepared,      // in doubt: it has voted yes, and cannot decide by itself
  kPrecommitted,  // of three-phase commit: everybody has voted yes
  kLeft,          // read only: it has no part in the decision
  kCommitted,
  kAborted,
};
constexpr std::string_view name_of(Phase phase) {
  constexpr std::string_view kNames[] = {"working", "prepared",  "precommitted",
                                         "left",    "committed", "aborted"};
  return kNames[static_cast<std::uint8_t>(phase)];
}

class Participant : public Host {
 public:
  struct Local {
    Phase phase = Phase::kWorking;
    std::vector<tx::Operation> operations;
    std::size_t done = 0;  // of them
    std::vector<tx::Numbers> reads;
    FlatMap<tx::Key, tx::Numbers> written;  // what its keys hold if it commits
    bool allowed = true;                    // by what every operation demands
    std::vector<NodeId> participants;
    TimerId timer;
    std::uint64_t asked = 0;  // how often, in doubt
    bool recovered = false;   // from the disk, after a crash
    bool told = false;        // the decision, by its coordinator
  };

  void on(Context& ctx, const Envelope& from, const Work& m);
  void on(Context& ctx, const Envelope& from, const Prepare& m);
  void on(Context& ctx, const Envelope& from, const Decision& m);
  void on(Context& ctx, const ParticipantTimeout& m);

  // For invariants and tests.
  const std::map<TxnId, Local>& locals() const { return locals_; }
  const LockTable& locks() const { return locks_; }
  const std::map<tx::Key, tx::Numbers>& store() const { return store_; }
  std::uint64_t in_doubt() const;  // how many
  /// How often the transaction that has been in doubt for longest has asked for its decision.
  std::uint64_t most_asked() const;
  /// Rises whenever the phase of a transaction changes.
  std::uint64_t changes() const { return changes_; }

 protected:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start_participant(Context& ctx, const SharedLog<Record>& log, Life life);
  /// Another participant asks what became of a transaction.
  void tell_peer(Context& ctx, const Envelope& from, const TxnId& txn);

  // --- the rules

  /// Section 2: a yes is on stable storage before anybody hears of it.
  virtual void send_vote(Context& ctx, const TxnId& txn, const Local& local, Choice choice);
  /// In doubt, nobody decides alone.
  virtual void when_in_doubt(Context& ctx, const TxnId& txn, Local& local);
  /// Locks are kept until the decision.
  virtual bool keeps_locks_when_prepared() const { return true; }
  virtual bool forces_finish(bool commit) const {
    return !(commit ? parameters_.presumed_commit : parameters_.presumed_abort);
  }
  /// What is over, and older than all that its coordinator still has to do with.
  virtual bool may_forget(const Local& /*local*/) const { return true; }
  virtual bool acknowledges(bool commit) const { return forces_finish(commit); }

  void finish(Context& ctx, const TxnId& txn, bool commit);
  void set_phase(Local& local, Phase phase);
  void restart_timer(Context& ctx, const TxnId& txn, Local& local, Duration wait);
  /// What is sent after it departs when it is durable.
  void force(Context& ctx, Record record);
  void write_lazily(Context& ctx, Record record);
  const Parameters& parameters() const { return parameters_; }
  Local* find(const TxnId& txn);

 private:
  void go_on(Context& ctx, const TxnId& txn);
  void do_next(Local& local);
  void give_up(Context& ctx, const TxnId& txn, Local& local);
  void release(Context& ctx, const TxnId& txn);
  /// Transactions of a coordinator rise with its lives, and in each with their age.
  struct Place {
    Life life = 0;
    Time age;
    constexpr auto operator<=>(const Place&) const = default;
  };
  static Place place_of(const TxnId& txn) { return {txn.life, txn.age}; }
  void forget(NodeId coordinator, Place lowest_open);

  Parameters parameters_;
  Life life_ = 0;
  std::map<TxnId, Local> locals_;
  std::map<tx::Key, tx::Numbers> store_;
  LockTable locks_;
  std::map<NodeId, Place> lowest_open_;  // of each coordinator
  std::uint64_t changes_ = 0;
};

}  // namespace seedbed::two_phase_commit
