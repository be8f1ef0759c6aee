#include "sim/check/plain_orders.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "sim/base/assert.h"

namespace seedbed {

namespace {

using detail::FoundOrder;
using Calls = std::span<const Call<Act>>;
using Order = FoundOrder (*)(Calls, std::span<const HeldValue>, std::span<const HeldValue>);

constexpr std::uint32_t kNone = HeldValue::kNone;

/// Of more calls a search would copy too much.
constexpr std::size_t kSearchable = 2'000;

enum class Kind { kQueue, kStack, kBag };

/// Whether each step of an order is possible, in real time, too; and what is there at its end. It
/// shares nothing with who found the order.
class Replay {
 public:
  Replay(Kind kind, Calls calls) : kind_(kind), calls_(calls) {}

  bool step(std::uint32_t call) {
    if (calls_[call].returned < invoked_) return false;
    invoked_ = std::max(invoked_, calls_[call].invoked);
    const Act& act = *calls_[call].op;
    if (act.code == FifoQueue::kPut) {
      where_.resize(std::max<std::size_t>(where_.size(), act.x + 1), kNone);
      where_[act.x] = static_cast<std::uint32_t>(there_.size());
      there_.push_back(act.x);
      return ++count_, true;
    }
    if (act.code == FifoQueue::kEmpty) return count_ == 0;
    return take(act.x);
  }
  Sequences::State rest() const {
    Sequences::State rest;
    std::copy_if(there_.begin() + static_cast<std::ptrdiff_t>(first_), there_.end(),
                 std::back_inserter(rest), [](std::uint32_t x) { return x != kNone; });
    if (kind_ == Kind::kBag) std::sort(rest.begin(), rest.end());
    return rest;
  }

 private:
  bool take(std::uint32_t x) {
    if (count_ == 0) return false;
    if (kind_ == Kind::kBag) {
      if (x >= where_.size() || where_[x] == kNone) return false;
      there_[std::exchange(where_[x], kNone)] = kNone;
    } else {
      if (x != kNone && x != (kind_ == Kind::kQueue ? there_[first_] : there_.back())) return false;
      kind_ == Kind::kQueue ? static_cast<void>(++first_) : there_.pop_back();
    }
    return --count_, true;
  }

  Kind kind_;
  Calls calls_;
  std::uint64_t invoked_ = 0;
  std::size_t count_ = 0;
  std::size_t first_ = 0;             // of a queue
  std::vector<std::uint32_t> there_;  // values; kNone: taken out of a bag
  std::vector<std::uint32_t> where_;  // of each value
};

/// When the first returns that began after this, and found nothing. (They are in the order of
/// their calls.)
std::uint64_t next_empty(Calls calls, const HeldValues& held, std::uint64_t after) {
  const auto first =
      std::partition_point(held.empties.begin(), held.empties.end(),
                           [&](std::uint32_t e) { return 2 * calls[e].invoked < after; });
  return first == held.empties.end() ? HeldValue::kFar : 2 * calls[*first].returned;
}

/// When the first is taken that must come after each value: in a queue, of those put later.
std::vector<std::uint64_t> queue_deadlines(const std::vector<HeldValue>& values,
                                           const std::vector<std::uint32_t>& by_put) {
  std::vector<std::uint64_t> least(values.size() + 1, HeldValue::kFar);
  for (std::size_t k = by_put.size(); k-- > 0;) {
    least[k] = std::min(least[k + 1], values[by_put[k]].take_until);
  }
  std::vector<std::uint64_t> deadlines;
  deadlines.reserve(values.size());
  for (const HeldValue& v : values) {
    const auto later = std::partition_point(by_put.begin(), by_put.end(), [&](std::uint32_t j) {
      return values[j].put_from <= v.put_until;
    });
    deadlines.push_back(least[static_cast<std::size_t>(later - by_put.begin())]);
  }
  return deadlines;
}

/// In a stack, of those that were pushed before and popped after it was pushed. By a Fenwick tree
/// over the calls of pops, the last first, into which values come in the order of their pushes.
std::vector<std::uint64_t> stack_deadlines(const std::vector<HeldValue>& values,
                                           const std::vector<std::uint32_t>& by_put) {
  std::vector<std::uint64_t> pops;
  for (const HeldValue& v : values) pops.push_back(v.take_from);
  std::sort(pops.begin(), pops.end(), std::greater<>());
  const auto later_than = [&](std::uint64_t at) {  // so many of them are
    const auto end =
        std::partition_point(pops.begin(), pops.end(), [&](std::uint64_t p) { return p > at; });
    return static_cast<std::size_t>(end - pops.begin());
  };
  std::vector<std::uint32_t> by_pushed = by_put;
  std::sort(by_pushed.begin(), by_pushed.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a].put_until < values[b].put_until;
  });
  std::vector<std::uint64_t> tree(values.size() + 1, HeldValue::kFar);
  std::vector<std::uint64_t> deadlines(values.size(), HeldValue::kFar);
  std::size_t in = 0;
  for (const std::uint32_t i : by_put) {
    for (; in < by_pushed.size() && values[by_pushed[in]].put_until < values[i].put_from; ++in) {
      const HeldValue& below = values[by_pushed[in]];
      for (std::size_t k = later_than(below.take_from) + 1; k < tree.size(); k += k & (~k + 1)) {
        tree[k] = std::min(tree[k], below.take_until);
      }
    }
    for (std::size_t k = later_than(values[i].put_until); k > 0; k -= k & (~k + 1)) {
      deadlines[i] = std::min(deadlines[i], tree[k]);
    }
  }
  return deadlines;
}

