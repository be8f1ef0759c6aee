// The session guarantees (Terry et al. 1994), each for what it says by itself (orders.h).
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/check/orders/before.h"
#include "sim/check/orders/judges.h"

namespace seedbed::orders {

namespace {

Found not_own(std::string_view what, std::uint32_t read, std::vector<std::uint32_t> nodes) {
  return {Verdict::kFail, "lost own write", fmt::format("a process read {}", what), read,
          std::move(nodes)};
}

/// One process and one key. A read of its own write a_j, after so many of its own writes, puts all
/// of those before a_j. Two reads contradict each other if each puts the other's write before its
/// own; that is the only way, since any cycle of such reads holds a pair that does.
class OwnKey {
 public:
  void write(std::uint32_t node) { own_.push_back(node); }

  Found read(const Instance& instance, std::uint32_t r) {
    const Node& n = instance.nodes[r];
    if (n.from == kInitially) {
      if (own_.empty()) return {};
      return not_own("the initial value after a write of its own", r, {own_.back(), r});
    }
    const Node& from = instance.nodes[n.from];
    if (from.lane != n.lane) return {};
    const Read now{r, n.from, n.index};
    const auto contradicts = [&](const Read& other) {
      if (other.read == kNone || other.write == now.write) return false;
      return from.index < other.at && instance.nodes[other.write].index < now.at;
    };
    for (const Read& other : {latest_, second_}) {
      if (contradicts(other)) return contradiction(other, now);
    }
    for (const Read& other : early_) {
      if (contradicts(other)) return contradiction(other, now);
    }
    if (from.index > n.index) early_.push_back(now);
    if (latest_.read != kNone && latest_.write != now.write) second_ = latest_;
    latest_ = now;
    return {};
  }

 private:
  struct Read {
    std::uint32_t read = kNone;
    std::uint32_t write = kNone;
    std::uint32_t at = 0;  // where it stands in its lane
  };
  static Found contradiction(const Read& a, const Read& b) {
    return not_own("its own writes out of order", b.read, {a.write, b.write, a.read, b.read});
  }

  std::vector<std::uint32_t> own_;
  Read latest_, second_;     // of different writes
  std::vector<Read> early_;  // of writes that come only later; few
};

/// By key, of the process at hand; what others left is forgotten at the first look.
template <class T>
class ByKey {
 public:
  explicit ByKey(std::size_t keys) : of_(keys), round_(keys, 0) {}
  void next_process() { ++now_; }
  T& operator[](std::uint32_t key) {
    if (std::exchange(round_[key], now_) != now_) of_[key] = T{};
    return of_[key];
  }

 private:
  std::vector<T> of_;
  std::vector<std::uint64_t> round_;
  std::uint64_t now_ = 0;
};

/// What each read must have seen, as far as monotonic reads and one of the others say it, forward
/// through the reads of a process. `source` gives what a write brings along (before.h), of a graph
/// in which there may be nodes that are no writes.
template <class Source>
class Seen {
 public:
  Seen(const Instance& instance, std::size_t nodes, const Source& source, std::string_view anomaly)
      : instance_(instance),
        source_(source),
        anomaly_(anomaly),
        in_(nodes, 0),
        edges_(nodes),
        keys_(instance.slots.size()) {}

