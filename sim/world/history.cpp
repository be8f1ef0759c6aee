#include "sim/world/history.h"

namespace seedbed {

OperationId History::invoke(Time now, NodeId client, const kv::Command& command) {
  const OperationId id = invocations_++;
  events_.append({now, id, true, Completion::kInfo, client, command, kv::kNil});
  return id;
}

void History::complete(Time now, OperationId id, Completion completion, kv::Value result) {
  ++completed_[static_cast<std::size_t>(completion)];
  events_.append({now, id, false, completion, {}, {}, result});
}

std::vector<Operation> History::operations() const {
  std::vector<Operation> operations(invocations_);
  for (std::uint64_t i = events_.first_index(); i <= events_.last_index(); ++i) {
    const Event& event = events_[i];
    Operation& op = operations[event.id];
    if (event.invocation) {
      op.id = event.id;
      op.client = event.client;
      op.command = event.command;
      op.invoked = i;
      op.invoked_at = event.time;
      continue;
    }
    SEEDBED_ASSERT(op.returned_at == Time::never(), "operation {} completed twice", event.id);
    op.completion = event.completion;
    op.result = event.result;
    op.returned_at = event.time;
    if (event.completion != Completion::kInfo) op.returned = i;
  }
  return operations;
}

}  // namespace seedbed
