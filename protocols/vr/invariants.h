// What Viewstamped Replication promises (Liskov and Cowling 2012), checked after each event on the
// replica that it touched. None scans a whole log, but for a new primary's: each looks at what is
// new.
#pragma once

#include <map>
#include <string_view>
#include <utility>

#include "protocols/vr/replica.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::vr {

/// What a replica's log has that it had not before: all that is not committed, where another view
/// has replaced it.
class NewlyHeld {
 public:
  bool any(NodeId n, const Replica& r) { return seen_[n] != state_of(r); }
  template <class Look>
  void each(NodeId n, const Replica& r, Look look) {
    Seen& seen = seen_[n];
    const Seen now = state_of(r);
    const bool same = seen.life == now.life && seen.last_normal == now.last_normal;
    Op op = std::max(same ? seen.end : r.commit(), r.log().first_index() - 1);
    while (op < now.end) {
      ++op;
      look(op, r.log()[op]);
    }
    seen = now;
  }

 private:
  struct Seen {
    Nonce life;
    View last_normal = 0;
    Op end = 0;
    bool operator==(const Seen&) const = default;
  };
  static Seen state_of(const Replica& r) {
    return {r.life(), r.last_normal(), r.log().last_index()};
  }
  PerNode<Seen> seen_;
};

/// What was committed, as whoever committed it first has it.
class Committed {
 public:
  const SharedLog<Entry>& log() const { return log_; }
  /// The last that was committed in a view before this one.
  Op before(View view) const {
    const auto later = last_of_.lower_bound(view);
    return later == last_of_.begin() ? 0 : std::prev(later)->second;
  }
  void learn(const Replica& r) {
    while (log_.last_index() < r.commit()) {
      const Op next = log_.last_index() + 1;
      if (next < r.log().first_index() || next > r.log().last_index()) return;
      log_.append(r.log(), next);
      last_of_[r.view()] = next;
    }
  }

 private:
  SharedLog<Entry> log_;
  std::map<View, Op> last_of_;
};

/// All replicas execute the same operations in the same order (section 4).
class Agreement {
 public:
  static constexpr std::string_view kName = "agreement";
  bool concerned(NodeId n, const Replica& r) { return seen_[n] != r.commit(); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  Committed committed_;
  PerNode<Op> seen_;
};

/// "Every committed operation survives into all subsequent views, at the same position" (section
/// 4.2): it is in the log of each new primary.
class ViewChangeSafety {
 public:
  static constexpr std::string_view kName = "view_change_safety";
  bool concerned(NodeId n, const Replica& r) {
    return r.commit() > committed_.log().last_index() ||
           (r.is_primary() && seen_[n] != std::pair(r.life(), r.view()));
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  Committed committed_;
  PerNode<std::pair<Nonce, View>> seen_;
};

/// A view has one primary, which gives an op-number to one operation (section 4.1).
class OneOperationAPlace {
 public:
  static constexpr std::string_view kName = "one_operation_a_place";
  bool concerned(NodeId n, const Replica& r) { return held_.any(n, r); }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  static constexpr Op kRemembered = 1000;  // op-numbers before the last that are still looked at
  std::map<std::pair<Op, View>, kv::Request> prepared_;
  NewlyHeld held_;
};

/// Who has told a new primary what it knows takes no part in older views, whatever happens to it
/// since (section 4.3; Michael et al. 2017).
class ViewsKept {
 public:
  static constexpr std::string_view kName = "views_kept";
  bool concerned(NodeId n, const Replica& r) {
    return r.gave_up_older_views() || (r.status() == Status::kNormal && r.view() < promised_[n]);
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  PerNode<View> promised_;
};

/// What a replica has acknowledged in a view it has in its log until another view's log replaces it
/// (section 4.1; "the log" of a DoViewChange has it).
class AcknowledgedKept {
 public:
  static constexpr std::string_view kName = "acknowledged_kept";
  bool concerned(NodeId n, const Replica& r) {
    return held_[n] != Held{r.life(), r.last_normal(), r.log().last_index()};
  }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  struct Held {
    Nonce life;
    View view = 0;
    Op end = 0;
    bool operator==(const Held&) const = default;
  };
  PerNode<Held> held_;
};

/// What somebody takes for committed a majority has had in its logs (section 4.1).
class CommittedByAMajority {
 public:
  static constexpr std::string_view kName = "committed_by_a_majority";
  bool concerned(NodeId n, const Replica& r) { return held_.any(n, r) || r.commit() > checked_; }
  void after(const Servers<Replica>& servers, NodeId n, const Replica& r, Report& report);

 private:
  std::map<std::pair<Op, View>, ServerSet> held_by_;  // of op-numbers beyond checked_
  Op checked_ = 0;
  NewlyHeld held_;
};

}  // namespace seedbed::vr