  Found judge(std::uint32_t process, Meter& meter) {
    keys_.next_process();
    for (const std::uint32_t v : touched_) in_[v] = 0, edges_[v].clear();
    touched_.clear();
    if (reads_of(process) < 2) return {};  // whatever one read saw is in some order
    for (const std::uint32_t r : instance_.order[process]) {
      const std::uint32_t from = instance_.nodes[r].from;
      if (from == kNone) continue;
      if (!meter.take()) return unknown("out of budget");
      if (from != kInitially) see(from);
      Key& key = keys_[instance_.nodes[r].key];
      if (from == kInitially) {
        if (key.seen == kNone) continue;
        return {Verdict::kFail, std::string(anomaly_),
                "a process read the initial value, though it had to know of a write", r,
                reason(process, r, {key.seen})};
      }
      for (const std::uint32_t w : key.fresh) {
        if (w != from) edges_[from].push_back(w);
      }
      key.fresh.clear();
      if (key.last != kNone && key.last != from) edges_[from].push_back(key.last);
      key.last = from;
    }
    const Sorted sorted = sort_nodes(touched_, in_.size(),
                                     [&](std::uint32_t v, std::size_t i) { return next(v, i); });
    if (sorted.cycle.empty()) return {};
    return {Verdict::kFail, std::string(anomaly_),
            "a process saw writes in an order that cannot be", kNone,
            reason(process, kNone, sorted.cycle)};
  }

 private:
  struct Key {
    std::uint32_t seen = kNone;        // some write of it
    std::uint32_t last = kNone;        // that was read
    std::vector<std::uint32_t> fresh;  // seen since then
  };

  std::ptrdiff_t reads_of(std::uint32_t process) const {
    const auto& order = instance_.order[process];
    return std::count_if(order.begin(), order.end(),
                         [&](std::uint32_t v) { return instance_.nodes[v].from != kNone; });
  }
  /// First what was learned, then what is brought along.
  std::uint32_t next(std::uint32_t v, std::size_t i) const {
    return i < edges_[v].size() ? edges_[v][i] : source_(v, i - edges_[v].size());
  }
  void see(std::uint32_t write) {
    if (in_[write] != 0) return;
    in_[write] = 1;
    std::size_t at = touched_.size();
    for (touched_.push_back(write); at < touched_.size(); ++at) {
      const std::uint32_t v = touched_[at];
      if (v < instance_.nodes.size() && instance_.nodes[v].writes) {
        Key& key = keys_[instance_.nodes[v].key];
        key.seen = v;
        key.fresh.push_back(v);
      }
      for (std::size_t i = 0;; ++i) {
        const std::uint32_t u = source_(v, i);
        if (u == kNoMore) break;
        if (u >= in_.size() || in_[u] != 0) continue;
        in_[u] = 1;
        touched_.push_back(u);
      }
    }
  }
  /// With the reads of the process that saw these.
  std::vector<std::uint32_t> reason(std::uint32_t process, std::uint32_t read,
                                    std::vector<std::uint32_t> nodes) const {
    std::vector<bool> in_it(in_.size(), false);
    for (std::uint32_t& v : nodes) {
      if (v >= instance_.nodes.size()) v -= static_cast<std::uint32_t>(instance_.nodes.size());
      in_it[v] = true;
    }
    for (const std::uint32_t r : instance_.order[process]) {
      const std::uint32_t from = instance_.nodes[r].from;
      if (r == read || (from < in_it.size() && in_it[from])) nodes.push_back(r);
    }
    return nodes;
  }

