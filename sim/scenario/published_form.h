// `published:`: what a paper found, and how near a reproduction must come (sim/run/published.h).
#pragma once

#include "protocols/protocol.h"
#include "sim/run/published.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"

namespace seedbed {

struct PublishedForm {
  const Protocol* protocol;
  void read(const Cursor& at, Published& out) const;
  Shape shape() const;
};

}  // namespace seedbed
