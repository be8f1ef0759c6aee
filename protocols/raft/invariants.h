// The five properties of Figure 3. Each looks at the server that the last event touched and at what
// it remembers; none scans a whole log.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/raft/server.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::raft {

/// "At most one leader can be elected in a given term" (section 5.2).
class ElectionSafety {
 public:
  static constexpr std::string_view kName = "election_safety";
  bool concerned(NodeId n, const Server& s) {
    return s.raft_role() == Role::kLeader && seen_[n] != s.current_term();
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  std::map<Term, NodeId> leaders_;
  PerNode<Term> seen_;
};

/// "A leader never overwrites or deletes entries in its log; it only appends" (section 5.3).
class LeaderAppendOnly {
 public:
  static constexpr std::string_view kName = "leader_append_only";
  bool concerned(NodeId n, const Server& s) {
    const Reign& reign = reigns_[n];
    if (s.raft_role() != Role::kLeader) return reign.term != 0;
    return reign != Reign{s.current_term(), s.log().last()};
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Reign {
    Term term = 0;
    LogPosition last;
    bool operator==(const Reign&) const = default;
  };
  PerNode<Reign> reigns_;
};

/// The terms of a log's entries: few, and each stands for a run of entries.
class TermRuns {
 public:
  /// Forgets where it differs from `log`. Returns the last entry that is left, or the log's base.
  Index cut_to(const Log& log);
  /// Of the entry after the last.
  void append(Term term) {
    ++last_;
    if (runs_.back().term != term) runs_.push_back({last_, term});
  }

 private:
  std::vector<LogPosition> runs_{{0, 0}};  // where each begins
  Index last_ = 0;
};

/// "If two logs contain an entry with the same index and term, then the logs are identical in all
/// entries up through the given index" (section 5.3). By induction over what each log newly holds:
/// an (index, term) always has the same content and the same predecessor.
class LogMatching {
 public:
  static constexpr std::string_view kName = "log_matching";
  bool concerned(NodeId n, const Server& s) {
    return seen_[n] != Seen{s.log().base(), s.log().last()};
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Placed {
    Entry entry;
    Term term_before = 0;
  };
  /// Whether every other entry of this index and term was the same, and followed the same.
  bool agrees(Index index, const Log& log, const Entry& mine, Term before);
  bool agrees_with_others(Index index, const Entry& mine, Term before);

  struct Seen {
    LogPosition base;
    LogPosition last;
    bool operator==(const Seen&) const = default;
  };
  PerNode<Seen> seen_;                               // each log's ends, when it was last looked at
  PerNode<TermRuns> checked_;                        // each log, as far as it is checked
  SharedLog<Entry> first_;                           // the first entry seen at each index, ...
  SharedLog<Term> before_first_;                     // ... and the term of the one before it
  std::map<std::pair<Index, Term>, Placed> others_;  // entries of a second term at an index
};

/// "If a log entry is committed in a given term, then that entry will be present in the logs of the
/// leaders for all higher-numbered terms" (section 5.4).
class LeaderCompleteness {
 public:
  static constexpr std::string_view kName = "leader_completeness";
  bool concerned(NodeId n, const Server& s) {
    return s.commit_index() > committed_.index ||
           (s.raft_role() == Role::kLeader && seen_[n] != s.current_term());
  }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  void check(NodeId n, const Server& leader, Report& report) const;

  LogPosition committed_;  // the last entry that any server has committed, ...
  Term committed_in_ = 0;  // ... and the term in which it was
  PerNode<Term> seen_;
};

/// "If a server has applied a log entry at a given index to its state machine, no other server will
/// ever apply a different log entry for the same index" (section 5.4.3).
class StateMachineSafety {
 public:
  static constexpr std::string_view kName = "state_machine_safety";
  bool concerned(NodeId n, const Server& s) { return seen_[n] != s.last_applied(); }
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  SharedLog<Entry> applied_;  // as the first server that applied it had it
  PerNode<Index> seen_;
};

}  // namespace seedbed::raft
