// Checks that need no model of the whole service, and no search: each reads a history once or sorts
// it, and names what it finds as Jepsen's checkers do (github.com/jepsen-io/jepsen, checker.clj and
// tests/). One function each; domain_checks.cpp has the table.
//
//   CheckReport r = check_bank(recorded, options);   // "wrong-total": the sum was 99, not 100
#pragma once

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"

namespace seedbed::domain {

/// Each read lies between the sum of what was certainly added before, and of what may have been.
CheckReport check_counter(const history::Recorded& recorded, const CheckOptions& options);
/// What was added is in the last read, and nothing else.
CheckReport check_set(const history::Recorded& recorded, const CheckOptions& options);
/// The life of each element over many reads: once known, it stays. Level "linearizable": it is in
/// each read that begins after its add was acknowledged or it was read.
CheckReport check_set_full(const history::Recorded& recorded, const CheckOptions& options);
/// The accounts of each read add up to the same (--init: to this).
CheckReport check_bank(const history::Recorded& recorded, const CheckOptions& options);
/// What was enqueued is dequeued once, in the order of real time.
CheckReport check_queue(const history::Recorded& recorded, const CheckOptions& options);
/// No id is given twice.
CheckReport check_unique_ids(const history::Recorded& recorded, const CheckOptions& options);
/// Of keys that are written once, no two reads disagree on which came first.
CheckReport check_long_fork(const history::Recorded& recorded, const CheckOptions& options);
/// A log in partitions, with offsets: sends and polls.
CheckReport check_kafka(const history::Recorded& recorded, const CheckOptions& options);
/// What servers delivered of what was broadcast; `level` says what about it is judged.
CheckReport check_broadcast(const history::Recorded& recorded, const CheckOptions& options);
/// The last reads of all processes agree.
CheckReport check_convergence(const history::Recorded& recorded, const CheckOptions& options);
/// What nodes believe of who is a member, and who was. Level "within:TIME": after so long.
CheckReport check_membership(const history::Recorded& recorded, const CheckOptions& options);
bool is_membership_level(std::string_view level);
/// Each key is found with its true successor among the members at some instant of the lookup.
CheckReport check_lookup(const history::Recorded& recorded, const CheckOptions& options);
/// All decide the same; what is committed was voted for by everyone.
CheckReport check_atomic_commitment(const history::Recorded& recorded, const CheckOptions& options);
/// Each saga does all of its steps, or undoes what it did in reverse order; each once.
CheckReport check_saga(const history::Recorded& recorded, const CheckOptions& options);

}  // namespace seedbed::domain
