#include <fmt/format.h>

#include <algorithm>
#include <map>

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

/// A read of a group of keys: which of them had been written.
struct View {
  std::uint32_t operation = 0;
  std::vector<std::uint32_t> present;  // ascending
};

bool includes(const View& more, const View& less) {
  return std::includes(more.present.begin(), more.present.end(), less.present.begin(),
                       less.present.end());
}

class Forks {
 public:
  Forks(const Recorded& recorded, Findings& findings) : recorded_(recorded), findings_(findings) {}

  void add(std::uint32_t i) {
    const RecordedOp& op = recorded_.operations[i];
    if (op.failed()) return;
    std::vector<std::uint32_t> group;
    View view{i, {}};
    for (const Value& item : op.value.items()) {
      const auto words = item.items();
      const bool write = words.size() == 3 && (words[0].is("w") || words[0].is("write"));
      if (!write && !(words.size() == 3 && (words[0].is("r") || words[0].is("read")))) {
        detail::refuse_value(op, "a transaction wants [:r k v] and [:w k v]");
      }
      const std::uint32_t key = keys_.of(words[1]);
      if (write) {
        write_once(key, i);
      } else if (op.ok()) {
        group.push_back(key);
        if (!words[2].is_nil()) view.present.push_back(key);
      }
    }
    if (group.size() < 2) return;
    std::sort(group.begin(), group.end());
    std::sort(view.present.begin(), view.present.end());
    views_[group].push_back(std::move(view));
  }

  /// In each group every two views have to be one within the other: by their size, each within the
  /// next.
  void compare() {
    for (auto& [group, views] : views_) {
      std::stable_sort(views.begin(), views.end(), [](const View& a, const View& b) {
        return a.present.size() < b.present.size();
      });
      for (std::size_t i = 1; i < views.size(); ++i) {
        if (includes(views[i], views[i - 1])) continue;
        findings_.add("long-fork", "two reads disagree on which write came first",
                      {std::min(views[i - 1].operation, views[i].operation),
                       std::max(views[i - 1].operation, views[i].operation)});
      }
    }
  }

 private:
  void write_once(std::uint32_t key, std::uint32_t i) {
    const auto [at, is_new] = writers_.emplace(key, i);
    if (is_new) return;
    findings_.undecided(
        fmt::format("key {} is written twice: nobody can tell what was read", to_text(keys_[key])));
  }

  const Recorded& recorded_;
  Findings& findings_;
  ValueNumbers keys_;
  std::map<std::uint32_t, std::uint32_t> writers_;
  std::map<std::vector<std::uint32_t>, std::vector<View>> views_;
};

}  // namespace

CheckReport check_long_fork(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  Forks forks(recorded, findings);
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) forks.add(i);
  forks.compare();
  return std::move(findings).report();
}

}  // namespace seedbed::domain
