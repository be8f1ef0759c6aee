// `latency:` of the network: a duration, a range, or one of the laws.
//
//   latency: 1ms..5ms
//   latency: { lognormal: { median: 1ms, p99: 12ms } }
#pragma once

#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"
#include "sim/world/latency.h"

namespace seedbed {

struct LatencyForm {
  void read(const Cursor& at, Latency& out) const;
  Shape shape() const;
};

}  // namespace seedbed
