#include "protocols/raft/log.h"

#include <algorithm>

namespace seedbed::raft {

std::string brief_text(const Entry& entry) {
  if (entry.is_no_op()) return fmt::format("{} no-op", entry.term);
  return fmt::format("{} {} {}", entry.term, brief_text(entry.request.id),
                     brief_text(entry.request.command));
}

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
