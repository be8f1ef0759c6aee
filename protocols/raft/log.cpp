#include "protocols/raft/log.h"

#include <algorithm>

namespace seedbed::raft {

Index Log::first_of_term_at(Index index) const {
  const Term term = term_at(index);
  while (index > 1 && term_at(index - 1) == term) --index;
  return index;
}

std::vector<Entry> Log::slice(Index from, std::uint64_t most) const {
  std::vector<Entry> entries;
  if (from > last_index()) return entries;
  const std::uint64_t count = std::min(last_index() - from + 1, most);
  entries.reserve(count);
  for (Index i = from; i < from + count; ++i) entries.push_back(entries_[i]);
  return entries;
}

}  // namespace seedbed::raft
