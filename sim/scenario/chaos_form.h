// `chaos:`, the list of what goes wrong. Each fault is described by one typed list (all_faults, in
// sim/chaos/fault.h), by which entries are read and the schema is written.
//
//   - { at: 5s, isolate: leader, for: 10s }
//   - { every: 2s..6s, from: 40s, until: 58s, one_of: [ { crash: random, for: 1s }, ... ] }
#pragma once

#include "sim/chaos/plan.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"
#include "sim/scenario/who.h"

namespace seedbed {

struct ChaosForm {
  Who who;
  void read(const Cursor& at, ChaosPlan& out) const;
  Shape shape() const;
};

/// Names each entry's random stream: by its id, else by its text and a counter for equal ones, so
/// that removing one entry never moves the draws of another.
void name_streams(ChaosPlan& plan);

}  // namespace seedbed
