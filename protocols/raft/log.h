// The replicated log as a plain data structure: what sections 3.5, 3.6 and 5.1 ask of it, no more.
// It begins after its base, the last entry that a snapshot stands for; everything up to there is
// committed, and so the same on all servers.
#pragma once

#include <utility>

#include "protocols/raft/messages.h"
#include "sim/base/shared_log.h"

namespace seedbed::raft {

class Log {
 public:
  Log() = default;
  Log(LogPosition base, SharedLog<Entry> entries) : base_(base), entries_(std::move(entries)) {
    find_last();
  }

  /// The last entry that is compacted away; {0, 0} for a whole log.
  LogPosition base() const { return base_; }
  Index first_index() const { return base_.index + 1; }
  Index last_index() const { return last_.index; }
  LogPosition last() const { return last_; }
  const Entry& operator[](Index index) const { return entries_[index]; }
  const SharedLog<Entry>& entries() const { return entries_; }
  /// Of an index from the base on.
  Term term_at(Index index) const {
    return index == base_.index ? base_.term : entries_[index].term;
  }

  /// "If an entry at this position has this term, the logs are identical up to it" (section 3.5).
  bool contains(LogPosition position) const {
    if (position.index < base_.index) return true;
    return position.index <= last_index() && term_at(position.index) == position.term;
  }
  /// The first index of the term that stands at `index`, to skip a whole term a round trip.
  Index first_of_term_at(Index index) const;
  /// Up to `most` entries from `from` on.
  SharedLog<Entry>::Slice slice(Index from, std::uint64_t most) const {
    return entries_.slice(from, most);
  }

  void append(Entry entry) {
    last_ = {last_.index + 1, entry.term};
    entries_.append(std::move(entry));
  }
  void append(const SharedLog<Entry>::Slice& received, std::size_t i) {
    last_ = {last_.index + 1, received[i].term};
    entries_.append(received, i);
  }
  /// Drops `index` and all after it.
  void truncate(Index index) {
    entries_.truncate(index);
    find_last();
  }
  /// Drops all up to and including `base`, which may lie beyond the end.
  void compact(LogPosition base);

 private:
  void find_last() { last_ = {entries_.last_index(), term_at(entries_.last_index())}; }

  LogPosition base_;
  LogPosition last_;
  SharedLog<Entry> entries_;
};

}  // namespace seedbed::raft
