#include "protocols/raft/log.h"

namespace seedbed::raft {

std::string brief_text(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::kNoOp: return fmt::format("{} no-op", entry.term);
    case EntryKind::kCommand:
      return fmt::format("{} {} {}", entry.term, brief_text(entry.request.id),
                         brief_text(entry.request.command));
    case EntryKind::kSession:
      return fmt::format("{} {} session", entry.term, brief_text(entry.request.id));
    case EntryKind::kConfiguration:
      return fmt::format("{} {}", entry.term, brief_text(entry.configuration));
  }
  return "?";
}

Index Log::first_of_term_at(Index index) const {
  const Term term = term_at(index);
  while (index > first_index() && term_at(index - 1) == term) --index;
  return index;
}

void Log::compact(LogPosition base) {
  if (base.index <= base_.index) return;
  entries_.compact(base.index);
  base_ = base;
  find_last();
}

}  // namespace seedbed::raft
