// A small part of a failing history that fails by itself, for models of which nothing is known but
// what their operations do; see failing_core.h for registers.
//
//   auto core = PlainShrinker<FifoQueue>(model, meter).shrink(calls, blocked);
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
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
  /// What can be dropped, and only together: lists of indices, in one piece of memory.
  class Units {
   public:
    void add(std::span<const std::uint32_t> members) {
      begins_.push_back(static_cast<std::uint32_t>(members_.size()));
      members_.insert(members_.end(), members.begin(), members.end());
    }
    void add(std::uint32_t member) { add(std::span(&member, 1)); }
    std::span<const std::uint32_t> operator[](std::uint32_t unit) const {
      const std::size_t end = unit + 1 < begins_.size() ? begins_[unit + 1] : members_.size();
      return std::span(members_).subspan(begins_[unit], end - begins_[unit]);
    }
    /// All of them, by what they begin with.
    std::vector<std::uint32_t> in_order() const {
      std::vector<std::uint32_t> units(begins_.size());
      std::iota(units.begin(), units.end(), 0U);
      std::ranges::sort(units, {}, [&](std::uint32_t u) { return members_[begins_[u]]; });
      return units;
    }

   private:
    std::vector<std::uint32_t> members_;
    std::vector<std::uint32_t> begins_;
  };

  Calls drop_units(const Calls& calls, std::uint64_t failed_at) {
    const Units all = units_of(calls, failed_at);
    std::vector<std::uint32_t> units = all.in_order();
    std::vector<bool> dropped(calls.size(), false);
    for (std::size_t chunk = (units.size() + 1) / 2; chunk > 0;) {
      const std::size_t before = units.size();
      for (std::size_t at = 0; at < units.size();) {
        if (meter_.left() == 0 || work_ < calls.size()) return without(calls, dropped);
        work_ -= calls.size();
        const std::size_t end = std::min(at + chunk, units.size());
        const auto some = std::span(units).subspan(at, end - at);
        if (fails_without(calls, dropped, all, some)) {
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

  /// Never with the operation that failed.
  Units units_of(const Calls& calls, std::uint64_t failed_at) const {
    Units units;
    std::map<std::uint32_t, std::vector<std::uint32_t>> groups;
    bool any = false;  // what returned may have been of any group
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      if constexpr (requires { model_.group(*calls[i].op); }) {
        const std::uint32_t group = model_.group(*calls[i].op);
        if (group != kNone) {
          groups[group].push_back(i);
          continue;
        }
      }
      const bool read = detail::is_read(model_, *calls[i].op);
      any |= !read && calls[i].returned != Call<Op>::kNever;  // others may be left out with it
      if (read && calls[i].returned != failed_at) units.add(i);
    }
    if constexpr (requires { model_.turns(std::span(calls)); }) {
      for (const auto& turn : model_.turns(std::span(calls))) {
        if (calls[turn.back()].returned != failed_at) units.add(turn);
      }
    }
    if constexpr (requires { model_.unseen(std::span(calls)); }) {
      const std::vector<bool> unseen = model_.unseen(std::span(calls));
      for (std::uint32_t i = 0; i < calls.size(); ++i) {
        if (unseen[i] && calls[i].returned != failed_at) units.add(i);
      }
    }
    for (auto& [group, members] : groups) {
      const bool failed = std::any_of(members.begin(), members.end(), [&](std::uint32_t i) {
        return calls[i].returned == failed_at;
      });
      if (!any && !failed) units.add(members);
    }
    return units;
  }

  bool fails_without(const Calls& calls, std::vector<bool>& dropped, const Units& all,
                     std::span<const std::uint32_t> units) {
    const auto set = [&](bool to) {
      for (const std::uint32_t u : units) {
        for (const std::uint32_t i : all[u]) dropped[i] = to;
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
    const auto count = std::count(dropped.begin(), dropped.end(), false);
    rest.reserve(static_cast<std::size_t>(count));
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
