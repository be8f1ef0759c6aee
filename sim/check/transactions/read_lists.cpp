// Lists grow, so the longest one that was read of a key is the order of its versions, and every
// other read must be one of its beginnings (Elle, section 4).
#include <algorithm>

#include <fmt/format.h>

#include "sim/check/transactions/observer.h"

namespace seedbed::txn {

namespace {

/// What one transaction appended to each key so far: chains through its accesses.
class OwnAppends {
 public:
  explicit OwnAppends(std::size_t keys) : last_(keys, kNone) {}

  void append(Id access, const Access& a) {
    before_.resize(std::max<std::size_t>(before_.size(), access + std::size_t{1}));
    before_[access] = last_[a.key];
    last_[a.key] = access;
  }
  /// In order, oldest first.
  std::span<const Id> to(Id key, std::span<const Access> accesses) {
    values_.clear();
    for (Id i = last_[key]; i != kNone; i = before_[i]) values_.push_back(accesses[i].value);
    std::reverse(values_.begin(), values_.end());
    return values_;
  }
  void forget(std::span<const Access> accesses) {
    for (const Access& a : accesses) last_[a.key] = kNone;
  }

 private:
  std::vector<Id> last_;    // by key: the number of an access
  std::vector<Id> before_;  // by access
  std::vector<Id> values_;
};

}  // namespace

void Observer::find_longest_lists() {
  longest_.assign(history_.keys(), {});
  std::vector<std::size_t> length(history_.keys(), 0);
  for (Id t = 0; t < history_.size(); ++t) {
    if (history_[t].outcome != Outcome::kOk) continue;
    for (const Access& a : history_.accesses(t)) {
      if (a.action != Action::kRead) continue;
      const std::size_t size = history_.list(a.value).size();
      if (size <= length[a.key]) continue;
      length[a.key] = size;
      longest_[a.key] = {a.value, t};
    }
  }
}

/// What a transaction appended to a key must be there in its own order, from the first on.
void Observer::check_program_order(Id version, Id reader) {
  const Id w = facts_.writer[version];
  Progress& p = progress_[w];
  if (p.order != orders_) p = {orders_, 0};
  if (p.count++ == written_before_[version]) return;
  p.count = written_before_[version] + 1;
  add("incompatible-order", Axioms::kReadCommitted, {w, reader},
      fmt::format("{} read {} of {} without, or ahead of, what {} had appended there before",
                  name_of(history_, reader), history_.value_name(version),
                  history_.key_name(history_.key_of(version)), name_of(history_, w)));
}

/// Each version of an observed order: whether it may have been there at all.
void Observer::check_order(std::span<const Id> order, Id reader) {
  ++orders_;
  Id aborted = kNone;  // the last version of an aborted transaction
  for (const Id v : order) {
    see(v);
    read_unwritten_element(reader, v);
    read_aborted(reader, v);
    const Id w = facts_.writer[v];
    if (w >= history_.size()) continue;
    check_program_order(v, reader);
    if (history_[w].outcome == Outcome::kAborted) aborted = v;
    if (history_[w].outcome != Outcome::kOk || aborted == kNone) continue;
    add("dirty-update", Axioms::kReadCommitted, {facts_.writer[aborted], w},
        fmt::format("{} appended {} to {} on top of {}, which {} had appended and then aborted",
                    name_of(history_, w), history_.value_name(v),
                    history_.key_name(history_.key_of(v)), history_.value_name(aborted),
                    name_of(history_, facts_.writer[aborted])));
    aborted = kNone;
  }
}

void Observer::check_orders() {
  std::vector<Id> in_list(history_.versions(), kNone);
  for (Id key = 0; key < history_.keys(); ++key) {
    const auto [list, reader] = longest_[key];
    if (list != kNone) {
      for (const Id v : history_.list(list)) {
        if (in_list[v] == list) {
          add("duplicate-elements", Axioms::kReadCommitted, {reader},
              fmt::format("{} read {} of {} twice in one list", name_of(history_, reader),
                          history_.value_name(v), history_.key_name(key)));
          continue;
        }
        in_list[v] = list;
        facts_.order.push_back(v);
      }
      const std::size_t begin = facts_.order_ends.empty() ? 0 : facts_.order_ends.back();
      check_order(std::span(facts_.order).subspan(begin), reader);
    }
    facts_.order_ends.push_back(facts_.order.size());
  }
}

void Observer::read_list(Id t, const Access& access, std::span<const Id> own) {
  const std::span<const Id> list = history_.list(access.value);
  const auto [longest, longest_reader] = longest_[access.key];
  if (longest == kNone || longest == access.value) {
    // Empty everywhere, or the order itself.
  } else if (const auto order = history_.list(longest);
             !std::equal(list.begin(), list.end(), order.begin())) {
    add("incompatible-order", Axioms::kReadCommitted, {longest_reader, t},
        fmt::format("{} and {} read {} in orders that contradict each other",
                    name_of(history_, longest_reader), name_of(history_, t),
                    history_.key_name(access.key)));
    check_order(list, t);
  }
  // A transaction that appended without reading knows only how the list ends.
  if (list.size() < own.size() ||
      !std::equal(own.begin(), own.end(), list.last(own.size()).begin())) {
    return internal(t, access, true);
  }
  const std::span<const Id> base = list.first(list.size() - own.size());
  const Id version = base.empty() ? history_.initial(access.key) : base.back();
  if (facts_.writer[version] == t && !base.empty()) return internal(t, access, true);
  if (read_at_[access.key] == version) return;
  if (read_at_[access.key] != kNone) internal(t, access, false);
  read_at_[access.key] = version;
  if (!base.empty()) read_intermediate(t, version);
  facts_.reads.push_back({t, access.key, version});
}

void Observer::read_lists() {
  find_longest_lists();
  progress_.assign(history_.size(), {});
  check_orders();
  OwnAppends own(history_.keys());
  read_at_.assign(history_.keys(), kNone);
  for (Id t = 0; t < history_.size(); ++t) {
    if (history_[t].outcome != Outcome::kOk) continue;
    const std::span<const Access> accesses = history_.accesses(t);
    for (Id i = 0; i < accesses.size(); ++i) {
      const Access& a = accesses[i];
      if (a.action == Action::kWrite) {
        own.append(i, a);
      } else {
        read_list(t, a, own.to(a.key, accesses));
      }
    }
    own.forget(accesses);
    for (const Access& a : accesses) read_at_[a.key] = kNone;
  }
}

}  // namespace seedbed::txn
