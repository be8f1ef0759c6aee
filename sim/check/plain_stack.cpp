// A stack whose values tell them apart, and a bag.
//
// A value that may be pushed and popped at once says nothing of others. The rest is *solid*: it is
// there from the return of its push to the call of its pop. Where nothing is bound to be there, the
// stack may as well be empty: who is there nevertheless can be pushed after that or popped before
// it, the top first. So what is solid falls apart into stretches. In such a stretch the stack is
// never empty, so one value lies below all others of it: its push began before any of theirs
// returned, and its pop returned after any of theirs began. Whichever can lie there may, for what
// is right stays so when its push is moved to the front and its pop to the end. Without it the
// stretch falls apart again, and so on; where none can lie there, these values alone are wrong.
#include <algorithm>
#include <numeric>
#include <tuple>

#include "sim/check/plain_orders.h"

namespace seedbed::detail {

namespace {

constexpr std::uint32_t kNone = HeldValue::kNone;

/// Where something is in an order: in a gap between two ends of calls, what is popped there before
/// what is there for an instant, and that before what is pushed; then by depth.
struct Placed {
  std::uint64_t gap = 0;
  std::uint32_t phase = 0;
  std::uint32_t rank = 0;
  std::uint32_t call = kNone;
};
constexpr std::uint32_t kPops = 0;
constexpr std::uint32_t kAtOnce = 1;
constexpr std::uint32_t kPushes = 2;

class Placing {
 public:
  void push(const HeldValue& v, std::uint64_t before, std::uint32_t depth) {
    placed_.push_back({before - 1, kPushes, depth, v.put});
  }
  void pop(const HeldValue& v, std::uint64_t after, std::uint32_t depth) {
    // What lies below somebody that nobody ever took is not taken either.
    if (v.take == kNone || after == HeldValue::kFar) return;
    placed_.push_back({after + 1, kPops, kNone - depth, v.take});
  }
  void at_once(const HeldValue& v) {
    const auto rank = static_cast<std::uint32_t>(placed_.size());
    if (v.put != kNone) placed_.push_back({v.take_from | 1, kAtOnce, rank, v.put});
    placed_.push_back({v.take_from | 1, kAtOnce, rank + 1, v.take});
  }
  FoundOrder take() {
    std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      return std::tie(a.gap, a.phase, a.rank) < std::tie(b.gap, b.phase, b.rank);
    });
    FoundOrder found;
    found.exists = true;
    found.order.reserve(placed_.size());
    for (const Placed& p : placed_) found.order.push_back(p.call);
    return found;
  }

 private:
  std::vector<Placed> placed_;
};

/// How many cover each slot, of a power of two of them; the least and the most of each range.
class Coverage {
 public:
  explicit Coverage(std::size_t slots) {
    while (size_ < slots) size_ *= 2;
    nodes_.resize(2 * size_);
  }

  void add(std::size_t begin, std::size_t end, std::int32_t by) {
    add(1, 0, size_, begin, end, by);
  }
  /// The first slot from `begin` on that is covered, or is not; `end` if there is none before.
  std::size_t find(bool covered, std::size_t begin, std::size_t end) const {
    return find(covered, 1, 0, size_, begin, end, 0);
  }

 private:
  struct Node {
    std::int32_t least = 0;  // with what is added to the whole of it
    std::int32_t most = 0;
    std::int32_t added = 0;
  };

  void add(std::size_t node, std::size_t from, std::size_t to, std::size_t begin, std::size_t end,
           std::int32_t by) {
    if (end <= from || to <= begin) return;
    Node& n = nodes_[node];
    if (begin <= from && to <= end) {
      n.least += by;
      n.most += by;
      n.added += by;
      return;
    }
    const std::size_t middle = from + (to - from) / 2;
    add(2 * node, from, middle, begin, end, by);
    add(2 * node + 1, middle, to, begin, end, by);
    n.least = n.added + std::min(nodes_[2 * node].least, nodes_[2 * node + 1].least);
    n.most = n.added + std::max(nodes_[2 * node].most, nodes_[2 * node + 1].most);
  }
  std::size_t find(bool covered, std::size_t node, std::size_t from, std::size_t to,
                   std::size_t begin, std::size_t end, std::int32_t above) const {
    const Node& n = nodes_[node];
    if (end <= from || to <= begin) return end;
    if (covered ? n.most + above == 0 : n.least + above > 0) return end;
    if (to - from == 1) return from;
    const std::size_t middle = from + (to - from) / 2;
    const std::size_t left = find(covered, 2 * node, from, middle, begin, end, above + n.added);
    if (left < end) return left;
    return find(covered, 2 * node + 1, middle, to, begin, end, above + n.added);
  }

  std::size_t size_ = 1;
  std::vector<Node> nodes_;
};

/// Finds, in a range of values that are left, those whose push began before some position.
class Openings {
 public:
  explicit Openings(std::span<const HeldValue> values) {
    while (size_ < values.size()) size_ *= 2;
    least_.assign(2 * size_, HeldValue::kFar);
    for (std::size_t i = 0; i < values.size(); ++i) least_[size_ + i] = values[i].put_from;
    for (std::size_t i = size_; i-- > 1;) least_[i] = std::min(least_[2 * i], least_[2 * i + 1]);
  }

  void remove(std::size_t i) {
    least_[i += size_] = HeldValue::kFar;
    while ((i /= 2) > 0) least_[i] = std::min(least_[2 * i], least_[2 * i + 1]);
  }
  /// The first from `begin` on; `end` if there is none before.
  std::size_t find(std::size_t begin, std::size_t end, std::uint64_t before) const {
    return find(1, 0, size_, begin, end, before);
  }

