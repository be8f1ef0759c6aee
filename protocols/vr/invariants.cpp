#include "protocols/vr/invariants.h"

#include <algorithm>

namespace seedbed::vr {

void Agreement::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  Op& seen = seen_[n];
  if (r.commit() < seen) seen = 0;  // another life: it is told again
  const Op end = std::min(r.commit(), r.log().last_index());
  seen = std::max(seen, r.log().first_index() - 1);
  while (seen < std::min(end, committed_.log().last_index())) {
    ++seen;
    const Entry& mine = r.log()[seen];
    const Entry& first = committed_.log()[seen];
    if (mine.request == first.request) continue;
    report.fail("two operations were committed at one place", {n},
                fmt::format("{} has executed {} as operation {}, and another replica {}",
                            to_text(n), brief_text(mine), seen, brief_text(first)));
  }
  committed_.learn(r);
  seen = r.commit();
}

void ViewChangeSafety::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  const SharedLog<Entry>& committed = committed_.log();
  if (r.is_primary() && seen_[n] != std::pair(r.life(), r.view())) {
    seen_[n] = {r.life(), r.view()};
    for (Op op = r.log().first_index(); op <= committed_.before(r.view()); ++op) {
      const bool has = op <= r.log().last_index();
      if (has && r.log()[op].request == committed[op].request) continue;
      report.fail("a new primary lacks what was committed", {n},
                  fmt::format("{} begins view {} with {} at place {}, where {} was committed",
                              to_text(n), r.view(), has ? brief_text(r.log()[op]) : "nothing", op,
                              brief_text(committed[op])));
      break;
    }
  }
  committed_.learn(r);
}

void OneOperationAPlace::after(const Servers<Replica>&, NodeId n, const Replica& r,
                               Report& report) {
  held_.each(n, r, [&](Op op, const Entry& mine) {
    const auto [first, is_new] = prepared_.try_emplace({op, mine.view}, mine.request);
    if (!is_new && first->second != mine.request) {
      report.fail("two operations at one place of one view", {n},
                  fmt::format("{} has {} at place {}, and another replica something else of that "
                              "view there",
                              to_text(n), brief_text(mine), op));
    }
    while (prepared_.begin()->first.first + kRemembered < op) prepared_.erase(prepared_.begin());
  });
}

void ViewsKept::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  View& promised = promised_[n];
  if (r.gave_up_older_views()) {
    promised = std::max(promised, r.view());
  } else if (r.view() < promised) {
    report.fail("a replica went back to an older view", {n},
                fmt::format("{} is a {} of view {}, and had told the primary of view {} what it "
                            "knew",
                            to_text(n), r.role(), r.view(), promised));
    promised = 0;
  }
}

void AcknowledgedKept::after(const Servers<Replica>&, NodeId n, const Replica& r, Report& report) {
  Held& held = held_[n];
  const Held now{r.life(), r.last_normal(), r.log().last_index()};
  if (held.life == now.life && held.view == now.view && now.end < held.end) {
    report.fail("a replica dropped what it had acknowledged", {n},
                fmt::format("{} had acknowledged operation {} in view {}, and its log ends at {}",
                            to_text(n), held.end, held.view, now.end));
  }
  held = now;
}

void CommittedByAMajority::after(const Servers<Replica>& servers, NodeId n, const Replica& r,
                                 Report& report) {
  held_.each(n, r, [&](Op op, const Entry& mine) {
    if (op > checked_) held_by_[{op, mine.view}].insert(n);
  });
  while (checked_ < r.commit()) {
    ++checked_;
    std::size_t most = 0;
    while (!held_by_.empty() && held_by_.begin()->first.first <= checked_) {
      most = std::max(most, held_by_.begin()->second.size());
      held_by_.erase(held_by_.begin());
    }
    if (most >= r.quorums().majority) continue;
    report.fail("committed without a majority", {n},
                fmt::format("{} takes operation {} for committed, which {} of {} replicas have "
                            "prepared",
                            to_text(n), checked_, most, servers.count()));
  }
}

}  // namespace seedbed::vr
