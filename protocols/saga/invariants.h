// What sagas promise, checked after each event on the node that it touched: Garcia-Molina and Salem
// 1987, section 1, and of isolation what a countermeasure gives (Richardson 2018, 4.3). They look
// at what a journal has newly got.
#pragma once

#include <array>
#include <map>
#include <string_view>

#include "protocols/saga/server.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::saga {

/// All journals together: what became of each step of each saga, wherever it was written. A crash
/// takes back what was not durable.
class Ledger {
 public:
  struct Seen {
    std::array<std::uint8_t, workflow::kMostSteps> performed{};
    std::array<std::uint8_t, workflow::kMostSteps> compensated{};
    bool begun = false;
    bool completed = false;
    bool compensated_all = false;

    bool stands(StepNumber s) const { return performed[s] > compensated[s]; }
    bool has_ended() const { return completed || compensated_all; }
    /// Its beginning is durable, or some step that stands.
    bool is_known() const {
      for (StepNumber s = 0; s < workflow::kMostSteps; ++s) {
        if (stands(s)) return true;
      }
      return begun;
    }
  };

  /// Calls `look(entry, saga)` for each new entry of a step or a saga.
  template <class Look>
  void each_new(const Servers<Server>& servers, NodeId n, const Server& s, Look look) {
    lost_.clear();
    catch_up_with_crash(servers, n, s);
    SharedLog<Entry>& seen = journals_[n];
    while (seen.last_index() < s.journal().last_index()) {
      seen.append(s.journal(), seen.last_index() + 1);
      const Entry& entry = seen.back();
      if (entry.kind == Kind::kAcked) continue;
      Seen& saga = sagas_[entry.key.saga];
      count(entry, saga, 1);
      look(entry, saga);
    }
  }
  bool is_news(NodeId n, const Server& s) {
    return journals_[n].last_index() != s.journal().last_index();
  }
  const std::map<SagaId, Seen>& sagas() const { return sagas_; }
  /// Of what the crash before this event has taken back.
  const std::vector<SagaId>& lost() const { return lost_; }

 private:
  void catch_up_with_crash(const Servers<Server>& servers, NodeId n, const Server& s);
  static void count(const Entry& entry, Seen& saga, int by);

  PerNode<SharedLog<Entry>> journals_;
  PerNode<std::uint32_t> incarnations_;
  std::map<SagaId, Seen> sagas_;
  std::vector<SagaId> lost_;
};

/// A step takes effect at most once, and so does its compensation.
class ExactlyOnce {
 public:
  static constexpr std::string_view kName = "exactly_once";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  Ledger ledger_;
};

/// "Either all the transactions in a saga are successfully completed or compensating transactions
/// are run to amend a partial execution" (section 1): a saga that has completed has all its
/// effects, and one that was compensated has none, then and at the end.
class CompletedOrCompensated {
 public:
  static constexpr std::string_view kName = "completed_or_compensated";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
  void at_end(const Servers<Server>& servers, Report& report);

 private:
  Ledger ledger_;
};

/// T1, T2, ..., Tj, Cj, ..., C2, C1 (section 1): of a step that is compensated nothing stands that
/// came after it.
class ReverseOrder {
 public:
  static constexpr std::string_view kName = "reverse_order";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  Ledger ledger_;
};

/// At the end of a run that has settled every saga has ended, and no semantic lock is left; and who
/// restarts knows of the sagas that it began. Who stays down has sagas that nobody can end.
class NoOrphan {
 public:
  static constexpr std::string_view kName = "no_orphan";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
  void at_end(const Servers<Server>& servers, Report& report);

 private:
  Ledger ledger_;
  PerNode<std::uint32_t> incarnations_;
};

/// A countermeasure keeps what it promises: under a semantic lock no anomaly, and commutative
/// updates are not lost.
class Isolation {
 public:
  static constexpr std::string_view kName = "isolation";
  bool concerned(NodeId n, const Server& s) { return bad(s) > seen_[n]; }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  static std::uint64_t bad(const Server& s) {
    return s.anomalies().under_lock + (s.parameters().commutative ? s.anomalies().lost_updates : 0);
  }
  PerNode<std::uint64_t> seen_;
};

}  // namespace seedbed::saga
