#include "sim/check/held_values.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace seedbed {

namespace {

constexpr std::uint32_t kNone = HeldValue::kNone;
constexpr std::uint32_t kPut = 0;
constexpr std::uint32_t kTake = 1;

std::uint64_t doubled(std::uint64_t position) {
  return position == Call<Act>::kNever ? HeldValue::kFar : 2 * position;
}

/// The calls about one value: who put it, then who took it, the earliest to return first.
void add_value(std::span<const Call<Act>> calls, std::span<const std::uint32_t> about,
               HeldValues& held) {
  const auto is_put = [&](std::uint32_t i) { return calls[i].op->code == kPut; };
  const auto before = std::find_if_not(about.begin(), about.end(), is_put) - about.begin();
  if (before > 1) held.plain = false;
  const auto takes = about.subspan(static_cast<std::size_t>(before));
  const auto fail = [&](std::uint64_t at) {
    held.failed_by = held.failed_by == 0 ? at : std::min(held.failed_by, at);
  };
  HeldValue v;
  if (!takes.empty()) {
    v.take = takes[0];
    v.take_from = doubled(calls[takes[0]].invoked);
    v.take_until = doubled(calls[takes[0]].returned);
    // Of two that never returned, the one that could have been first.
    for (const std::uint32_t other : takes.subspan(1)) {
      if (calls[other].returned != Call<Act>::kNever) fail(calls[other].returned);
      if (v.take_until != HeldValue::kFar || calls[other].invoked >= calls[v.take].invoked)
        continue;
      v.take = other;
      v.take_from = doubled(calls[other].invoked);
    }
  }
  const bool taken = v.take_until != HeldValue::kFar;
  if (before == 0) {
    if (taken) fail(calls[v.take].returned);
    return;
  }
  v.put = about[0];
  v.put_from = doubled(calls[v.put].invoked);
  v.put_until = std::min(doubled(calls[v.put].returned), v.take_until);
  v.take_from = std::max(v.take_from, v.put_from);
  if (v.put_until == HeldValue::kFar) return;
  if (v.put_from >= v.take_until) return fail(calls[v.take].returned);
  held.values.push_back(v);
}

}  // namespace

HeldValues hold_values(std::span<const Call<Act>> calls) {
  HeldValues held;
  std::vector<std::uint32_t> known;
  known.reserve(calls.size());
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    const Act& act = *calls[i].op;
    if (act.code > kTake) {
      if (calls[i].returned != Call<Act>::kNever) held.empties.push_back(i);
    } else if (act.code == kTake && act.x == Act::kNone) {
      held.any_takes.push_back(i);
      // That it took something is known then.
      if (calls[i].returned != Call<Act>::kNever) held.plain = false;
    } else {
      known.push_back(i);
    }
  }
  const auto rank = [&](std::uint32_t i) {
    return std::tuple(calls[i].op->x, calls[i].op->code, calls[i].returned, calls[i].invoked);
  };
  std::sort(known.begin(), known.end(),
            [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  for (std::size_t begin = 0; begin < known.size();) {
    std::size_t end = begin;
    while (end < known.size() && calls[known[end]].op->x == calls[known[begin]].op->x) ++end;
    add_value(calls, std::span(known).subspan(begin, end - begin), held);
    begin = end;
  }
  return held;
}

std::uint32_t place_empties(std::span<const HeldValue> values, std::span<HeldValue> empties) {
  if (empties.empty()) return kNone;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> covered;
  for (const HeldValue& v : values) {
    if (v.solid()) covered.emplace_back(v.put_until, v.take_from);
  }
  std::sort(covered.begin(), covered.end());
  std::size_t kept = 0;  // those before are apart
  for (const auto& [from, until] : covered) {
    if (kept > 0 && from < covered[kept - 1].second) {
      covered[kept - 1].second = std::max(covered[kept - 1].second, until);
    } else {
      covered[kept++] = {from, until};
    }
  }
  covered.resize(kept);
  for (std::uint32_t e = 0; e < empties.size(); ++e) {
    std::uint64_t at = empties[e].put_from + 1;
    auto after = std::upper_bound(covered.begin(), covered.end(), std::pair(at, HeldValue::kFar));
    if (after != covered.begin() && at < (--after)->second) at = after->second + 1;
    if (at > empties[e].take_until) return e;
    empties[e].put_from = empties[e].put_until = empties[e].take_from = empties[e].take_until = at;
  }
  return kNone;
}

}  // namespace seedbed
