// Orders weaker and stronger than linearizability, of histories of registers by key: reads, writes,
// and compare-and-sets, which are both. Only k-atomicity and staleness look at real time.
//
// *Program order*: of one process, in which an operation that returned comes before what the
// process asked later. An `info` one comes after what returned before it, and before nothing: it
// may take effect whenever it likes. What failed did not happen. *Who read what* is a relation from
// each read to one write of its value, or to the initial state, the same for everybody; where a
// value was written more than once, some such relation will do. The causal order is the transitive
// closure of both. A history passes
//   sequential            if one order of all operations, in program order, explains every read
//                         (Lamport 1979);
//   causal                if for each process one order of its operations and all writes, in the
//                         causal order, explains its reads: causal memory (Ahamad et al. 1995), CM
//                         of Bouajjani et al. 2017, section 3;
//   causal-convergence    if there is one order of all operations, within the causal one, and each
//                         read returns the last write of those that causally precede it: CCv,
//                         there;
//   weak-causal           if for each read an order of what causally precedes it explains it: CC,
//                         there;
//   pram                  as causal, with program order in the place of the causal order (Lipton
//   and
//                         Sandberg 1988).
// The session guarantees (Terry et al. 1994) ask for one order of all writes for each process, and
// for a set of writes for each of its reads, of which the read returns the last one of its key:
//   read-your-writes      the set holds what the process wrote earlier;
//   monotonic-reads       and what its earlier reads returned;
//   monotonic-writes      that of monotonic reads, and with a write all that its writer wrote
//                         earlier; so does the order;
//   writes-follow-reads   that of monotonic reads, and with a write all that its writer had read
//                         earlier; so does the order.
// (A process without monotonic reads may ask any server every time, so the last two cannot be told
// from outside without them. Orders are of each process because PRAM has no common one.)
//   K-atomic              if in some linearization a read returns one of the last K values of its
//                         key (Aiyer, Alvisi and Bazzi 2005; Golab et al. 2011); 1-atomic is
//                         linearizable. k-atomic: for any K; the smallest one is noted;
//   stale:TIME            if it is linearizable once each read's invocation is so much earlier:
//                         Delta-atomicity (Golab, Li and Shah 2011). stale: for any TIME, likewise.
//
//   const auto level = orders::level_named("2-atomic");
//   orders::Outcome found = orders::judge(history, *level, budget);
//   if (found.verdict == Verdict::kFail) show(found.anomaly, found.message, found.core);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/verdict.h"

namespace seedbed::orders {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// One that returned, or that may have happened (`ok` is false). Values are numbers; one of one key
/// is none of another.
struct Operation {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  std::uint32_t process = 0;
  std::uint32_t key = 0;
  std::uint32_t reads = kNone;   // the value
  std::uint32_t writes = kNone;  // the value
  bool ok = true;
  std::uint64_t invoked = 0;  // positions, all distinct
  std::uint64_t returned = kNever;
  std::int64_t invoked_ns = -1;  // -1: nobody knows
  std::int64_t returned_ns = -1;
  std::uint32_t source = 0;  // where it came from
};

struct History {
  std::vector<Operation> operations;   // by invocation
  std::vector<std::uint32_t> initial;  // by key: its value
  std::uint32_t values = 0;            // numbers of values are below this
};

enum class Order : std::uint8_t {
  kSequential,
  kCausal,
  kCausalConvergence,
  kWeakCausal,
  kPram,
  kReadYourWrites,
  kMonotonicReads,
  kMonotonicWrites,
  kWritesFollowReads,
  kAtomic,
  kStale,
};

struct Level {
  Order order = Order::kSequential;
  std::uint64_t bound = 0;  // K, or nanoseconds; kAny: any
  static constexpr std::uint64_t kAny = ~std::uint64_t{0};
};

/// As they are listed: K and TIME stand for numbers.
std::span<const std::string_view> level_names();
/// Nothing for a name that is none.
std::optional<Level> level_named(std::string_view name);

struct Outcome {
  Verdict verdict = Verdict::kPass;
  std::string anomaly;           // kFail: "CyclicCF", "WriteCORead", "lost own write", ...
  std::string message;           // kFail: what that means; kUnknown: why
  std::uint32_t blamed = kNone;  // kFail: an operation, if it is about one
  /// kFail: operations of a part that fails by itself, from which none can be left out.
  std::vector<std::uint32_t> core{};
  std::vector<std::pair<std::string, std::string>> notes{};
  std::uint64_t steps = 0;
};

/// Pass and fail are proofs. Unknown: the budget ended first.
Outcome judge(const History& history, const Level& level, const SearchBudget& budget);

}  // namespace seedbed::orders
