// The transactional service as its clients speak it: all operations of a transaction at once, and a
// reply that says what is known. A key holds a list of numbers, empty before its first write; a
// register is a list of one. The workloads `txn` and `bank` speak it, so whatever protocol answers
// these two messages runs both and is judged by the same checks.
//
// A server executes a request at most once as long as it lives, and says by its session which life
// that is: a request of an earlier one (or of none: session 0) is not executed, so that no late
// duplicate is, either. Ask with session 0 first, and then as the refusal says.
//
//   ctx.send(n1, tx::Request{{self, 7}, session, 7, {{tx::Function::kAppend, 3, 1}}});
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/kv.h"

namespace seedbed::tx {

using Key = std::uint32_t;
using Number = std::int64_t;
using Numbers = std::vector<Number>;
using SessionId = std::uint64_t;
constexpr SessionId kNoSession = 0;

enum class Function : std::uint8_t { kRead, kWrite, kAppend, kAdd };
constexpr std::string_view name_of(Function f) {
  constexpr std::string_view kNames[] = {"read", "write", "append", "add"};
  return kNames[static_cast<std::uint8_t>(f)];
}

/// Read the list; make `number` all of it; append `number`; or add `number` to the register (0
/// where there is none yet), which must not leave less than `least`, or nothing of it happens.
struct Operation {
  Function function = Function::kRead;
  Key key = 0;
  Number number = 0;
  Number least = 0;
  constexpr bool operator==(const Operation&) const = default;
  constexpr void describe(auto& d) const {
    d("function", function)("key", key)("number", number)("least", least);
  }
};
/// "read k3", "append k3 7", "add k3 -5 (at least -100)".
std::string brief_text(const Operation& operation);

/// What an operation makes of what its key holds; a read leaves it.
void apply(const Operation& operation, Numbers& held);
/// It may be done to what its key holds.
bool is_allowed(const Operation& operation, const Numbers& held);

struct Request {
  static constexpr auto kName = "TxnRequest";
  kv::RequestId id;
  SessionId session = kNoSession;
  /// The client will never again ask for, or accept an answer to, a lower sequence number.
  std::uint64_t lowest_open = 0;
  std::vector<Operation> operations;
  constexpr void describe(auto& d) const {
    d("id", id)("session", session)("lowest_open", lowest_open)("operations", operations);
  }
};

enum class Outcome : std::uint8_t {
  kCommitted,
  kAborted,     // did not and will not take effect
  kUnknown,     // may or may not
  kExpired,     // not by this ask: `session` is what it must be asked under
  kRedirected,  // did not and will not take effect here; try `hint`
};
constexpr std::string_view name_of(Outcome o) {
  constexpr std::string_view kNames[] = {"committed", "aborted", "unknown", "expired",
                                         "redirected"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Reply {
  static constexpr auto kName = "TxnReply";
  kv::RequestId id;
  Outcome outcome = Outcome::kCommitted;
  SessionId session = kNoSession;
  NodeId hint;
  std::vector<Numbers> reads;  // what the reads saw, in their order
  constexpr void describe(auto& d) const {
    d("id", id)("outcome", outcome)("session", session)("hint", hint)("reads", reads);
  }
};

}  // namespace seedbed::tx