/// Takes nobody knows what of, for values that nobody took and others wait for. A value needs a
/// take that began before anything was taken that must come after it. So the one that needs the
/// earliest gets the earliest. In a queue that is best, but where somebody found nothing; else it
/// is a good guess.
void give_takes(Kind kind, Calls calls, HeldValues& held) {
  std::vector<std::uint32_t> by_put(held.values.size());
  for (std::uint32_t i = 0; i < by_put.size(); ++i) by_put[i] = i;
  std::sort(by_put.begin(), by_put.end(), [&](std::uint32_t a, std::uint32_t b) {
    return held.values[a].put_from < held.values[b].put_from;
  });
  const auto deadlines = kind == Kind::kQueue ? queue_deadlines(held.values, by_put)
                                              : stack_deadlines(held.values, by_put);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> needy;
  for (std::uint32_t i = 0; i < held.values.size(); ++i) {
    const HeldValue& v = held.values[i];
    const std::uint64_t end = std::min(deadlines[i], next_empty(calls, held, v.put_until));
    if (v.take == kNone && end != HeldValue::kFar) needy.emplace_back(end, i);
  }
  std::sort(needy.begin(), needy.end());
  std::sort(held.any_takes.begin(), held.any_takes.end(),
            [&](std::uint32_t a, std::uint32_t b) { return calls[a].invoked < calls[b].invoked; });
  for (std::size_t k = 0; k < std::min(needy.size(), held.any_takes.size()); ++k) {
    HeldValue& v = held.values[needy[k].second];
    v.take = held.any_takes[k];
    v.take_from = std::max(2 * calls[v.take].invoked, v.put_from);
  }
}

/// As if each value that nobody is known to have taken had been taken by the earliest of those that
/// did not tell, as late as one likes: what is wrong with that is wrong.
void take_all(Calls calls, HeldValues& held) {
  const auto first = std::min_element(
      held.any_takes.begin(), held.any_takes.end(),
      [&](std::uint32_t a, std::uint32_t b) { return calls[a].invoked < calls[b].invoked; });
  for (HeldValue& v : held.values) {
    if (v.take_until != HeldValue::kFar) continue;
    v.take = *first;
    v.take_from = std::min(v.take_from, std::max(2 * calls[v.take].invoked, v.put_from));
  }
}

/// None was left out because another one of the same value returned, or because nobody knows what
/// it took: before that, it may be what explains the other answers.
bool every_take_counts(Calls calls, const HeldValues& held) {
  std::size_t hanging = 0;
  for (const Call<Act>& call : calls) {
    if (call.op->code == FifoQueue::kTake && call.returned == Call<Act>::kNever) ++hanging;
  }
  for (const HeldValue& v : held.values) {
    if (v.take != kNone && calls[v.take].returned == Call<Act>::kNever) --hanging;
  }
  return hanging == 0;
}

FoundOrder order_values(Calls calls, const HeldValues& held, Order order) {
  std::vector<HeldValue> empties;
  for (const std::uint32_t e : held.empties) {
    HeldValue nothing;
    nothing.take = e;
    nothing.put_from = nothing.take_from = 2 * calls[e].invoked;
    nothing.put_until = nothing.take_until = 2 * calls[e].returned;
    empties.push_back(nothing);
  }
  const std::uint32_t nowhere = place_empties(held.values, empties);
  if (nowhere == kNone) return order(calls, held.values, empties);
  FoundOrder none;
  none.failed_by = calls[held.empties[nowhere]].returned;
  return none;
}

PlainOrder judge(Kind kind, Calls calls, Meter& meter, Order order) {
  HeldValues held = hold_values(calls);
  if (!held.plain) return std::nullopt;
  Linearization<Sequences::State> r;
  r.verdict = Verdict::kFail;
  r.bytes = calls.size() * sizeof(HeldValue);
  r.failed_by = held.failed_by;
  if (held.failed_by != 0) return r;
  // A take that never returned, but is known, may have been of nothing, and another of its value.
  const bool sure = kind == Kind::kQueue && held.empties.empty() &&
                    std::all_of(held.values.begin(), held.values.end(), [](const HeldValue& v) {
                      return v.take == kNone || v.take_until != HeldValue::kFar;
                    });
  const bool exact = held.any_takes.empty() || sure;
  if (!held.any_takes.empty()) give_takes(kind, calls, held);
  const FoundOrder found = order_values(calls, held, order);
  if (!found.exists) {
    r.failed_by = held.any_takes.empty() && every_take_counts(calls, held) ? found.failed_by : 0;
    if (exact) return r;
    take_all(calls, held);
    if (!order_values(calls, held, order).exists) return r;
    if (calls.size() <= kSearchable) return std::nullopt;
    r.verdict = Verdict::kUnknown;
    return r;
  }
  Replay replay(kind, calls);
  for (const std::uint32_t i : found.order) {
    if (!meter.take()) return r.verdict = Verdict::kUnknown, r;
    SEEDBED_ASSERT(replay.step(i), "operation {} is not where it is possible", i);
  }
  r.verdict = Verdict::kPass;
  r.order = found.order;
  r.state = replay.rest();
  return r;
}

}  // namespace

PlainOrder plain_order(const FifoQueue&, Calls calls, Meter& meter) {
  return judge(Kind::kQueue, calls, meter, detail::order_queue);
}
PlainOrder plain_order(const Stack&, Calls calls, Meter& meter) {
  return judge(Kind::kStack, calls, meter, detail::order_stack);
}
PlainOrder plain_order(const Bag&, Calls calls, Meter& meter) {
  return judge(Kind::kBag, calls, meter,
               [](Calls, std::span<const HeldValue> values, std::span<const HeldValue> empties) {
                 return detail::order_bag(values, empties);
               });
}

}  // namespace seedbed
