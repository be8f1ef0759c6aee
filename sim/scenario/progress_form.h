// `progress:`: on, off, or how steady the service must be.
//
//   progress: { within: 3s, from: 10s }
#pragma once

#include "sim/run/scenario.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"

namespace seedbed {

struct ProgressForm {
  void read(const Cursor& at, Scenario& out) const;
  Shape shape() const;
};

}  // namespace seedbed