 private:
  std::size_t find(std::size_t node, std::size_t from, std::size_t to, std::size_t begin,
                   std::size_t end, std::uint64_t before) const {
    if (end <= from || to <= begin || least_[node] >= before) return end;
    if (to - from == 1) return from;
    const std::size_t middle = from + (to - from) / 2;
    const std::size_t left = find(2 * node, from, middle, begin, end, before);
    return left < end ? left : find(2 * node + 1, middle, to, begin, end, before);
  }

  std::size_t size_ = 1;
  std::vector<std::uint64_t> least_;
};

class Nesting {
 public:
  Nesting(std::vector<HeldValue> solid, Placing& placing)
      : values_(by_put(std::move(solid))),
        ends_(ends_of(values_)),
        coverage_(ends_.size()),
        openings_(values_),
        placing_(placing) {
    for (const HeldValue& v : values_) cover(v, 1);
  }

  /// kFar, or a return until which some values are not nested.
  std::uint64_t run() {
    split({0, ends_.size(), 0});
    while (!stretches_.empty()) {
      const Stretch s = stretches_.back();
      stretches_.pop_back();
      const std::size_t lowest = lowest_of(s);
      if (lowest == values_.size()) return last_return_of(s);
      placing_.push(values_[lowest], ends_[s.begin], s.depth);
      placing_.pop(values_[lowest], ends_[s.end], s.depth);
      openings_.remove(lowest);
      cover(values_[lowest], -1);
      split({s.begin, s.end, s.depth + 1});
    }
    return HeldValue::kFar;
  }

 private:
  struct Stretch {  // from one of ends_ to another
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint32_t depth = 0;
  };

  static std::vector<HeldValue> by_put(std::vector<HeldValue> values) {
    std::sort(values.begin(), values.end(),
              [](const HeldValue& a, const HeldValue& b) { return a.put_until < b.put_until; });
    return values;
  }
  static std::vector<std::uint64_t> ends_of(const std::vector<HeldValue>& values) {
    std::vector<std::uint64_t> ends;
    ends.reserve(2 * values.size());
    for (const HeldValue& v : values) {
      ends.push_back(v.put_until);
      ends.push_back(v.take_from);
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    return ends;
  }
  std::size_t slot_of(std::uint64_t end) const {
    return static_cast<std::size_t>(std::lower_bound(ends_.begin(), ends_.end(), end) -
                                    ends_.begin());
  }
  void cover(const HeldValue& v, std::int32_t by) {
    coverage_.add(slot_of(v.put_until), slot_of(v.take_from), by);
  }
  std::size_t first_put(std::size_t end) const {
    if (end == ends_.size()) return values_.size();
    const auto at = std::partition_point(values_.begin(), values_.end(), [&](const HeldValue& v) {
      return v.put_until < ends_[end];
    });
    return static_cast<std::size_t>(at - values_.begin());
  }

  void split(const Stretch& s) {
    for (std::size_t at = s.begin; at < s.end;) {
      const std::size_t begin = coverage_.find(true, at, s.end);
      if (begin == s.end) return;
      at = coverage_.find(false, begin, s.end);
      stretches_.push_back({begin, at, s.depth});
    }
  }
  /// One that may lie below the others. Those looked at are being pushed when the stretch begins.
  std::size_t lowest_of(const Stretch& s) const {
    const std::size_t end = first_put(s.end);
    for (std::size_t i = first_put(s.begin); i < end; ++i) {
      i = openings_.find(i, end, ends_[s.begin]);
      if (i < end && values_[i].take_until >= ends_[s.end]) return i;
    }
    return values_.size();
  }
  std::uint64_t last_return_of(const Stretch& s) const {
    std::uint64_t last = 0;
    const std::size_t end = first_put(s.end);
    for (std::size_t i = first_put(s.begin); i < end; ++i) {
      i = openings_.find(i, end, HeldValue::kFar);
      if (i == end) break;
      const HeldValue& v = values_[i];
      last = std::max(last, v.take_until < HeldValue::kFar ? v.take_until : v.put_until);
    }
    return last;
  }

  std::vector<HeldValue> values_;    // in the order of put_until
  std::vector<std::uint64_t> ends_;  // of what they cover
  Coverage coverage_;
  Openings openings_;
  Placing& placing_;
  std::vector<Stretch> stretches_;
};

}  // namespace

FoundOrder order_bag(std::span<const HeldValue> values, std::span<const HeldValue> empties) {
  Placing placing;
  for (const HeldValue& v : empties) placing.at_once(v);
  for (const HeldValue& v : values) {
    if (!v.solid()) {
      placing.at_once(v);
      continue;
    }
    placing.push(v, v.put_until, 0);
    placing.pop(v, v.take_from, 0);
  }
  return placing.take();
}

FoundOrder order_stack(std::span<const Call<Act>> /*calls*/, std::span<const HeldValue> values,
                       std::span<const HeldValue> empties) {
  Placing placing;
  std::vector<HeldValue> solid;
  for (const HeldValue& v : empties) placing.at_once(v);
  for (const HeldValue& v : values) {
    v.solid() ? solid.push_back(v) : placing.at_once(v);
  }
  const std::uint64_t failed_by = Nesting(std::move(solid), placing).run();
  if (failed_by == HeldValue::kFar) return placing.take();
  FoundOrder found;
  found.failed_by = failed_by / 2;
  return found;
}

}  // namespace seedbed::detail
