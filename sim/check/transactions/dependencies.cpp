#include "sim/check/transactions/dependencies.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace seedbed::txn {

namespace {

class Builder {
 public:
  Builder(const History& history, const Facts& facts) : history_(history), facts_(facts) {
    d_.nodes = facts.nodes;
    by_key();
  }

  void lists();
  void registers();
  void sessions();
  void real_time();
  /// Both ways round for each two of the installs of a key that nothing has ordered yet.
  void choose(std::size_t bytes);
  void index_readers();
  Dependencies take() { return std::move(d_); }

 private:
  /// Somebody who comes before all of some others.
  struct Source {
    Id node = 0;
    Edge edge = Edge::kRw;
  };

  void by_key();
  void add(Id from, Id to, Edge edge, Id key) {
    if (from != to) d_.edges.push_back({from, to, edge, key, kNone});
  }
  void before_all(std::span<const Source> sources, std::span<const Id> targets, Id key);
  void place_orders();
  void chain(Id key);
  std::span<const Id> unordered(Id key) const {
    return std::span(unordered_)
        .subspan(first_of_key_[key], first_of_key_[key + 1] - first_of_key_[key]);
  }

  const History& history_;
  const Facts& facts_;
  Dependencies d_;
  /// Installs, by key, of which no order is known: of a list those that nobody read.
  std::vector<std::size_t> first_of_key_;
  std::vector<Id> unordered_;
  std::vector<std::size_t> place_;  // by version: where it stands in Facts::order
  std::vector<Id> next_writer_;     // by place: who wrote the next version
  std::vector<Id> target_index_;    // by node, while before_all works
};

constexpr std::size_t kNowhere = ~std::size_t{0};

void Builder::place_orders() {
  place_.assign(history_.versions(), kNowhere);
  for (std::size_t i = 0; i < facts_.order.size(); ++i) place_[facts_.order[i]] = i;
}

void Builder::by_key() {
  place_orders();
  const auto is_ordered = [&](const Install& i) { return place_[i.version] != kNowhere; };
  first_of_key_.assign(history_.keys() + 2, 0);
  for (const Install& i : facts_.installs) first_of_key_[i.key + 2] += !is_ordered(i);
  std::partial_sum(first_of_key_.begin(), first_of_key_.end(), first_of_key_.begin());
  unordered_.resize(first_of_key_.back());
  for (Id i = 0; i < facts_.installs.size(); ++i) {
    const Install& install = facts_.installs[i];
    if (!is_ordered(install)) unordered_[first_of_key_[install.key + 1]++] = i;
  }
}

/// Every source before every target but itself: directly where there are few, else through two
/// chains, one that leads to all targets from the i-th on and one to all up to it.
void Builder::before_all(std::span<const Source> sources, std::span<const Id> targets, Id key) {
  if (targets.empty()) return;
  if (targets.size() == 1 || sources.size() <= 8) {
    for (const Source& s : sources) {
      for (const Id t : targets) add(s.node, t, s.edge, key);
    }
    return;
  }
  const auto size = static_cast<Id>(targets.size());
  const Id from_here = d_.nodes, up_to_here = d_.nodes + size;
  d_.nodes += 2 * size;
  target_index_.resize(facts_.nodes, kNone);
  for (Id i = 0; i < size; ++i) {
    target_index_[targets[i]] = i;
    add(from_here + i, targets[i], Edge::kThrough, key);
    add(up_to_here + i, targets[i], Edge::kThrough, key);
    if (i + 1 < size) add(from_here + i, from_here + i + 1, Edge::kThrough, key);
    if (i > 0) add(up_to_here + i, up_to_here + i - 1, Edge::kThrough, key);
  }
  for (const Source& s : sources) {
    const Id at = target_index_[s.node];
    if (at == kNone) {
      add(s.node, from_here, s.edge, key);
      continue;
    }
    if (at + 1 < size) add(s.node, from_here + at + 1, s.edge, key);
    if (at > 0) add(s.node, up_to_here + at - 1, s.edge, key);
  }
  for (const Id t : targets) target_index_[t] = kNone;
}

/// The writers of a key's order, each before the next.
void Builder::chain(Id key) {
  const std::span<const Id> order = facts_.order_of(key);
  const std::size_t begin = facts_.order_ends[key] - order.size();
  Id next = kNone;
  for (std::size_t i = order.size(); i-- > 0;) {
    next_writer_[begin + i] = next;
    const Id writer = facts_.committed_writer(order[i]);
    if (writer == kNone) continue;
    if (next != kNone) add(writer, next, Edge::kWw, key);
    next = writer;
  }
}

void Builder::lists() {
  next_writer_.assign(facts_.order.size(), kNone);
  std::vector<Id> first_writer(history_.keys(), kNone), last_writer(history_.keys(), kNone);
  for (Id key = 0; key < history_.keys(); ++key) {
    chain(key);
    for (const Id v : facts_.order_of(key)) {
      const Id w = facts_.committed_writer(v);
      if (w == kNone) continue;
      if (first_writer[key] == kNone) first_writer[key] = w;
      last_writer[key] = w;
    }
  }
  std::vector<std::vector<Source>> at_the_end(history_.keys());
  for (Id key = 0; key < history_.keys(); ++key) {
    if (last_writer[key] != kNone && !unordered(key).empty()) {
      at_the_end[key].push_back({last_writer[key], Edge::kWw});
    }
  }
  for (const Seen& r : facts_.reads) {
    const bool empty = history_.is_initial(r.version);
    const Id writer = empty ? kNone : facts_.committed_writer(r.version);
    if (writer != kNone) add(writer, r.reader, Edge::kWr, r.key);
    if (!empty && place_[r.version] == kNowhere) continue;  // of an order that contradicts
    const Id next = empty ? first_writer[r.key] : next_writer_[place_[r.version]];
    if (next != kNone) {
      add(r.reader, next, Edge::kRw, r.key);
    } else if (!unordered(r.key).empty()) {
      at_the_end[r.key].push_back({r.reader, Edge::kRw});
    }
  }
  std::vector<Id> targets;
  for (Id key = 0; key < history_.keys(); ++key) {
    targets.clear();
    for (const Id i : unordered(key)) targets.push_back(facts_.installs[i].writer);
    before_all(at_the_end[key], targets, key);
  }
}

void Builder::registers() {
  std::vector<std::vector<Source>> of_initial(history_.keys());
  for (const Seen& r : facts_.reads) {
    const Id writer = facts_.committed_writer(r.version);
    if (writer != kNone) {
      add(writer, r.reader, Edge::kWr, r.key);
    } else if (history_.is_initial(r.version)) {
      of_initial[r.key].push_back({r.reader, Edge::kRw});
    }
  }
  std::vector<Id> writers;
  for (Id key = 0; key < history_.keys(); ++key) {
    writers.clear();
    for (const Id i : unordered(key)) writers.push_back(facts_.installs[i].writer);
    before_all(of_initial[key], writers, key);
  }
}

void Builder::sessions() {
  std::vector<Id> last;
  for (Id t = 0; t < history_.size(); ++t) {
    if (!facts_.committed[t]) continue;
    const Id session = history_[t].session;
    if (session >= last.size()) last.resize(session + std::size_t{1}, kNone);
    if (last[session] != kNone) add(last[session], t, Edge::kSession, kNone);
    last[session] = t;
  }
}

/// Whoever returned comes before whoever is invoked later: through one node for each time that
/// somebody is invoked after somebody has returned.
void Builder::real_time() {
  struct End {
    std::uint64_t at = 0;
    Id node = 0;
    bool returns = false;
  };
  std::vector<End> ends;
  for (Id t = 0; t < history_.size(); ++t) {
    if (!facts_.committed[t]) continue;
    ends.push_back({history_[t].invoked, t, false});
    if (history_[t].outcome == Outcome::kOk) ends.push_back({history_[t].returned, t, true});
  }
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) {
    return a.at != b.at ? a.at < b.at : a.returns < b.returns;
  });
  Id barrier = kNone;
  std::vector<Id> returned;
  for (const End& end : ends) {
    if (end.returns) {
      returned.push_back(end.node);
      continue;
    }
    if (!returned.empty()) {
      const Id before = std::exchange(barrier, d_.nodes++);
      if (before != kNone) add(before, barrier, Edge::kThrough, kNone);
      for (const Id t : returned) add(t, barrier, Edge::kRealTime, kNone);
      returned.clear();
    }
    if (barrier != kNone) add(barrier, end.node, Edge::kThrough, kNone);
  }
}

