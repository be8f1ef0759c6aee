// What there is to measure, one file a subject. Each adds its figures to the suite.
#pragma once

#include <string>

#include "bench/harness.h"

namespace seedbed::bench {

void add_memory(Suite& suite);
void add_crowds(Suite& suite);
void add_holds(Suite& suite);
void add_linearizability(Suite& suite);
void add_messages(Suite& suite);
void add_pieces(Suite& suite);
void add_runs(Suite& suite);
void add_transactions(Suite& suite);

}  // namespace seedbed::bench
