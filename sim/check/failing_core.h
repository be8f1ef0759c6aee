// Why a history is not linearizable: the return with which it stops being so, and a small part of
// it that fails by itself.
//
//   auto why = first_failure(model, calls, found, meter);  // calls[why.blocked] is in no order
//   auto core = Shrinker<Model>(model, meter).shrink(calls, why.blocked);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/linearize.h"
#include "sim/check/search_memo.h"
#include "sim/check/verdict.h"

namespace seedbed {

/// Why a history is not linearizable. Operations are indices into its calls.
template <class State>
struct FirstFailure {
  std::uint32_t blocked = 0;         // with its return, and no sooner, the history fails
  std::vector<std::uint32_t> order;  // of all that returned before, and some of the others
  std::optional<State> state;        // after `order`; none if the meter ran out
};

/// Finds the return with which a history whose search `failed` stops being linearizable: what is
/// linearizable stays so if its end is cut off, so halving finds it. A search that fails may say
/// between which returns that is; the right one is most often next to one of those. If the meter
/// runs out, the answer may be a later return: it fails with that, too.
template <LinearizableModel Model>
FirstFailure<typename Model::State> first_failure(
    const Model& model, std::span<const Call<typename Model::Op>> calls,
    const Linearization<typename Model::State>& failed, Meter& meter) {
  using Op = typename Model::Op;
  std::vector<std::uint32_t> returns;  // what returned, in that order
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].returned != calls[i].kNever) returns.push_back(i);
  }
  const auto position = [&](std::uint32_t i) { return calls[i].returned; };
  std::ranges::sort(returns, {}, position);
  FirstFailure<typename Model::State> found{0, {}, model.init()};
  // There is an order of all before `good`, and none with `bad`.
  std::size_t good = 0;
  std::size_t bad = returns.size() - 1;
  const auto index_of = [&](std::uint64_t at) {
    return static_cast<std::size_t>(std::ranges::lower_bound(returns, at, {}, position) -
                                    returns.begin());
  };
  const auto narrow = [&](const Linearization<typename Model::State>& failure) {
    good = std::max(good, index_of(failure.reached));
    if (failure.failed_by != 0) bad = std::min(bad, index_of(failure.failed_by));
  };
  const auto search_until = [&](std::size_t last) {
    const std::uint64_t end = position(returns[last]);
    auto result = linearize(model, std::span<const Call<Op>>(cut(calls, end)), meter);
    if (result.verdict == Verdict::kFail) {
      bad = std::min(bad, last);
      narrow(result);
      return result.verdict;
    }
    found.state = result.state;
    std::vector<std::uint32_t> known;
    cut(calls, end, &known);
    found.order = std::move(result.order);
    for (std::uint32_t& i : found.order) i = known[i];
    if (result.verdict == Verdict::kPass) good = std::max(good, last + 1);
    return result.verdict;
  };
  narrow(failed);
  bool down = failed.failed_by != 0;  // from `bad`, where that is known better than `good`
  for (std::size_t stride = 1; good < bad; stride *= 2) {
    const std::size_t step = std::min(stride - 1, (bad - good) / 2);
    const Verdict verdict = search_until(down ? bad - 1 - step : good + step);
    if (verdict == Verdict::kUnknown) break;
    // What is left to be looked at is about as long as the last stride.
    if (down && verdict == Verdict::kPass) down = false;
  }
  found.blocked = returns[bad];
  if (found.order.empty() && found.state && good > 0) search_until(good - 1);
  return found;
}

/// Makes a failing history smaller, for people to look at and to tell one way of failing from
/// another. What remains still fails, and proves that the whole does, because no step can make a
/// linearizable history fail:
///   - the end is cut off after the return with which it fails;
///   - what avoids a state is dropped (drop_avoiding);
///   - an operation is dropped together with those that may have seen what it left (that need it
///     and return after its invocation). In any order these follow it directly, up to a blind one;
///   - what returned before some blind required operation B was invoked is dropped, and so are
///     reads invoked before B returned; no required one that both needs and leaves something may
///     overlap B. In any order, what remains before B is blind or optional, and what is after B
///     does not depend on it. So that a value from before is not mistaken for one from nowhere, the
///     last operation that left it is kept, and all that can have made that one possible.
/// `work` (operations looked at) and the meter bound the effort.
template <RegisterModel Model>
class Shrinker {
 public:
  using Op = typename Model::Op;
  using Calls = std::vector<Call<Op>>;
  static constexpr std::size_t kWork = 4'000'000;

  Shrinker(const Model& model, Meter& meter, std::size_t work = kWork)
      : model_(model), meter_(meter), work_(work) {}

