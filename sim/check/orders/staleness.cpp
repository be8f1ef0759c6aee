#include "sim/check/orders/staleness.h"

#include <algorithm>
#include <tuple>

#include "sim/base/hash.h"
#include "sim/check/linearize.h"

namespace seedbed::orders {

namespace {

using detail::KeyCalls;

/// A register that remembers its last values.
struct Window {
  using State = std::vector<std::uint32_t>;  // the latest is the last
  using Op = Act;

  std::uint32_t initial = 0;
  std::size_t size = 1;

  State init() const { return {initial}; }
  std::uint64_t hash(const State& s) const {
    std::uint64_t hash = s.size();
    for (const std::uint32_t v : s) hash = fold(hash, v);
    return hash;
  }
  bool is_read(const Act& a) const { return a.code == RegisterCells::kRead; }
  std::optional<State> step(const State& s, const Act& a) const {
    if (a.code != RegisterCells::kWrite && std::find(s.begin(), s.end(), a.x) == s.end()) {
      return std::nullopt;
    }
    State next = s;
    if (is_read(a)) return next;
    next.push_back(static_cast<std::uint32_t>(a.n));
    if (next.size() > size) next.erase(next.begin());
    return next;
  }
};

/// A search for more values than this is not begun only to know their number.
constexpr std::uint64_t kMostMeasured = 12;
/// Where any number will do, so many are tried.
constexpr std::uint64_t kMostForAny = 64;

Verdict atomic(const History& history, const KeyCalls& key, std::uint64_t k, Meter& meter) {
  std::vector<Call<Act>> calls;
  for (std::size_t i = 0; i < key.acts.size(); ++i) {
    const Operation& op = history.operations[key.operations[i]];
    calls.push_back({&key.acts[i], op.invoked, op.returned});
  }
  if (k == 1) return linearize(key.model, std::span<const Call<Act>>(calls), meter).verdict;
  const Window model{key.model.initial, static_cast<std::size_t>(k)};
  return linearize(model, std::span<const Call<Act>>(calls), meter).verdict;
}

/// The smallest K of a key.
Interval measured(const History& history, const KeyCalls& key, Interval least, Meter& meter) {
  while (least.lo < least.hi && least.lo <= kMostMeasured) {
    const Verdict verdict = atomic(history, key, least.lo, meter);
    if (verdict == Verdict::kUnknown) break;
    if (verdict == Verdict::kPass) least.hi = least.lo;
    if (verdict == Verdict::kFail) ++least.lo;
  }
  return least;
}

/// The ends of a key's operations in time, where reads began `earlier`.
std::vector<Call<Act>> shifted(const History& history, const KeyCalls& key, std::uint64_t earlier) {
  struct End {
    std::uint64_t position = 0;
    std::int64_t time = 0;
    std::size_t call = 0;
    bool begins = false;
    bool moved = false;
  };
  std::vector<End> ends;
  std::vector<Call<Act>> calls;
  for (std::size_t i = 0; i < key.acts.size(); ++i) {
    const Operation& op = history.operations[key.operations[i]];
    calls.push_back({&key.acts[i], 0, Operation::kNever});
    const bool moved = earlier > 0 && key.acts[i].code == RegisterCells::kRead;
    ends.push_back({op.invoked, op.invoked_ns, i, true, moved});
    if (op.ok) ends.push_back({op.returned, op.returned_ns, i, false, false});
  }
  std::sort(ends.begin(), ends.end(),
            [](const End& a, const End& b) { return a.position < b.position; });
  std::int64_t now = 0;  // the text's order is right where a clock ran backwards
  for (End& e : ends) {
    now = std::max(now, e.time);
    e.time = now;
  }
  const auto bounded = static_cast<std::int64_t>(std::min(earlier, std::uint64_t{1} << 62));
  for (End& e : ends) e.time -= e.moved ? bounded : 0;
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) {
    return std::tuple(a.time, !a.moved, a.position) < std::tuple(b.time, !b.moved, b.position);
  });
  for (std::size_t i = 0; i < ends.size(); ++i) {
    (ends[i].begins ? calls[ends[i].call].invoked : calls[ends[i].call].returned) = i + 1;
  }
  std::sort(calls.begin(), calls.end(),
            [](const auto& a, const auto& b) { return a.invoked < b.invoked; });
  return calls;
}

Verdict stale(const History& history, const KeyCalls& key, std::uint64_t earlier, Meter& meter) {
  const std::vector<Call<Act>> calls = shifted(history, key, earlier);
  return linearize(key.model, std::span<const Call<Act>>(calls), meter).verdict;
}

