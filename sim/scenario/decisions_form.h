// `decisions:`, what becomes of single messages. See sim/world/decision.h.
//
//   decisions:
//     - { lose: AppendEntries, from: n1, to: n3, sent: 1.2s }
//     - { delay: Request, from: c1, to: n2, sent: 1.25s, nth: 1, by: 40ms }
#pragma once

#include "sim/scenario/who.h"
#include "sim/world/decision.h"

namespace seedbed {

struct DecisionsForm {
  Who who;
  void read(const Cursor& at, Decisions& out) const;
  Shape shape() const;
};

}  // namespace seedbed
