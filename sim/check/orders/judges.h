// A judge for each order, of histories of which it is settled who read what (instance.h). All but
// `sequential` take time in the order of operations times lanes.
//
//   Found found = judge_causal(instance, meter);
//   if (found.verdict == Verdict::kFail) show(found.anomaly, found.message);
#pragma once

#include <cstdint>
#include <vector>

#include "sim/check/orders/before.h"
#include "sim/check/orders/instance.h"

namespace seedbed::orders {

/// "CyclicCO", "WriteCOInitRead", "WriteCORead" (Bouajjani et al. 2017, table 1).
Found judge_weak_causal(const Instance& instance, Meter& meter);
/// Those, and "CyclicCF".
Found judge_causal_convergence(const Instance& instance, Meter& meter);
/// The same; `conflicts` becomes CF: what comes before each write in any order that all agree with.
Found find_conflicts(const Instance& instance, Meter& meter, More& conflicts);
/// Those of weak causality, and "WriteHBInitRead" and "CyclicHB", where the order grows by what
/// each process read.
Found judge_causal(const Instance& instance, Meter& meter);
/// "WriteHBInitRead" and "CyclicHB", over program order and what the process itself read.
Found judge_pram(const Instance& instance, Meter& meter);

Found judge_read_your_writes(const Instance& instance, Meter& meter);
Found judge_monotonic_reads(const Instance& instance, Meter& meter);
Found judge_monotonic_writes(const Instance& instance, Meter& meter);
Found judge_writes_follow_reads(const Instance& instance, Meter& meter);

/// First what is weaker and what is a guess, and only then a search.
Found judge_sequential(const Instance& instance, Meter& meter);

}  // namespace seedbed::orders
