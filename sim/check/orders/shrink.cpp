#include "sim/check/orders/shrink.h"

#include <algorithm>
#include <numeric>

namespace seedbed::orders {

namespace {

using Indices = std::vector<std::uint32_t>;

class Shrinking {
 public:
  Shrinking(const History& history, const std::function<bool(const History&)>& fails,
            std::uint64_t work)
      : history_(history), fails_(fails), work_(work), dropped_(history.values, false) {}

  bool still_fails(const Indices& part) {
    if (part.empty()) return false;
    if (work_ < part.size()) return work_ = 0, false;
    work_ -= part.size();
    return fails_(part_of(history_, part));
  }

  /// Chunks of halving size, and one by one until nothing goes any more.
  Indices shrink(Indices part) {
    for (std::size_t chunk = (part.size() + 1) / 2; chunk > 0;) {
      const std::size_t before = part.size();
      for (std::size_t at = 0; at < part.size() && work_ > 0;) {
        Indices rest = without(part, at, at + chunk);
        if (still_fails(rest)) {
          part = std::move(rest);
        } else {
          at += chunk;
        }
      }
      if (work_ == 0) break;
      if (chunk > 1 || part.size() == before) chunk /= 2;
    }
    return part;
  }

  /// With those that wrote what these read, and so on.
  Indices with_writers(std::span<const std::uint32_t> hint) const {
    std::vector<bool> in(history_.operations.size(), false);
    std::vector<bool> wanted(history_.values, false);
    Indices open(hint.begin(), hint.end());
    std::vector<Indices> writers(history_.values);
    for (std::uint32_t i = 0; i < in.size(); ++i) {
      const std::uint32_t value = history_.operations[i].writes;
      if (value != kNone) writers[value].push_back(i);
    }
    while (!open.empty()) {
      const std::uint32_t i = open.back();
      open.pop_back();
      if (in[i]) continue;
      in[i] = true;
      const std::uint32_t value = history_.operations[i].reads;
      if (value == kNone || wanted[value]) continue;
      wanted[value] = true;
      open.insert(open.end(), writers[value].begin(), writers[value].end());
    }
    Indices all;
    for (std::uint32_t i = 0; i < in.size(); ++i) {
      if (in[i]) all.push_back(i);
    }
    return all;
  }

 private:
  Indices without(const Indices& part, std::size_t begin, std::size_t end) {
    std::fill(dropped_.begin(), dropped_.end(), false);
    Indices rest;
    end = std::min(end, part.size());
    for (std::size_t i = begin; i < end; ++i) drop(part[i]);
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (i < begin || i >= end) rest.push_back(part[i]);
    }
    // What goes may be a cas, of which others read.
    for (bool more = true; more;) {
      const std::size_t before = rest.size();
      std::erase_if(rest, [&](std::uint32_t i) {
        const std::uint32_t value = history_.operations[i].reads;
        if (value == kNone || !dropped_[value]) return false;
        drop(i);
        return true;
      });
      more = rest.size() < before;
    }
    return rest;
  }
  void drop(std::uint32_t i) {
    const std::uint32_t value = history_.operations[i].writes;
    if (value != kNone) dropped_[value] = true;
  }

  const History& history_;
  const std::function<bool(const History&)>& fails_;
  std::uint64_t work_;
  std::vector<bool> dropped_;  // values
};

}  // namespace

History part_of(const History& history, std::span<const std::uint32_t> operations) {
  History part;
  Indices keys, values;
  for (const std::uint32_t i : operations) {
    const Operation& op = history.operations[i];
    part.operations.push_back(op);
    keys.push_back(op.key);
    for (const std::uint32_t v : {op.reads, op.writes, history.initial[op.key]}) {
      if (v != kNone) values.push_back(v);
    }
  }
  // Numbered anew, so that a small part is quick to judge.
  for (Indices* list : {&keys, &values}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  const auto number = [](const Indices& list, std::uint32_t old) {
    if (old == kNone) return kNone;
    return static_cast<std::uint32_t>(std::lower_bound(list.begin(), list.end(), old) -
                                      list.begin());
  };
  for (Operation& op : part.operations) {
    op.key = number(keys, op.key);
    op.reads = number(values, op.reads);
    op.writes = number(values, op.writes);
  }
  for (const std::uint32_t key : keys) {
    part.initial.push_back(number(values, history.initial[key]));
  }
  part.values = static_cast<std::uint32_t>(values.size());
  return part;
}

std::vector<std::uint32_t> shrink(const History& history, std::span<const std::uint32_t> hint,
                                  const std::function<bool(const History&)>& fails,
                                  std::uint64_t work) {
  Shrinking shrinking(history, fails, work);
  Indices part = shrinking.with_writers(hint);
  if (hint.empty() || !shrinking.still_fails(part)) {
    part.resize(history.operations.size());
    std::iota(part.begin(), part.end(), 0U);
  }
  return shrinking.shrink(std::move(part));
}

}  // namespace seedbed::orders