/// By halving; lo is known to be too little.
Interval halved(const History& history, const KeyCalls& key, std::uint64_t lo, std::uint64_t hi,
                Meter& meter) {
  while (hi - lo > 1) {
    const std::uint64_t middle = lo + (hi - lo) / 2;
    const Verdict verdict = stale(history, key, middle, meter);
    if (verdict == Verdict::kUnknown) return {lo + 1, hi};
    (verdict == Verdict::kPass ? hi : lo) = middle;
  }
  return {hi, hi};
}

/// From the first time to the last, and one more: a longer shift changes nothing.
std::uint64_t span_of(const History& history) {
  std::int64_t first = 0, last = 0;
  for (const Operation& op : history.operations) {
    first = std::min(first, op.invoked_ns);
    last = std::max({last, op.invoked_ns, op.returned_ns});
  }
  return static_cast<std::uint64_t>(last - first) + 1;
}

void fail(const KeyCalls& key, Staleness& s) {
  if (s.verdict != Verdict::kFail) s.operations = key.operations;
  s.verdict = Verdict::kFail;
}

}  // namespace

std::vector<KeyCalls> detail::by_key(const History& history) {
  std::vector<KeyCalls> keys(history.initial.size());
  for (std::uint32_t i = 0; i < history.operations.size(); ++i) {
    const Operation& op = history.operations[i];
    KeyCalls& key = keys[op.key];
    Act act{RegisterCells::kRead, op.reads, 0};
    if (op.writes != kNone) {
      act.code = op.reads == kNone ? RegisterCells::kWrite : RegisterCells::kCas;
      act.n = op.writes;
    }
    key.acts.push_back(act);
    key.operations.push_back(i);
  }
  for (std::size_t k = 0; k < keys.size(); ++k) keys[k].model.initial = history.initial[k];
  return keys;
}

Staleness judge_atomic(const History& history, std::uint64_t bound, bool measure, Meter& meter) {
  Staleness s{.least = {1, 1}};
  for (const KeyCalls& key : detail::by_key(history)) {
    Interval least = detail::bounds_of(history, key.operations);
    if (least.lo > least.hi) {
      fail(key, s);
      s.least = least;
      return s;
    }
    const bool any = bound == Level::kAny;
    if (any ? least.hi == Interval{}.hi : bound >= least.lo && bound < least.hi) {
      const std::uint64_t whole = key.operations.size() + 1;  // as good as any number
      const std::uint64_t k = std::min(any ? kMostForAny : bound, whole);
      const Verdict verdict = atomic(history, key, k, meter);
      const bool open = verdict == Verdict::kFail && any && k < whole;
      if (verdict == Verdict::kPass) least.hi = k;
      if (verdict == Verdict::kFail) least.lo = k + 1;
      if (verdict == Verdict::kFail && !open) fail(key, s);
      if (verdict == Verdict::kUnknown || open) s.verdict = worse(s.verdict, Verdict::kUnknown);
    } else if (bound < least.lo) {
      fail(key, s);
    }
    if (measure) least = measured(history, key, least, meter);
    s.least = {std::max(s.least.lo, least.lo), std::max(s.least.hi, least.hi)};
    if (!measure && s.verdict == Verdict::kFail) return s;
  }
  return s;
}

Staleness judge_stale(const History& history, std::uint64_t bound, bool measure, Meter& meter) {
  Staleness s{.least = {0, 0}};
  const std::uint64_t span = span_of(history);
  for (const KeyCalls& key : detail::by_key(history)) {
    const Verdict verdict = stale(history, key, std::min(bound, span), meter);
    if (verdict == Verdict::kFail) fail(key, s);
    if (verdict == Verdict::kUnknown) s.verdict = worse(s.verdict, verdict);
    if (!measure) {
      if (s.verdict == Verdict::kFail) return s;
      continue;
    }
    // No key may need more than the worst so far: then there is nothing to look for.
    if (stale(history, key, s.least.hi, meter) == Verdict::kPass) continue;
    Interval least{1, ~std::uint64_t{0}};
    const Verdict most = stale(history, key, span, meter);
    if (most == Verdict::kFail) least.lo = least.hi;
    if (most == Verdict::kPass) least = halved(history, key, s.least.hi, span, meter);
    s.least = {std::max(s.least.lo, least.lo), std::max(s.least.hi, least.hi)};
  }
  return s;
}

}  // namespace seedbed::orders
