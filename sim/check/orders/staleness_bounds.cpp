// Bounds of K in time n log n, where values say who read what.
#include <algorithm>
#include <utility>

#include "sim/check/orders/staleness.h"

namespace seedbed::orders::detail {

namespace {

constexpr Interval kAnything{1, ~std::uint64_t{0}};
constexpr Interval kNothing{1, 0};

/// Counts by place: so many so far at or after one.
class Counts {
 public:
  explicit Counts(std::size_t places) : tree_(places + 1, 0) {}
  void add(std::size_t place) {
    ++all_;
    for (std::size_t i = place + 1; i < tree_.size(); i += i & (~i + 1)) ++tree_[i];
  }
  std::uint64_t from(std::size_t place) const {
    std::uint64_t before = 0;
    for (std::size_t i = place; i > 0; i -= i & (~i + 1)) before += tree_[i];
    return all_ - before;
  }

 private:
  std::vector<std::uint64_t> tree_;
  std::uint64_t all_ = 0;
};

struct Write {
  std::uint64_t invoked = 0;
  std::uint64_t returned = 0;
  std::uint64_t due = 0;  // it has taken effect by then
};
struct Read {
  std::uint64_t invoked = 0;
  std::uint64_t returned = 0;
  std::size_t from = 0;  // 0: the initial value; else a write, from 1
  bool told = true;      // else it may have read any of several
};

/// One key, who wrote what was read, and whether that is plain.
class BoundedKey {
 public:
  BoundedKey(const History& history, const std::vector<std::uint32_t>& operations)
      : history_(history) {
    for (const std::uint32_t i : operations) {
      if (history.operations[i].writes != kNone) add_write(history.operations[i]);
    }
    std::sort(written_.begin(), written_.end());
    for (const std::uint32_t i : operations) {
      const Operation& op = history.operations[i];
      if (op.reads == kNone) continue;
      plain_ = plain_ && op.writes == kNone;
      if (!op.ok) continue;
      if (!add_read(op)) possible_ = false;
    }
    for (const Read& r : reads_) {
      if (r.told && r.from > 0) {
        std::uint64_t& due = writes_[r.from - 1].due;
        due = std::min(due, r.returned);
      }
    }
  }

  Interval bounds() const {
    if (!possible_) return kNothing;
    return {least(), plain_ ? most() : kAnything.hi};
  }

 private:
  void add_write(const Operation& op) {
    written_.emplace_back(op.writes, writes_.size() + 1);
    writes_.push_back({op.invoked, op.returned, op.returned});
  }
  bool add_read(const Operation& op) {
    Read read{op.invoked, op.returned, 0, true};
    std::size_t candidates = history_.initial[op.key] == op.reads ? 1 : 0;
    std::size_t possible = candidates;
    auto at =
        std::lower_bound(written_.begin(), written_.end(), std::pair(op.reads, std::size_t{0}));
    for (; at != written_.end() && at->first == op.reads; ++at) {
      if (writes_[at->second - 1].invoked == op.invoked) continue;  // a cas does not read itself
      ++candidates;
      if (writes_[at->second - 1].invoked < op.returned) ++possible;
      read.from = at->second;
    }
    read.told = candidates == 1;
    plain_ = plain_ && read.told;
    reads_.push_back(read);
    return possible > 0;
  }

  /// Writes that began after what was read had taken effect, and took effect before the read began.
  std::uint64_t least() const {
    std::vector<std::uint64_t> begins;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ends;  // due, invoked
    for (const Write& w : writes_) {
      begins.push_back(w.invoked);
      if (w.due != Operation::kNever) ends.emplace_back(w.due, w.invoked);
    }
    std::sort(begins.begin(), begins.end());
    std::sort(ends.begin(), ends.end());
    std::vector<const Read*> reads;
    for (const Read& r : reads_) {
      if (r.told) reads.push_back(&r);
    }
    std::sort(reads.begin(), reads.end(),
              [](const Read* a, const Read* b) { return a->invoked < b->invoked; });
    const auto place = [&](std::uint64_t at) {
      return static_cast<std::size_t>(std::lower_bound(begins.begin(), begins.end(), at) -
                                      begins.begin());
    };
    Counts counts(begins.size());
    std::size_t ended = 0;
    std::uint64_t most = 0;
    for (const Read* r : reads) {
      for (; ended < ends.size() && ends[ended].first < r->invoked; ++ended) {
        counts.add(place(ends[ended].second));
      }
      const std::uint64_t since = r->from == 0 ? 0 : writes_[r->from - 1].due;
      most = std::max(most, counts.from(place(since)));
    }
    return most + 1;
  }

  /// With the writes in the order in which they were due, and each read as early as it can be.
  std::uint64_t most() const {
    std::vector<std::size_t> order;
    for (std::size_t w = 0; w < writes_.size(); ++w) {
      if (writes_[w].due != Operation::kNever) order.push_back(w);
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return writes_[a].due < writes_[b].due; });
    std::vector<std::size_t> rank(writes_.size() + 1, 0);
    struct End {
      std::uint64_t at = 0;
      std::size_t read = 0;  // from 1; 0: a write's
      std::size_t rank = 0;
      bool begins = false;
    };
    std::vector<End> ends;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Write& w = writes_[order[i]];
      rank[order[i] + 1] = i + 1;
      ends.push_back({w.invoked, 0, i + 1, true});
      if (w.returned != Operation::kNever) ends.push_back({w.returned, 0, i + 1, false});
    }
    for (std::size_t r = 0; r < reads_.size(); ++r) {
      ends.push_back({reads_[r].invoked, r + 1, rank[reads_[r].from], true});
      ends.push_back({reads_[r].returned, r + 1, rank[reads_[r].from], false});
    }
    std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.at < b.at; });
    std::uint64_t worst = 1;
    std::size_t passed = 0;
    std::vector<std::size_t> place(reads_.size() + 1, 0);
    for (const End& e : ends) {
      if (e.begins && e.read != 0) {
        place[e.read] = std::max(passed, e.rank);
        worst = std::max<std::uint64_t>(worst, place[e.read] - e.rank + 1);
      } else if (!e.begins) {
        passed = std::max(passed, e.read == 0 ? e.rank : place[e.read]);
      }
    }
    // Nothing that began after a read returned may stand before it.
    std::size_t first = order.size() + 1;
    for (std::size_t i = ends.size(); i-- > 0;) {
      const End& e = ends[i];
      if (e.begins && e.read == 0) first = std::min(first, e.rank);
      if (!e.begins && e.read != 0 && place[e.read] >= first) return kAnything.hi;
    }
    return worst;
  }

  const History& history_;
  std::vector<Write> writes_;
  std::vector<Read> reads_;
  std::vector<std::pair<std::uint32_t, std::size_t>> written_;  // value, write
  bool plain_ = true;
  bool possible_ = true;
};

}  // namespace

Interval bounds_of(const History& history, const std::vector<std::uint32_t>& operations) {
  return BoundedKey(history, operations).bounds();
}

}  // namespace seedbed::orders::detail