  Calls shrink(std::span<const Call<Op>> failing, std::uint32_t blocked) {
    failed_at_ = failing[blocked].returned;
    Calls calls = tidy(cut(failing, failed_at_));
    drop_avoiding(calls);
    if (!avoiding_) skip_beginning(calls);
    for (std::size_t chunk = (calls.size() + 1) / 2; chunk > 0;) {
      const std::size_t before = calls.size();
      for (std::size_t at = 0; at < calls.size();) {
        if (!afford(calls)) return calls;
        if (!keep_if_failing(calls, without(calls, at, at + chunk))) at += chunk;
      }
      // One by one until nothing goes any more.
      if (chunk > 1 || calls.size() == before) chunk /= 2;
    }
    return calls;
  }

 private:
  static constexpr std::uint64_t kNever = Call<Op>::kNever;

  bool afford(const Calls& calls) {
    if (work_ < calls.size() || meter_.left() == 0) return false;
    work_ -= calls.size();
    return true;
  }

  bool keep_if_failing(Calls& calls, Calls rest) {
    if (rest.size() == calls.size()) return false;
    // What was linearizable without the operation that failed still is.
    const bool blocked = std::any_of(rest.begin(), rest.end(), [&](const Call<Op>& call) {
      return call.returned == failed_at_;
    });
    if (!blocked) return false;
    const Verdict verdict = linearize(model_, std::span(rest), meter_).verdict;
    if (verdict == Verdict::kFail) calls = tidy(std::move(rest));
    return verdict == Verdict::kFail;
  }

  /// Drops what avoids a state, if it fails without. Else nothing that changes a state may go: what
  /// remains might meet the state from before.
  void drop_avoiding(Calls& calls) {
    if constexpr (AvoidingModel<Model>) {
      const auto avoids = [&](const Call<Op>& call) { return model_.avoids(*call.op).has_value(); };
      Calls rest = calls;
      std::erase_if(rest, avoids);
      avoiding_ = rest.size() < calls.size();
      if (avoiding_ && afford(calls)) avoiding_ = !keep_if_failing(calls, std::move(rest));
    }
  }

  /// Starts at the latest operation that is possible: if it fails from there, so it does from any
  /// earlier one, so halving finds it.
  void skip_beginning(Calls& calls) {
    const std::vector<std::size_t> starts = starts_of(calls);
    std::size_t good = 0;
    std::size_t bad = starts.size();
    const Calls all = calls;
    while (good < bad && afford(all)) {
      const std::size_t probe = good + (bad - good) / 2;
      if (keep_if_failing(calls, from(all, starts[probe]))) {
        good = probe + 1;
      } else {
        bad = probe;
      }
    }
  }

