// A temporal property in `check:` (sim/check/temporal/property.h), in one of four forms:
//
//   - { name: one-leader, always: count(role == leader) <= 1 }
//   - { name: somebody-stands, sometimes: becomes candidate }
//   - { name: first-leader, eventually: { to: any(role == leader), within: 2s } }
//   - { name: comes-back, leads_to: { from: fault crash, to: any(role == leader), within: 3s } }
#pragma once

#include "protocols/protocol.h"
#include "sim/check/temporal/property.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"

namespace seedbed {

struct PropertyForm {
  const Protocol* protocol;
  void read(const Cursor& at, temporal::Property& out) const;
  Shape shape() const;
};

}  // namespace seedbed
