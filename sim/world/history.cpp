#include "sim/world/history.h"

namespace seedbed {

OperationId History::invoke(Time now, NodeId client, const kv::Command& command) {
  invocations_.append({next_position(), now, client, command});
  return invocations_.size() - 1;
}

OperationId History::invoke(Time now, NodeId client, std::string_view function, std::string value,
                            const kv::Command& command) {
  asked_.append({function, std::move(value)});
  return invoke(now, client, command);
}

OperationId History::invoke_about(Time now, NodeId client, std::string_view function,
                                  std::string key) {
  asked_.append({function, std::move(key), true});
  return invoke(now, client, {});
}

void History::note(Time now, std::string_view function, NodeId node) {
  changes_.append({now, function, node});
}

void History::complete(Time now, OperationId id, Completion completion, kv::Value result) {
  ++completed_[static_cast<std::size_t>(completion)];
  returns_.append({next_position(), now, id, result, completion});
}

void History::complete(Time now, OperationId id, Completion completion, std::string value) {
  answered_.append(std::move(value));
  complete(now, id, completion);
}

History::Invoked History::invoked(std::size_t i) const {
  return {invocations_[i + 1].client, function(i)};
}

History::Completed History::completed(std::size_t i) const {
  const Return& end = returns_[i + 1];
  const Invoked of = invoked(end.id);
  return {of.client, of.function, end.completion};
}

std::vector<Operation> History::operations() const {
  std::vector<Operation> operations(invocations_.size());
  for (OperationId id = 0; id < operations.size(); ++id) {
    const Invocation& invocation = invocations_[id + 1];
    Operation& op = operations[id];
    op.id = id;
    op.client = invocation.client;
    op.command = invocation.command;
    op.function = function(id);
    if (of_texts()) {
      op.asked = asked_[id + 1].value;
      op.about_key = asked_[id + 1].about_key;
    }
    op.invoked = invocation.position;
    op.invoked_at = invocation.time;
  }
  for (std::uint64_t i = 1; i <= returns_.last_index(); ++i) {
    const Return& end = returns_[i];
    Operation& op = operations[end.id];
    SEEDBED_ASSERT(op.returned_at == Time::never(), "operation {} completed twice", end.id);
    op.completion = end.completion;
    op.result = end.result;
    if (of_texts()) op.answered = answered_[i];
    op.returned_at = end.time;
    if (end.completion != Completion::kInfo) op.returned = end.position;
  }
  return operations;
}

}  // namespace seedbed
