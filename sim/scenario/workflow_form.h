// `workload: { kind: workflow, workflow: [...] }`: the steps of a saga, in their order.
//
//   workflow:
//     - { step: create, participant: orders, compensate: reject }
//     - { step: reserve, participant: stock, compensate: release, retries: 3 }
//     - { step: authorize, participant: payment, compensate: void, after: [create] }
//     - { step: charge, participant: payment, pivot: true, after: [reserve, authorize] }
//     - { step: ship, participant: shipping, timeout: 500ms, backoff: 10ms..1s }
#pragma once

#include <memory>

#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"
#include "sim/world/workflow.h"

namespace seedbed {

struct WorkflowForm {
  void read(const Cursor& at, std::shared_ptr<const workflow::Workflow>& out) const;
  Shape shape() const;
};

}  // namespace seedbed
