#include "sim/check/transactions/saturation.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/check/transactions/graph.h"

namespace seedbed::txn {

namespace {

/// A transaction's place in its session. A node from outside is a session of its own.
struct Place {
  Id session = 0;
  Id at = 0;
};

class Saturation {
 public:
  Saturation(const History& history, const Facts& facts, Dependencies& d)
      : history_(history), facts_(facts), d_(d), initial_(d.nodes++) {
    later_.resize(history.keys());
    done_.assign(facts.nodes, kNone);
  }

  void read_committed();
  void read_atomic();
  bool causal(std::size_t bytes);

 private:
  struct Writer {
    Id session = 0, at = 0, node = 0;
    bool operator<(const Writer& o) const {
      return std::tie(session, at) < std::tie(o.session, o.at);
    }
  };

  /// `before` wrote what `r` read from another: it did so earlier.
  void add(Id before, const Seen& r);
  void overwritten_by(Id writer, std::span<const Seen> reads);
  void place_nodes();
  void index_writers();
  std::vector<Id> topological_order() const;
  /// The last of the writers (of one session, ascending) that is not after `at`.
  static const Writer* last_before(std::span<const Writer> writers, Id at);

  const History& history_;
  const Facts& facts_;
  Dependencies& d_;
  Id initial_;                            // the node of the initial state
  std::vector<std::vector<Seen>> later_;  // by key, while one transaction is looked at
  std::vector<Id> done_;                  // by node: the reader that it was last looked at for
  std::vector<Place> place_;              // by node
  Id sessions_ = 0;
  std::vector<std::vector<Writer>> writers_;  // by key, ascending
};

void Saturation::add(Id before, const Seen& r) {
  const Id writer = facts_.committed_writer(r.version);
  if (writer == before || before == r.reader) return;
  if (writer != kNone) {
    d_.edges.push_back({before, writer, Edge::kWw, r.key, r.reader});
  } else if (history_.is_initial(r.version)) {
    d_.edges.push_back({before, initial_, Edge::kWw, r.key, r.reader});
    d_.edges.push_back({initial_, before, Edge::kWw, r.key, kNone});
  }
}

/// For each of the reads whose key `writer` wrote, from the side that has fewer.
void Saturation::overwritten_by(Id writer, std::span<const Seen> reads) {
  const std::span<const Install> installs = facts_.installs_of(writer);
  if (installs.size() <= reads.size()) {
    for (const Install& i : installs) {
      for (const Seen& r : later_[i.key]) add(writer, r);
    }
  } else {
    for (const Seen& r : reads) {
      if (facts_.install_of(writer, r.key) != nullptr) add(writer, r);
    }
  }
}

/// From the last read to the first, so that `later_` is what came after each.
void Saturation::read_committed() {
  std::vector<Id> first_seen_at(facts_.nodes, kNone);
  for (Id t = 0; t < facts_.nodes; ++t) {
    const std::span<const Seen> reads = facts_.reads_of(t);
    for (Id i = 0; i < reads.size(); ++i) {
      const Id w = facts_.committed_writer(reads[i].version);
      if (w == kNone || done_[w] == t) continue;
      done_[w] = t;
      first_seen_at[w] = i;
    }
    for (std::size_t i = reads.size(); i-- > 0;) {
      const Id w = facts_.committed_writer(reads[i].version);
      if (w != kNone && first_seen_at[w] == i) overwritten_by(w, reads.subspan(i + 1));
      later_[reads[i].key].push_back(reads[i]);
    }
    for (const Seen& r : reads) later_[r.key].clear();
  }
}

void Saturation::place_nodes() {
  place_.resize(facts_.nodes);
  std::vector<Id> count;
  for (Id t = 0; t < history_.size(); ++t) {
    const Id session = history_[t].session;
    if (session >= count.size()) count.resize(session + std::size_t{1}, 0);
    place_[t] = {session, count[session]++};
  }
  sessions_ = static_cast<Id>(count.size());
  for (Id t = static_cast<Id>(history_.size()); t < facts_.nodes; ++t) place_[t] = {sessions_++, 0};
}

void Saturation::index_writers() {
  writers_.resize(history_.keys());
  for (const Install& i : facts_.installs) {
    writers_[i.key].push_back({place_[i.writer].session, place_[i.writer].at, i.writer});
  }
  for (auto& w : writers_) std::sort(w.begin(), w.end());
}

const Saturation::Writer* Saturation::last_before(std::span<const Writer> writers, Id at) {
  const auto end = std::partition_point(writers.begin(), writers.end(),
                                        [&](const Writer& w) { return w.at < at; });
  return end == writers.begin() ? nullptr : &*(end - 1);
}

void Saturation::read_atomic() {
  place_nodes();
  index_writers();
  for (Id t = 0; t < facts_.nodes; ++t) {
    const std::span<const Seen> reads = facts_.reads_of(t);
    for (const Seen& r : reads) later_[r.key].push_back(r);
    for (const Seen& r : reads) {
      const Id w = facts_.committed_writer(r.version);
      if (w != kNone && std::exchange(done_[w], t) != t) overwritten_by(w, reads);
      const auto own = std::equal_range(
          writers_[r.key].begin(), writers_[r.key].end(), Writer{place_[t].session, 0, 0},
          [](const Writer& a, const Writer& b) { return a.session < b.session; });
      if (const Writer* last = last_before({own.first, own.second}, place_[t].at)) {
        add(last->node, r);
      }
    }
    for (const Seen& r : reads) later_[r.key].clear();
  }
}

std::vector<Id> Saturation::topological_order() const {
  const Graph g = graph_of(d_.edges, d_.nodes, mask_of(Edge::kWr) | mask_of(Edge::kSession));
  std::vector<Id> waits(g.nodes(), 0), order;
  for (const Id to : g.target) ++waits[to];
  for (Id n = 0; n < g.nodes(); ++n) {
    if (waits[n] == 0) order.push_back(n);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t e = g.begin_of(order[i]); e < g.end_of(order[i]); ++e) {
      if (--waits[g.target[e]] == 0) order.push_back(g.target[e]);
    }
  }
  return order;
}

/// Each transaction knows how much of each session happened before it.
bool Saturation::causal(std::size_t bytes) {
  place_nodes();
  if (std::size_t{facts_.nodes} * sessions_ > bytes / sizeof(Id)) return false;
  const std::vector<Id> order = topological_order();
  if (order.size() < d_.nodes) return true;  // a cycle, and no clocks
  index_writers();
  const Graph g = graph_of(d_.edges, d_.nodes, mask_of(Edge::kWr) | mask_of(Edge::kSession));
  std::vector<Id> clocks(std::size_t{facts_.nodes} * sessions_, 0);
  const auto clock = [&](Id n) {
    return std::span(clocks).subspan(n * std::size_t{sessions_}, sessions_);
  };
  for (const Id t : order) {
    if (t >= facts_.nodes) continue;
    for (const Seen& r : facts_.reads_of(t)) {
      const std::span<const Writer> all(writers_[r.key]);
      for (std::size_t i = 0; i < all.size();) {
        const Id session = all[i].session;
        const auto end =
            std::partition_point(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(),
                                 [&](const Writer& w) { return w.session <= session; });
        const std::size_t size = static_cast<std::size_t>(end - all.begin()) - i;
        const Writer* last = last_before(all.subspan(i, size), clock(t)[session]);
        if (last != nullptr) add(last->node, r);
        i += size;
      }
    }
    for (std::size_t e = g.begin_of(t); e < g.end_of(t); ++e) {
      const Id to = g.target[e];
      if (to >= facts_.nodes) continue;
      std::span<Id> theirs = clock(to);
      const std::span<const Id> own = clock(t);
      for (Id s = 0; s < sessions_; ++s) theirs[s] = std::max(theirs[s], own[s]);
      Id& of_own = theirs[place_[t].session];
      of_own = std::max(of_own, place_[t].at + 1);
    }
  }
  return true;
}

}  // namespace

bool saturate(const History& history, const Facts& facts, Axioms axioms, std::size_t bytes,
              Dependencies& d) {
  Saturation saturation(history, facts, d);
  if (axioms == Axioms::kCausal) return saturation.causal(bytes);
  if (axioms == Axioms::kReadAtomic) {
    saturation.read_atomic();
  } else {
    saturation.read_committed();
  }
  return true;
}

}  // namespace seedbed::txn
