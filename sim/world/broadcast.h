// The broadcast service as its clients speak it: hand a value to a server, which sees to it that
// all servers deliver it; take a value back; and ask a server what it has delivered. A value names
// itself: handed over twice it is one value. Whatever protocol answers these two messages runs the
// workload `broadcast` and is judged by the same checks (Cachin, Guerraoui and Rodrigues 2011,
// Introduction to Reliable and Secure Distributed Programming, chapter 3).
//
//   ctx.send(n1, broadcast::Request{{self, 7}, broadcast::Function::kBroadcast, 42});
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/kv.h"

namespace seedbed::broadcast {

using Value = std::uint64_t;

enum class Function : std::uint8_t { kBroadcast, kRetract, kRead };
constexpr std::string_view name_of(Function f) {
  constexpr std::string_view kNames[] = {"broadcast", "retract", "read"};
  return kNames[static_cast<std::uint8_t>(f)];
}

struct Request {
  static constexpr auto kName = "BroadcastRequest";
  kv::RequestId id;
  Function function = Function::kBroadcast;
  Value value = 0;  // of a read: none
  constexpr void describe(auto& d) const { d("id", id)("function", function)("value", value); }
};

enum class Outcome : std::uint8_t {
  kDone,     // the server has taken it upon itself
  kRefused,  // it has not: a value that it does not know cannot be taken back
};
constexpr std::string_view name_of(Outcome o) {
  constexpr std::string_view kNames[] = {"done", "refused"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Reply {
  static constexpr auto kName = "BroadcastReply";
  kv::RequestId id;
  Outcome outcome = Outcome::kDone;
  std::vector<Value>
      values;  // of a read: what was delivered and not taken back, as often as it was
  constexpr void describe(auto& d) const { d("id", id)("outcome", outcome)("values", values); }
};

}  // namespace seedbed::broadcast
