// Two-phase commit over Raft groups with one rule broken: a name, the rule, and the check that must
// notice (protocol.cpp).
#pragma once

#include <algorithm>

#include "protocols/commit_over_raft/member.h"

namespace seedbed::commit_over_raft {

/// Votes yes before its group has the record of it.
struct VotesEarly : Mutant<VotesEarly, Member> {
  bool is_written(std::uint64_t record) const override {
    return !coordinates() || Member::is_written(record);
  }
};

/// Tells a decision before its group has the record of it.
struct DecidesEarly : Mutant<DecidesEarly, Member> {
  bool is_written(std::uint64_t record) const override {
    return coordinates() || Member::is_written(record);
  }
};

/// Speaks as soon as it is elected, with what it has read by then.
struct SpeaksAtOnce : Mutant<SpeaksAtOnce, Member> {
  bool has_taken_over() const override { return true; }
};

/// Reads what its group may yet lose, while another one speaks.
struct ReadsAhead : Mutant<ReadsAhead, Member> {
  raft::Index end_of_journal() const override {
    return speaks() ? Member::end_of_journal() : log().last_index();
  }
};

/// Answers that it knows nothing of a transaction, without asking whether it still speaks.
struct AnswersAlone : Mutant<AnswersAlone, Member> {
  bool asks_its_group(const tpc::Inquiry&) const override { return false; }
  bool asks_its_group(const tpc::Decision&) const override { return false; }
};

/// Gives its locks back with its vote.
struct ReleasesEarly : Mutant<ReleasesEarly, Member> {
  bool keeps_locks_when_prepared() const override { return false; }
};

/// Commits when more than half have voted yes.
struct CountsMajority : Mutant<CountsMajority, Member> {
  bool may_commit(const Global& global) const override {
    const auto yes = std::count_if(global.parts.begin(), global.parts.end(), [](const Part& p) {
      return p.vote && *p.vote != tpc::Choice::kNo;
    });
    return 2 * static_cast<std::size_t>(yes) > global.parts.size();
  }
};

}  // namespace seedbed::commit_over_raft
