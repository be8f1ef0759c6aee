#include "sim/check/domain/domain_checks.h"

#include "sim/check/check_rows.h"
#include "sim/check/encode.h"
#include "sim/check/judge_parts.h"

namespace seedbed {

namespace {

using history::Recorded;

constexpr std::string_view kJepsen[] = {"jepsen-edn", "jepsen-json"};
constexpr std::string_view kCounterLevels[] = {"bounds", "linearizable"};
constexpr std::string_view kSetLevels[] = {"elements", "linearizable"};
constexpr std::string_view kSetFullLevels[] = {"elements", "linearizable"};
constexpr std::string_view kQueueLevels[] = {"delivery", "linearizable"};
constexpr std::string_view kBankLevels[] = {"non-negative", "any-balance"};

constexpr std::string_view kBroadcastLevels[] = {"delivery", "agreement", "no-duplication",
                                                 "no-creation", "no-resurrection"};
constexpr std::string_view kMembershipLevels[] = {"eventual", "accuracy"};

constexpr std::string_view kJepsenSource = "Kingsbury, Jepsen: checker.clj and tests/";

template <auto check>
CheckReport judge(const CheckInput& input, const CheckOptions& options) {
  return check(read_history(input), options);
}

/// Where "linearizable" is one of the levels.
template <auto check, auto encode>
CheckReport judge_either(const CheckInput& input, const CheckOptions& options) {
  const Recorded recorded = read_history(input);
  if (options.level != "linearizable") return check(recorded, options);
  const auto parts = encode(recorded, options);
  return report_of(judge_parts(parts, recorded, options.budget), recorded, "linearizable");
}

constexpr HistoryCheck kChecks[] = {
    {"counter",
     "A counter: :add n, :increment, :decrement, :read v. bounds: each read lies between what was "
     "certainly added before it began and what may have been when it returned, in linear time. "
     "linearizable: a search, and :add-and-get [n v].",
     kJepsenSource, kCounterLevels, kJepsen, judge_either<domain::check_counter, encode_counter>},
    {"set",
     "A set: :add v, :read. elements: the last read has all that was acknowledged (lost) and "
     "nothing else (unexpected). linearizable: a search, with :remove v and :contains [v true].",
     kJepsenSource, kSetLevels, kJepsen, judge_either<domain::check_set, encode_set>},
    {"set-full",
     "A set that only grows and is read often: :add v, :read. Each element that was known stays in "
     "all later reads but for a while (stale); lost, duplicated, unexpected; how many were never "
     "read, or recovered. linearizable: not even for a while.",
     kJepsenSource, kSetFullLevels, kJepsen, judge<domain::check_set_full>},
    {"queue",
     "A queue: :enqueue v, :dequeue v, :drain [v ...]. delivery: nothing is lost, duplicated, "
     "unexpected or reordered. linearizable: first in, first out, by a search; nil where it was "
     "found empty.",
     kJepsenSource, kQueueLevels, kJepsen, judge_either<domain::check_queue, encode_queue>},
    {"unique-ids",
     "Every :generate returns another id.",
     kJepsenSource,
     {},
     kJepsen,
     judge<domain::check_unique_ids>},
    {"bank",
     "Transfers between accounts: each :read {account balance ...} adds up to the same (--init, or "
     "the first read's), with the accounts of the first read, none of them below 0 (but for "
     "any-balance).",
     kJepsenSource, kBankLevels, kJepsen, judge<domain::check_bank>},
    {"long-fork",
     "Keys that are written once: no two reads of the same keys disagree on which was written "
     "first.",
     kJepsenSource,
     {},
     kJepsen,
     judge<domain::check_long_fork>},
    {"kafka",
     "A log in partitions: :send k [offset v], :poll {k [[offset v] ...]}. lost-write, "
     "inconsistent-offsets, duplicate, nonmonotonic-poll, nonmonotonic-send.",
     kJepsenSource,
     {},
     kJepsen,
     judge<domain::check_kafka>},
    {"broadcast",
     "Values handed to servers, which all shall deliver: :broadcast [v server], :retract [v "
     "server], "
     ":read [server [v ...]]; or v and [v ...] with the server as :key. At the last read of each "
     "server after all changes: delivery (undelivered), agreement (disagreement), no-resurrection "
     "(resurrected: it was taken back); at every read: no-duplication (duplicated), no-creation "
     "(created).",
     "Cachin, Guerraoui and Rodrigues 2011, Introduction to Reliable and Secure Distributed "
     "Programming, chapter 3",
     kBroadcastLevels, kJepsen, judge<domain::check_broadcast>},
    {"convergence",
     "After the last change, all that is read is the same.",
     "Vogels 2009, Eventually consistent",
     {},
     kJepsen,
     judge<domain::check_convergence>},
    {"membership",
     "Who believes whom to be up: :join n, :leave n, :crash n of nodes (--init [n1 n2]: those of "
     "the "
     "beginning), and :view [n1 n2 ...] with the :key of the node that was asked. Nobody who was "
     "seen and stayed up is declared dead (false-suspicion). eventual: views after the last change "
     "have everyone who is up (missing) and nobody who is down (undetected). within:5s: so do "
     "those so long after a change, of nodes that were up for as long. detected:5s: of that, that "
     "who is down is seen by nobody. settled:60s: what all views of a node from that time on "
     "have wrong. accuracy: nothing but false suspicions.",
     "Chandra and Toueg 1996, Unreliable Failure Detectors", kMembershipLevels, kJepsen,
     judge<domain::check_membership>, domain::is_membership_level},
    {"lookup",
     "A ring of integers: :join n, :leave n, :crash n (--init [1 8]: those of the beginning), and "
     ":lookup n with an integer :key. Found is the first member at or after the key, or else the "
     "lowest, at some instant between the lookup's ends: wrong-successor, not-a-member, stranger, "
     "not-found.",
     "Stoica et al. 2001 (Chord); Zave 2017",
     {},
     kJepsen,
     judge<domain::check_lookup>},
    {"atomic-commitment",
     "Transactions, each a :key: :begin [process ...], :vote :yes or :no of a process, :decide "
     ":commit or :abort, which the process heard. disagreement, changed-decision, commit-after-no, "
     "commit-without-vote (of one that :begin names), changed-vote.",
     "Skeen 1981; Bernstein, Hadzilacos and Goodman 1987, section 7.3",
     {},
     kJepsen,
     judge<domain::check_atomic_commitment>},
    {"saga",
     "Sagas, each a :key: :begin [step ...], :step s, :compensate s, :end :completed or "
     ":compensated. Completed with all of its steps, or compensated in reverse order, each effect "
     "once: incomplete, not-compensated, completed-and-compensated, steps-out-of-order, "
     "compensated-out-of-order, step-after-compensation, compensation-without-effect, "
     "duplicated-effect, duplicated-compensation.",
     "Garcia-Molina and Salem 1987, Sagas",
     {},
     kJepsen,
     judge<domain::check_saga>},
};

}  // namespace

std::span<const HistoryCheck> domain_checks() { return kChecks; }

}  // namespace seedbed
