#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// Calls `add(index, op)` and `read(index, op)`, of reads that returned a list.
template <class Add, class Read>
void for_each_set_op(const Recorded& recorded, Add add, Read read) {
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (op.is("add")) {
      add(i, op);
    } else if (!op.is("read")) {
      detail::refuse_function(op, "set", ":add and :read");
    } else if (op.ok() && !op.value.is_nil()) {
      if (!op.value.has_items()) detail::refuse_value(op, "a read wants a list of values");
      read(i, op);
    }
  }
}

struct Element {
  std::uint32_t add = kNone;
  std::uint64_t known = ~std::uint64_t{0};  // when it was acknowledged, or a read of it returned
  std::uint32_t last_present = kNone;       // the read that was invoked last
  std::uint32_t last_absent = kNone;        // of those that began when it was known
  bool acknowledged = false;
  bool attempted = false;
};

/// Looks at an element only where a read has it, or where one misses it for the first time.
class Lives {
 public:
  explicit Lives(const Recorded& recorded) : recorded_(recorded) {
    for_each_set_op(
        recorded,
        [&](std::uint32_t i, const RecordedOp& op) {
          Element& e = element(op.value);
          e.add = i;
          e.attempted |= !op.failed();
          e.acknowledged |= op.ok();
          if (op.ok()) e.known = std::min(e.known, op.returned);
        },
        [&](std::uint32_t i, const RecordedOp& op) {
          reads_.push_back(i);
          for (const Value& v : op.value.items()) {
            Element& e = element(v);
            e.known = std::min(e.known, op.returned);
          }
        });
  }

  ValueNumbers& numbers() { return numbers_; }
  std::vector<Element>& elements() { return elements_; }

  /// Sets last_present and last_absent; calls `duplicate(read, number)` for what a read has twice.
  template <class Duplicate>
  void look(Duplicate duplicate) {
    std::vector<std::uint32_t> seen(elements_.size(), kNone);
    std::vector<std::uint32_t> open(elements_.size());  // in all reads so far, from the last one
    std::iota(open.begin(), open.end(), 0U);
    for (auto read = reads_.rbegin(); read != reads_.rend(); ++read) {
      const RecordedOp& op = recorded_.operations[*read];
      for (const Value& v : op.value.items()) {
        const std::uint32_t e = numbers_.of(v);
        if (seen[e] == *read) duplicate(*read, e);
        seen[e] = *read;
        if (elements_[e].last_present == kNone) elements_[e].last_present = *read;
      }
      std::erase_if(open, [&](std::uint32_t e) {
        if (seen[e] == *read) return false;
        if (elements_[e].known < op.invoked) elements_[e].last_absent = *read;
        return true;  // an earlier read says no more
      });
    }
  }

 private:
  Element& element(const Value& v) {
    const std::uint32_t number = numbers_.of(v);
    if (number == elements_.size()) elements_.emplace_back();
    return elements_[number];
  }

  const Recorded& recorded_;
  ValueNumbers numbers_;
  std::vector<Element> elements_;
  std::vector<std::uint32_t> reads_;  // by invocation
};

std::vector<std::uint32_t> those(std::initializer_list<std::uint32_t> indices) {
  std::vector<std::uint32_t> known(indices);
  std::erase(known, kNone);
  return known;
}

}  // namespace

CheckReport check_set(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  ValueNumbers numbers;
  std::vector<std::uint32_t> adds;  // of each value
  std::uint32_t last = kNone;
  for_each_set_op(
      recorded,
      [&](std::uint32_t i, const RecordedOp& op) {
        const std::uint32_t number = numbers.of(op.value);
        if (number == adds.size()) adds.push_back(i);
        if (op.ok() || recorded.operations[adds[number]].failed()) adds[number] = i;
      },
      [&](std::uint32_t i, const RecordedOp& op) {
        if (last == kNone || op.returned > recorded.operations[last].returned) last = i;
      });
  if (last == kNone) {
    findings.undecided("the set was never read");
    return std::move(findings).report();
  }
  std::vector<bool> present(numbers.size(), false);
  std::uint64_t recovered = 0;
  for (const Value& v : recorded.operations[last].value.items()) {
    const auto number = numbers.find(v);
    if (!number || recorded.operations[adds[*number]].failed()) {
      findings.add("unexpected", fmt::format("{} was read, and nobody added it", to_text(v, 30)),
                   {last});
      continue;
    }
    if (!present[*number] && !recorded.operations[adds[*number]].ok()) ++recovered;
    present[*number] = true;
  }
  for (std::uint32_t n = 0; n < present.size(); ++n) {
    const RecordedOp& add = recorded.operations[adds[n]];
    // What was acknowledged only after the last read began may not be in it.
    if (!add.ok() || present[n] || add.returned > recorded.operations[last].invoked) continue;
    findings.add(
        "lost",
        fmt::format("{} was acknowledged, and the last read misses it", to_text(numbers[n], 30)),
        {adds[n], last});
  }
  findings.note("recovered", fmt::format("{} that nobody acknowledged", recovered));
  return std::move(findings).report();
}

CheckReport check_set_full(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  Lives lives(recorded);
  const auto name = [&](std::uint32_t e) { return to_text(lives.numbers()[e], 30); };
  lives.look([&](std::uint32_t read, std::uint32_t e) {
    findings.add("duplicated", fmt::format("{} is in one read twice", name(e)), {read});
  });
  std::uint64_t stable = 0;
  std::uint64_t stale = 0;
  std::uint64_t never_read = 0;
  std::uint64_t recovered = 0;
  const auto began = [&](std::uint32_t read) { return recorded.operations[read].invoked; };
  for (std::uint32_t n = 0; n < lives.elements().size(); ++n) {
    const Element& e = lives.elements()[n];
    if (!e.attempted) {
      findings.add("unexpected", fmt::format("{} was read, and nobody added it", name(n)),
                   those({e.last_present}));
      continue;
    }
    const bool present = e.last_present != kNone;
    const bool absent = e.last_absent != kNone;
    if (absent && (!present || began(e.last_present) < began(e.last_absent))) {
      findings.add("lost", fmt::format("{} was known, and then no read had it any more", name(n)),
                   those({e.add, e.last_present, e.last_absent}));
    } else if (!present) {
      ++never_read;
    } else {
      ++stable;
      recovered += e.acknowledged ? 0U : 1U;
      if (!absent) continue;
      ++stale;
      if (options.level == "linearizable") {
        findings.add("stale", fmt::format("{} was known, and a later read missed it", name(n)),
                     those({e.add, e.last_absent}));
      }
    }
  }
  if (stable == 0) findings.undecided("no element was ever read");
  findings.note("stable", std::to_string(stable));
  findings.note("stale for a while", std::to_string(stale));
  findings.note("never read", std::to_string(never_read));
  findings.note("recovered", fmt::format("{} that nobody acknowledged", recovered));
  return std::move(findings).report();
}

}  // namespace seedbed::domain
