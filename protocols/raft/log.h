// The replicated log as a plain data structure: what section 5.3 and 5.4 ask of it, no more.
#pragma once

#include <vector>

#include "protocols/raft/messages.h"
#include "sim/base/shared_log.h"

namespace seedbed::raft {

class Log {
 public:
  Log() = default;
  explicit Log(SharedLog<Entry> entries) : entries_(std::move(entries)) {}

  Index last_index() const { return entries_.last_index(); }
  LogPosition last() const { return {last_index(), term_at(last_index())}; }
  const Entry& operator[](Index index) const { return entries_[index]; }
  /// 0 at index 0, the position before the first entry, on which all logs agree.
  Term term_at(Index index) const { return index == 0 ? 0 : entries_[index].term; }

  /// "If an entry at this position has this term, the logs are identical up to it" (section 5.3).
  bool contains(LogPosition position) const {
    return position.index <= last_index() && term_at(position.index) == position.term;
  }
  /// Whether a log that ends at `other` is at least as up-to-date as this one (section 5.4.1).
  bool is_no_newer_than(LogPosition other) const {
    const LogPosition mine = last();
    return other.term != mine.term ? other.term > mine.term : other.index >= mine.index;
  }
  /// The first index of the term that stands at `index`, to skip a whole term a round trip.
  Index first_of_term_at(Index index) const;
  /// Up to `most` entries from `from` on.
  std::vector<Entry> slice(Index from, std::uint64_t most) const;

  void append(Entry entry) { entries_.append(std::move(entry)); }
  /// Drops `index` and all after it.
  void truncate(Index index) { entries_.truncate(index); }

 private:
  SharedLog<Entry> entries_;
};

}  // namespace seedbed::raft
