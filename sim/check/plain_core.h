// A small part of a failing history that fails by itself, for models of which nothing is known but
// what their operations do; see failing_core.h for registers.
//
//   auto core = PlainShrinker<FifoQueue>(model, meter).shrink(calls, blocked);
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/linearize.h"

namespace seedbed {

/// What remains still fails, and proves that the whole does:
///   - the end is cut off after the return with which it fails;
///   - a read is dropped: what is right with it is right without;
///   - all operations of one `model.group` are dropped together, where the model has groups: right
///     orders stay right without them. Not where some operation may have been of any group;
///   - what follows directly upon itself in any order, and undoes itself, is dropped together,
///   where
///     the model says so (`turns`: a lock is taken and given back);
///   - what no read can have seen is dropped, where the model says so (`unseen`): a right order
///     stays right without.
template <LinearizableModel Model>
class PlainShrinker {
 public:
  using Op = typename Model::Op;
  using Calls = std::vector<Call<Op>>;

  PlainShrinker(const Model& model, Meter& meter) : model_(model), meter_(meter) {}

  Calls shrink(std::span<const Call<Op>> failing, std::uint32_t blocked) {
    const std::uint64_t failed_at = failing[blocked].returned;
    Calls calls = cut(failing, failed_at);
    work_ = std::max<std::size_t>(work_, 24 * calls.size());
    // An operation that nobody knows the end of, and that changes nothing, says nothing.
    std::erase_if(calls, [&](const Call<Op>& call) {
      return call.returned == Call<Op>::kNever && detail::is_read(model_, *call.op);
    });
    for (std::size_t before = calls.size() + 1; calls.size() < before;) {
      before = calls.size();
      calls = drop_units(calls, failed_at);
    }
    return calls;
  }

 private:
  Calls drop_units(const Calls& calls, std::uint64_t failed_at) {
    std::vector<std::vector<std::size_t>> units = units_of(calls, failed_at);
    std::vector<bool> dropped(calls.size(), false);
    for (std::size_t chunk = (units.size() + 1) / 2; chunk > 0;) {
      const std::size_t before = units.size();
      for (std::size_t at = 0; at < units.size();) {
        if (meter_.left() == 0 || work_ < calls.size()) return without(calls, dropped);
        work_ -= calls.size();
        const std::size_t end = std::min(at + chunk, units.size());
        if (fails_without(calls, dropped, units, at, end)) {
          units.erase(units.begin() + static_cast<std::ptrdiff_t>(at),
                      units.begin() + static_cast<std::ptrdiff_t>(end));
        } else {
          at = end;
        }
      }
      if (chunk > 1 || units.size() == before) chunk /= 2;
    }
    return without(calls, dropped);
  }

  /// What can be dropped, and only together; never the operation that failed.
  std::vector<std::vector<std::size_t>> units_of(const Calls& calls,
                                                 std::uint64_t failed_at) const {
    std::vector<std::vector<std::size_t>> units;
    std::map<std::uint32_t, std::vector<std::size_t>> groups;
    bool any = false;  // what returned may have been of any group
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if constexpr (requires { model_.group(*calls[i].op); }) {
        const std::uint32_t group = model_.group(*calls[i].op);
        if (group != kNone) {
          groups[group].push_back(i);
          continue;
        }
      }
      const bool read = detail::is_read(model_, *calls[i].op);
      any |= !read && calls[i].returned != Call<Op>::kNever;  // others may be left out with it
      if (read && calls[i].returned != failed_at) units.push_back({i});
    }
    if constexpr (requires { model_.turns(std::span(calls)); }) {
      for (std::vector<std::size_t>& turn : model_.turns(std::span(calls))) {
        if (calls[turn.back()].returned != failed_at) units.push_back(std::move(turn));
      }
    }
    if constexpr (requires { model_.unseen(std::span(calls)); }) {
      const std::vector<bool> unseen = model_.unseen(std::span(calls));
      for (std::size_t i = 0; i < calls.size(); ++i) {
        if (unseen[i] && calls[i].returned != failed_at) units.push_back({i});
      }
    }
    for (auto& [group, members] : groups) {
      const bool failed = std::any_of(members.begin(), members.end(), [&](std::size_t i) {
        return calls[i].returned == failed_at;
      });
      if (!any && !failed) units.push_back(std::move(members));
    }
    std::sort(units.begin(), units.end());
    return units;
  }

  bool fails_without(const Calls& calls, std::vector<bool>& dropped,
                     const std::vector<std::vector<std::size_t>>& units, std::size_t begin,
                     std::size_t end) {
    const auto set = [&](bool to) {
      for (std::size_t u = begin; u < end; ++u) {
        for (const std::size_t i : units[u]) dropped[i] = to;
      }
    };
    set(true);
    const Calls rest = without(calls, dropped);
    if (linearize(model_, std::span(rest), meter_).verdict == Verdict::kFail) return true;
    set(false);
    return false;
  }

  static Calls without(const Calls& calls, const std::vector<bool>& dropped) {
    Calls rest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (!dropped[i]) rest.push_back(calls[i]);
    }
    return rest;
  }

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  const Model& model_;
  Meter& meter_;
  std::size_t work_ = 4'000'000;  // operations looked at
};

}  // namespace seedbed
