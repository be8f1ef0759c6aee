// The invariants of two-phase commit, over groups: of each they look at the member that speaks for
// it in its newest life. And that the members of a group read one journal.
#pragma once

#include <algorithm>
#include <string_view>

#include "protocols/commit_over_raft/member.h"
#include "protocols/two_phase_commit/invariants.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::commit_over_raft {

/// Who speaks for each group, by the group's name. A member that does not know yet that it was
/// succeeded speaks for nobody.
class Speakers {
 public:
  Speakers(const Servers<Member>& servers, const Member& any, PerNode<tpc::Life>& newest)
      : servers_(servers), any_(any), newest_(newest) {}
  const Member* operator[](NodeId group) const {
    for (const NodeId n : any_.members(group)) {
      const Member* member = servers_[n];
      if (member != nullptr && member->speaks() && member->life() == newest_[group]) return member;
    }
    return nullptr;
  }

 private:
  const Servers<Member>& servers_;
  const Member& any_;
  PerNode<tpc::Life>& newest_;
};

/// An invariant of two-phase commit that takes groups for its nodes.
template <class Invariant>
class OfGroups {
 public:
  static constexpr std::string_view kName = Invariant::kName;
  bool concerned(NodeId, const Member& member) {
    if (!member.speaks()) return false;
    tpc::Life& newest = newest_[member.group()];
    newest = std::max(newest, member.life());
    return member.life() == newest && invariant_.concerned(member.group(), member);
  }
  void after(const Servers<Member>& servers, NodeId, const Member& member, Report& report) {
    invariant_.after(Speakers(servers, member, newest_), member.group(), member, report);
  }

 private:
  Invariant invariant_;
  PerNode<tpc::Life> newest_;
};

/// Whoever may have to speak next knows what the speakers before it have written: the journals of a
/// group's members are beginnings of one another.
class OneJournal {
 public:
  static constexpr std::string_view kName = "one_journal";
  bool concerned(NodeId n, const Member& member) {
    return member.journal().records().size() != seen_[n];
  }
  void after(const Servers<Member>&, NodeId n, const Member& member, Report& report) {
    const SharedLog<tpc::Record>& mine = member.journal().records();
    SharedLog<tpc::Record>& first = first_[member.group()];
    std::uint64_t& seen = seen_[n];
    if (mine.size() < seen) seen = 0;  // restarted: it reads everything again
    while (seen < mine.size()) {
      ++seen;
      if (seen > first.last_index()) {
        first.append(mine[seen]);
      } else if (first[seen] != mine[seen]) {
        report.fail("two members of a group read different records", {n},
                    fmt::format("{} reads {} of {} as record {} of its group, where another member "
                                "read {} of {}",
                                to_text(n), name_of(mine[seen].kind), brief_text(mine[seen].txn),
                                seen, name_of(first[seen].kind), brief_text(first[seen].txn)));
      }
    }
  }

 private:
  PerNode<std::uint64_t> seen_;
  PerNode<SharedLog<tpc::Record>> first_;  // by group: as the first that read it had it
};

}  // namespace seedbed::commit_over_raft