void Builder::choose(std::size_t bytes) {
  constexpr std::size_t kChoice = 160, kEdge = 16;  // what OrderSolver needs for them
  std::vector<std::size_t> reads(history_.keys(), 0);
  for (const Seen& r : facts_.reads) ++reads[r.key];
  std::size_t count = 0, needed = 0;
  for (Id key = 0; key < history_.keys(); ++key) {
    const std::size_t n = unordered(key).size();
    if (n < 2) continue;
    count += n * (n - 1) / 2;
    needed += n * (n - 1) / 2 * (kChoice + 2 * kEdge) + (n - 1) * reads[key] * kEdge;
  }
  if ((d_.too_many = needed > bytes)) return;
  d_.choices.reserve(count);
  for (Id key = 0; key < history_.keys(); ++key) {
    const std::span<const Id> installs = unordered(key);
    for (std::size_t i = 0; i < installs.size(); ++i) {
      for (std::size_t j = i + 1; j < installs.size(); ++j) {
        d_.choices.push_back({installs[i], installs[j]});
      }
    }
  }
}

void Builder::index_readers() {
  std::vector<Id> install_of(history_.versions(), kNone);
  for (Id i = 0; i < facts_.installs.size(); ++i) {
    const auto [writer, key, version] = facts_.installs[i];
    if (facts_.writer[version] == writer) install_of[version] = i;
  }
  d_.first_reader.assign(facts_.installs.size() + 2, 0);
  for (const Seen& r : facts_.reads) {
    if (const Id i = install_of[r.version]; i != kNone) ++d_.first_reader[i + std::size_t{2}];
  }
  std::partial_sum(d_.first_reader.begin(), d_.first_reader.end(), d_.first_reader.begin());
  d_.readers.resize(d_.first_reader.back());
  for (const Seen& r : facts_.reads) {
    const Id i = install_of[r.version];
    if (i != kNone) d_.readers[d_.first_reader[i + std::size_t{1}]++] = r.reader;
  }
}

}  // namespace

Dependencies dependencies_of(const History& history, const Facts& facts,
                             const DependencyOptions& options) {
  Builder builder(history, facts);
  if (history.options().model == Model::kList) {
    builder.lists();
  } else {
    builder.registers();
  }
  if (options.sessions) builder.sessions();
  if (options.real_time) builder.real_time();
  if (options.choices) {
    builder.index_readers();
    builder.choose(options.bytes);
  }
  return builder.take();
}

}  // namespace seedbed::txn