  const Instance& instance_;
  const Source& source_;
  std::string_view anomaly_;
  std::vector<std::uint8_t> in_;
  std::vector<std::uint32_t> touched_;
  More edges_;  // what was learned, into each write
  ByKey<Key> keys_;
};

template <class Source>
Found judge_seen(const Instance& instance, std::size_t nodes, const Source& source,
                 std::string_view anomaly, Meter& meter) {
  Seen<Source> seen(instance, nodes, source, anomaly);
  for (std::uint32_t p = 0; p < instance.processes; ++p) {
    Found found = seen.judge(p, meter);
    if (found.verdict != Verdict::kPass) return found;
  }
  return {};
}

/// By node: the nearest before it in program order for which `wanted` holds.
template <class Wanted>
std::vector<std::uint32_t> nearest_before(const Instance& instance, const Wanted& wanted) {
  std::vector<std::uint32_t> nearest(instance.nodes.size(), kNone);
  for (std::uint32_t v = 0; v < nearest.size(); ++v) {
    const std::uint32_t u = instance.nodes[v].before;
    if (u != kNone) nearest[v] = wanted(instance.nodes[u]) ? u : nearest[u];
  }
  return nearest;
}

}  // namespace

Found judge_read_your_writes(const Instance& instance, Meter& meter) {
  ByKey<OwnKey> keys(instance.slots.size());
  for (const auto& order : instance.order) {
    keys.next_process();
    for (const std::uint32_t v : order) {
      const Node& n = instance.nodes[v];
      if (!meter.take()) return unknown("out of budget");
      if (n.from != kNone) {
        Found found = keys[n.key].read(instance, v);
        if (found.verdict != Verdict::kPass) return found;
      }
      if (n.writes) keys[n.key].write(v);
    }
  }
  return {};
}

Found judge_monotonic_reads(const Instance& instance, Meter& meter) {
  struct Key {
    std::uint32_t read = kNone;  // the latest
  };
  ByKey<Key> keys(instance.slots.size());
  std::vector<std::uint32_t> left(instance.nodes.size(), kNone);  // who read on from this write
  std::vector<std::uint32_t> left_by(instance.nodes.size(), kNone);
  for (std::uint32_t p = 0; p < instance.processes; ++p) {
    keys.next_process();
    for (const std::uint32_t v : instance.order[p]) {
      const Node& n = instance.nodes[v];
      if (n.from == kNone) continue;
      if (!meter.take()) return unknown("out of budget");
      Key& key = keys[n.key];
      const std::uint32_t last = std::exchange(key.read, v);
      if (last == kNone || instance.nodes[last].from == n.from) continue;
      const std::uint32_t before = instance.nodes[last].from;
      const bool back = n.from == kInitially || left[n.from] == p;
      if (before != kInitially) left[before] = p, left_by[before] = last;
      if (!back) continue;
      std::vector<std::uint32_t> nodes{last, v};
      for (const std::uint32_t w : {before, n.from}) {
        if (w != kInitially) nodes.push_back(w);
      }
      if (n.from != kInitially) nodes.push_back(left_by[n.from]);
      return {Verdict::kFail, "non-monotonic read",
              "a process read a value that it had seen replaced", v, std::move(nodes)};
    }
  }
  return {};
}

Found judge_monotonic_writes(const Instance& instance, Meter& meter) {
  const auto earlier = nearest_before(instance, [](const Node& n) { return n.writes; });
  const auto source = [&](std::uint32_t v, std::size_t i) { return i == 0 ? earlier[v] : kNoMore; };
  return judge_seen(instance, instance.nodes.size(), source, "writes out of order", meter);
}

Found judge_writes_follow_reads(const Instance& instance, Meter& meter) {
  // Node v + size: that the process had read what v read, and all that it read before.
  const auto size = static_cast<std::uint32_t>(instance.nodes.size());
  const auto earlier = nearest_before(instance, [](const Node& n) { return n.from != kNone; });
  const auto source = [&](std::uint32_t v, std::size_t i) {
    const std::uint32_t op = v < size ? v : v - size;
    const Node& n = instance.nodes[op];
    if (i > 1) return kNoMore;
    if (v >= size && i == 1) return n.from;
    if (v < size && i == 0) return n.from == kNone ? kNone : op + size;
    return earlier[op] == kNone ? kNone : earlier[op] + size;
  };
  std::vector<std::uint32_t> all(size);
  for (std::uint32_t v = 0; v < size; ++v) all[v] = v;
  Sorted sorted = sort_nodes(all, std::size_t{size} * 2, source);
  if (!sorted.cycle.empty()) {
    for (std::uint32_t& v : sorted.cycle) v = v < size ? v : v - size;
    return {Verdict::kFail, "write before what was read",
            "these writes follow reads of one another in a circle", kNone, std::move(sorted.cycle)};
  }
  return judge_seen(instance, std::size_t{size} * 2, source, "write before what was read", meter);
}

}  // namespace seedbed::orders
