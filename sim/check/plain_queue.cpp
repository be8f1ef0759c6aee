// A queue whose values tell them apart. One value must come before another, put and taken, if it
// was put or taken before the other began to be. If no value that is left may be the first, take
// the one whose put returned first, A, and the one that was taken first, B: nothing keeps A from
// being put first, so B was taken before anybody began to take A; and likewise B began to be put
// after A had been. Those two alone are out of order. So as long as A or B may be the first the
// order goes on, and else there is none. Who found nothing is a value that is put and taken at an
// instant at which nothing is bound to be there.
#include <algorithm>
#include <numeric>

#include "sim/check/plain_orders.h"

namespace seedbed::detail {

namespace {

/// The values in an order in which they can be put and taken; empty where there is none.
class ValueOrder {
 public:
  explicit ValueOrder(std::vector<HeldValue> values)
      : values_(std::move(values)),
        by_put_(values_.size()),
        by_take_(values_.size()),
        placed_(values_.size(), false) {
    std::iota(by_put_.begin(), by_put_.end(), 0U);
    by_take_ = by_put_;
    const auto put = [&](std::uint32_t a, std::uint32_t b) {
      return values_[a].put_until < values_[b].put_until;
    };
    const auto taken = [&](std::uint32_t a, std::uint32_t b) {
      return values_[a].take_until < values_[b].take_until;
    };
    std::stable_sort(by_put_.begin(), by_put_.end(), put);
    std::stable_sort(by_take_.begin(), by_take_.end(), taken);
  }

  /// kFar, or when it turned out that there is none.
  std::uint64_t run(std::vector<HeldValue>& ordered) {
    std::size_t put = 0;
    std::size_t take = 0;
    while (ordered.size() < values_.size()) {
      while (placed_[by_put_[put]]) ++put;
      while (placed_[by_take_[take]]) ++take;
      const HeldValue& a = values_[by_put_[put]];
      const HeldValue& b = values_[by_take_[take]];
      const bool a_first = a.take_from <= b.take_until;
      if (!a_first && b.put_from > a.put_until) return b.take_until;
      const std::uint32_t first = a_first ? by_put_[put] : by_take_[take];
      placed_[first] = true;
      ordered.push_back(values_[first]);
    }
    return HeldValue::kFar;
  }

 private:
  std::vector<HeldValue> values_;
  std::vector<std::uint32_t> by_put_;
  std::vector<std::uint32_t> by_take_;
  std::vector<bool> placed_;
};

}  // namespace

FoundOrder order_queue(std::span<const Call<Act>> calls, std::span<const HeldValue> values,
                       std::span<const HeldValue> empties) {
  std::vector<HeldValue> all(values.begin(), values.end());
  all.insert(all.end(), empties.begin(), empties.end());
  std::vector<HeldValue> ordered;
  ordered.reserve(all.size());
  FoundOrder found;
  const std::uint64_t failed_by = ValueOrder(std::move(all)).run(ordered);
  if (failed_by != HeldValue::kFar) {
    found.failed_by = failed_by / 2;
    return found;
  }
  // Each as soon as it can be, and after the one before it.
  std::vector<std::uint64_t> put(ordered.size());
  std::vector<std::uint64_t> take(ordered.size());
  std::uint64_t at = 0;
  std::uint64_t taken_at = 0;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    put[i] = at = std::max(at, ordered[i].put_from);
    take[i] = taken_at = std::max({taken_at, ordered[i].take_from, at});
  }
  found.exists = true;
  found.order.reserve(calls.size());
  for (std::size_t p = 0, t = 0; t < ordered.size();) {
    const bool nothing = p < ordered.size() && ordered[p].put == HeldValue::kNone;
    if (nothing && t == p) {
      found.order.push_back(ordered[p++].take);
      ++t;
    } else if (p < ordered.size() && !nothing && (p <= t || put[p] <= take[t])) {
      found.order.push_back(ordered[p++].put);
    } else {
      if (take[t] < HeldValue::kFar) found.order.push_back(ordered[t].take);
      ++t;
    }
  }
  return found;
}

}  // namespace seedbed::detail
