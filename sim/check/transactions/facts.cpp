#include "sim/check/transactions/facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/check/transactions/observer.h"

namespace seedbed::txn {

void Observer::find_writers() {
  facts_.writer.assign(history_.versions(), kNone);
  written_twice_.assign(history_.versions(), 0);
  const bool lists = history_.options().model == Model::kList;
  const auto rank = [&](Id t) {
    switch (history_[t].outcome) {
      case Outcome::kOk: return 2;
      case Outcome::kIndeterminate: return 1;
      case Outcome::kAborted: return 0;
    }
    return 0;
  };
  for (Id t = 0; t < history_.size(); ++t) {
    for (const Access& a : history_.accesses(t)) {
      if (a.action != Action::kWrite) continue;
      Id& writer = facts_.writer[a.value];
      if (writer != kNone && (writer != t || lists)) written_twice_[a.value] = 1;
      if (writer == kNone || rank(t) > rank(writer)) writer = t;
    }
  }
}

void Observer::see(Id version) {
  seen_[version] = 1;
  if (written_twice_[version]) facts_.ambiguous = true;
}

/// Where a value came from that nobody of the history wrote.
void Observer::read_unwritten(Id reader, const Access& read) {
  if (history_.options().partial) {
    // A register's says nothing about the order of others, except to those who replaced it.
    outside_reads_.push_back({reader, read.key, read.value});
    return;
  }
  add("unwritten-read", Axioms::kReadCommitted, {reader},
      fmt::format("{}: {}, which nobody wrote", name_of(history_, reader),
                  text_of(history_, read)));
}

/// As part of a list it has its place in the order: somebody from outside wrote it.
void Observer::read_unwritten_element(Id reader, Id version) {
  if (facts_.writer[version] != kNone) return;
  if (history_.options().partial) {
    outside_.push_back(version);
    facts_.writer[version] = static_cast<Id>(history_.size() + outside_.size() - 1);
    return;
  }
  add("unwritten-read", Axioms::kReadCommitted, {reader},
      fmt::format("{} read {} of {}, which nobody wrote", name_of(history_, reader),
                  history_.value_name(version), history_.key_name(history_.key_of(version))));
}

void Observer::read_aborted(Id reader, Id version) {
  const Id w = facts_.writer[version];
  if (w >= history_.size() || history_[w].outcome != Outcome::kAborted) return;
  add("G1a", Axioms::kReadCommitted, {w, reader},
      fmt::format("{} read {} of {}, which {} had written and then aborted",
                  name_of(history_, reader), history_.value_name(version),
                  history_.key_name(history_.key_of(version)), name_of(history_, w)));
}

void Observer::read_intermediate(Id reader, Id version) {
  const Id w = facts_.writer[version];
  if (w >= history_.size() || w == reader || final_[version]) return;
  add("G1b", Axioms::kReadCommitted, {w, reader},
      fmt::format("{} read {} of {}, which {} overwrote itself before it committed",
                  name_of(history_, reader), history_.value_name(version),
                  history_.key_name(history_.key_of(version)), name_of(history_, w)));
}

void Observer::internal(Id reader, const Access& read, bool against_own_write) {
  add("internal", against_own_write ? Axioms::kReadCommitted : Axioms::kReadAtomic, {reader},
      fmt::format("{}: {} contradicts what it had {} itself before", name_of(history_, reader),
                  text_of(history_, read), against_own_write ? "written" : "read"));
}

void Observer::add(std::string type, Axioms breaks, std::vector<Id> who, std::string message) {
  constexpr std::ptrdiff_t kMost = 16;  // of a type: the rest say the same
  const auto same = std::count_if(facts_.anomalies.begin(), facts_.anomalies.end(),
                                  [&](const Anomaly& a) { return a.type == type; });
  // What breaks weaker levels must not be lost among what breaks only stronger ones.
  if (same >= kMost && breaks != Axioms::kReadCommitted) return;
  if (same >= 2 * kMost) return;
  facts_.anomalies.push_back({.type = std::move(type),
                              .breaks = breaks,
                              .message = std::move(message),
                              .transactions = std::move(who),
                              .cycle = {}});
}

/// The last write of each key within each transaction, whatever became of it.
void Observer::find_final_versions() {
  final_.assign(history_.versions(), 0);
  written_before_.assign(history_.versions(), 0);
  std::vector<Id> last(history_.keys(), kNone), count(history_.keys(), 0);
  for (Id t = 0; t < history_.size(); ++t) {
    for (const Access& a : history_.accesses(t)) {
      if (a.action != Action::kWrite) continue;
      last[a.key] = a.value;
      written_before_[a.value] = count[a.key]++;
    }
    for (const Access& a : history_.accesses(t)) {
      if (a.action != Action::kWrite) continue;
      final_[last[a.key]] = 1;
      count[a.key] = 0;
    }
  }
}

void Observer::find_committed() {
  facts_.nodes = static_cast<Id>(history_.size() + outside_.size());
  facts_.committed.assign(facts_.nodes, 1);
  for (Id t = 0; t < history_.size(); ++t) {
    facts_.committed[t] = history_[t].outcome == Outcome::kOk;
  }
  for (Id v = 0; v < history_.versions(); ++v) {
    const Id w = facts_.writer[v];
    if (seen_[v] && w < history_.size() && history_[w].outcome == Outcome::kIndeterminate) {
      facts_.committed[w] = 1;
    }
  }
}

void Observer::list_installs() {
  std::vector<Id> last(history_.keys(), kNone);
  facts_.first_install.push_back(0);
  for (Id t = 0; t < facts_.nodes; ++t) {
    if (t >= history_.size()) {
      const Id v = outside_[t - history_.size()];
      facts_.installs.push_back({t, history_.key_of(v), v});
    } else if (facts_.committed[t]) {
      for (const Access& a : history_.accesses(t)) {
        if (a.action == Action::kWrite) last[a.key] = a.value;
      }
      for (const Access& a : history_.accesses(t)) {
        if (a.action != Action::kWrite || last[a.key] == kNone) continue;
        facts_.installs.push_back({t, a.key, last[a.key]});
        last[a.key] = kNone;
      }
    }
    std::sort(facts_.installs.begin() + facts_.first_install.back(), facts_.installs.end(),
              [](const Install& a, const Install& b) { return a.key < b.key; });
    facts_.first_install.push_back(static_cast<Id>(facts_.installs.size()));
  }
}

void Observer::index_reads() {
  facts_.first_read.assign(facts_.nodes + std::size_t{1}, 0);
  for (const Seen& r : facts_.reads) ++facts_.first_read[r.reader + 1];
  for (Id t = 0; t < facts_.nodes; ++t) facts_.first_read[t + 1] += facts_.first_read[t];
}

/// Two that read the same version, and both replaced it: one of them did not see the other.
void Observer::find_lost_updates() {
  std::vector<Id> updater(history_.versions(), kNone);
  std::vector<Seen> reads = facts_.reads;
  reads.insert(reads.end(), outside_reads_.begin(), outside_reads_.end());
  for (const Seen& r : reads) {
    if (facts_.install_of(r.reader, r.key) == nullptr) continue;
    Id& first = updater[r.version];
    if (first != kNone && first != r.reader) {
      add("lost-update", Axioms::kSnapshotIsolation, {first, r.reader},
          fmt::format(
              "{} and {} both read {} of {} and wrote {} themselves", name_of(history_, first),
              name_of(history_, r.reader),
              history_.is_initial(r.version) ? "the initial value" : history_.value_name(r.version),
              history_.key_name(r.key), history_.key_name(r.key)));
    }
    if (first == kNone) first = r.reader;
  }
}

Facts Observer::observe() {
  find_writers();
  find_final_versions();
  seen_.assign(history_.versions(), 0);
  if (history_.options().model == Model::kList) {
    read_lists();
  } else {
    read_registers();
  }
  find_committed();
  list_installs();
  index_reads();
  find_lost_updates();
  return std::move(facts_);
}

const Install* Facts::install_of(Id node, Id key) const {
  const std::span<const Install> own = installs_of(node);
  const auto at = std::lower_bound(own.begin(), own.end(), key,
                                   [](const Install& i, Id k) { return i.key < k; });
  return at != own.end() && at->key == key ? &*at : nullptr;
}

Facts facts_of(const History& history) { return Observer(history).observe(); }

}  // namespace seedbed::txn