  /// Blind required operations that nothing overlaps which both needs and leaves something.
  std::vector<std::size_t> starts_of(const Calls& calls) {
    // By invocation: how far the conditional ones so far reach, and where the next one begins.
    std::vector<std::uint64_t> next(calls.size() + 1, kNever);
    const auto conditional = [&](const Call<Op>& call) {
      return call.returned != kNever && leaves(call) && needs(call);
    };
    for (std::size_t i = calls.size(); i-- > 0;) {
      next[i] = conditional(calls[i]) ? calls[i].invoked : next[i + 1];
    }
    std::vector<std::size_t> starts;
    std::uint64_t reach = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Call<Op>& call = calls[i];
      if (conditional(call)) reach = std::max(reach, call.returned);
      const bool blind = call.returned != kNever && leaves(call) && !needs(call);
      if (blind && reach < call.invoked && next[i] > call.returned) starts.push_back(i);
    }
    return starts;
  }

  Calls from(const Calls& calls, std::size_t start) {
    std::vector<bool> kept(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const bool early = calls[i].invoked < calls[start].returned;
      kept[i] = calls[i].returned >= calls[start].invoked &&
                !(early && detail::is_read(model_, *calls[i].op));
    }
    keep_makers(calls, kept);
    Calls rest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (kept[i]) rest.push_back(calls[i]);
    }
    return rest;
  }

  /// Keeps, for each state that a kept operation needs and none leaves, the last one that left it.
  void keep_makers(const Calls& calls, std::vector<bool>& kept) {
    std::vector<std::pair<std::uint32_t, std::size_t>> makers;  // state, call
    std::vector<std::uint64_t> since;                           // a kept one left this state
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto state = leaves(calls[i]);
      if (!state) continue;
      makers.emplace_back(*state, i);
      if (since.size() <= *state) since.resize(*state + 1, kNever);
      if (kept[i]) since[*state] = std::min(since[*state], calls[i].invoked);
    }
    std::sort(makers.begin(), makers.end());
    const std::uint32_t init = states_.id_of(model_, model_.init());
    std::vector<std::uint32_t> enabling;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto state = needs(calls[i]);
      if (!kept[i] || !state || *state == init || *state >= since.size()) continue;
      if (since[*state] < calls[i].returned) continue;
      const auto later = std::partition_point(
          calls.begin(), calls.end(),
          [&](const Call<Op>& call) { return call.invoked < calls[i].returned; });
      auto maker =
          std::lower_bound(makers.begin(), makers.end(),
                           std::pair(*state, static_cast<std::size_t>(later - calls.begin())));
      if (maker == makers.begin() || (--maker)->first != *state) continue;
      kept[maker->second] = true;
      since[*state] = calls[maker->second].invoked;
      if (const auto needed = needs(calls[maker->second])) enabling.push_back(*needed);
    }
    keep_all_makers(calls, makers, std::move(enabling), kept);
  }

  /// Keeps all that leave these states, and all that leave what those need, and so on.
  void keep_all_makers(const Calls& calls,
                       const std::vector<std::pair<std::uint32_t, std::size_t>>& makers,
                       std::vector<std::uint32_t> enabling, std::vector<bool>& kept) {
    std::vector<bool> done(states_.size(), false);
    while (!enabling.empty()) {
      const std::uint32_t state = enabling.back();
      enabling.pop_back();
      if (done[state]) continue;
      done[state] = true;
      auto at = std::lower_bound(makers.begin(), makers.end(), std::pair(state, std::size_t{0}));
      for (; at != makers.end() && at->first == state; ++at) {
        kept[at->second] = true;
        if (const auto needed = needs(calls[at->second])) enabling.push_back(*needed);
      }
    }
  }

  /// Sorted by invocation, without optional operations that cannot matter.
  Calls tidy(Calls calls) {
    std::sort(calls.begin(), calls.end(),
              [](const Call<Op>& a, const Call<Op>& b) { return a.invoked < b.invoked; });
    for (std::size_t before = calls.size() + 1; !avoiding_ && before > calls.size();) {
      before = calls.size();
      std::vector<std::uint32_t> needed;
      for (const Call<Op>& call : calls) {
        if (const auto state = needs(call)) needed.push_back(*state);
      }
      std::sort(needed.begin(), needed.end());
      std::erase_if(calls, [&](const Call<Op>& call) {
        if (call.returned != kNever) return false;
        const auto state = leaves(call);
        return !state || !std::binary_search(needed.begin(), needed.end(), *state);
      });
    }
    return calls;
  }

  /// The number of the state that a call leaves, or needs.
  std::optional<std::uint32_t> leaves(const Call<Op>& call) {
    if (detail::is_read(model_, *call.op)) return std::nullopt;
    return number(model_.leaves(*call.op));
  }
  std::optional<std::uint32_t> needs(const Call<Op>& call) {
    return number(model_.needs(*call.op));
  }
  std::optional<std::uint32_t> number(const std::optional<typename Model::State>& state) {
    return state ? std::optional(states_.id_of(model_, *state)) : std::nullopt;
  }

  /// Without calls[begin, end), and without what depends on them.
  Calls without(const Calls& calls, std::size_t begin, std::size_t end) {
    std::vector<std::pair<std::uint32_t, std::size_t>> needing;  // state, call
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (const auto state = needs(calls[i])) needing.emplace_back(*state, i);
    }
    std::sort(needing.begin(), needing.end());
    std::vector<bool> dropped(calls.size(), false);
    std::vector<std::uint64_t> since(states_.size(), kNever);  // a dropped call left this state
    std::vector<std::uint32_t> left;                           // states to look at again
    const auto drop = [&](std::size_t i) {
      dropped[i] = true;
      const auto state = leaves(calls[i]);
      if (!state) return;
      if (since.size() <= *state) since.resize(*state + 1, kNever);
      if (calls[i].invoked >= since[*state]) return;
      since[*state] = calls[i].invoked;
      left.push_back(*state);
    };
    for (std::size_t i = begin; i < std::min(end, calls.size()); ++i) {
      if (!avoiding_ || !leaves(calls[i])) drop(i);
    }
    while (!left.empty()) {
      const std::uint32_t state = left.back();
      left.pop_back();
      auto at = std::lower_bound(needing.begin(), needing.end(), std::pair(state, std::size_t{0}));
      for (; at != needing.end() && at->first == state; ++at) {
        if (!dropped[at->second] && calls[at->second].returned > since[state]) drop(at->second);
      }
    }
    Calls rest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (!dropped[i]) rest.push_back(calls[i]);
    }
    return rest;
  }

  const Model& model_;
  Meter& meter_;
  std::size_t work_;
  std::uint64_t failed_at_ = 0;
  bool avoiding_ = AvoidingModel<Model>;  // what remains avoids states
  detail::StateTable<Model> states_;
};

}  // namespace seedbed
