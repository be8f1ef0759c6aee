// The key-value service as its clients speak it: a request with a retry id, and a reply that says
// what is known. Raft, Multi-Paxos or a primary-backup store that answer these two messages run the
// same workloads and are judged by the same checks.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed::kv {

using Key = std::uint32_t;
using Value = std::int64_t;
/// What a key holds before its first write.
constexpr Value kNil = std::numeric_limits<Value>::min();

enum class Function : std::uint8_t { kRead, kWrite, kCas };
constexpr std::string_view name_of(Function f) {
  constexpr std::string_view kNames[] = {"read", "write", "cas"};
  return kNames[static_cast<std::uint8_t>(f)];
}

/// One operation on one key: read; write `value`; or set `value` if the key holds `expected`.
struct Command {
  Function function = Function::kRead;
  Key key = 0;
  Value value = kNil;
  Value expected = kNil;
  constexpr bool operator==(const Command&) const = default;
  constexpr void describe(auto& d) const {
    d("function", function)("key", key)("value", value)("expected", expected);
  }
};

/// Names a request for ever, whichever server sees it and however often.
struct RequestId {
  NodeId client;
  std::uint64_t sequence = 0;
  constexpr auto operator<=>(const RequestId&) const = default;
  constexpr void describe(auto& d) const { d("client", client)("sequence", sequence); }
};

/// "read k7", "write k7=1", "cas k7 1->2", "n4#0", "n4#0 done 17": as traces print them.
std::string brief_text(const Command& command);
std::string brief_text(const RequestId& id);

/// Names a client's session for ever. None: the server keeps one for each client by itself, as long
/// as it likes.
using SessionId = std::uint64_t;
constexpr SessionId kNoSession = 0;

struct Request {
  static constexpr auto kName = "Request";
  RequestId id;
  SessionId session = kNoSession;
  /// The client will never again ask for, or accept an answer to, a lower sequence number: servers
  /// may forget those (Ongaro 2014, section 6.3).
  std::uint64_t lowest_open = 0;
  Command command;
  constexpr bool operator==(const Request&) const = default;
  constexpr void describe(auto& d) const {
    d("id", id)("session", session)("lowest_open", lowest_open)("command", command);
  }
};

/// Asks for a session (RegisterClient, section 6.3): where sessions expire, an expired one must not
/// be taken for a new one, or an old request would take effect again.
struct OpenSession {
  static constexpr auto kName = "OpenSession";
  RequestId id;  // the request that waits for it; refusals name it
  constexpr void describe(auto& d) const { d("id", id); }
};
/// Asked twice, it is two sessions; the client uses the first that it hears of.
struct SessionOpened {
  static constexpr auto kName = "SessionOpened";
  SessionId session = kNoSession;
  Duration timeout;  // idle for longer, it expires
  constexpr void describe(auto& d) const { d("session", session)("timeout", timeout); }
};

enum class Outcome : std::uint8_t {
  kDone,        // took effect; `value` is what a read saw
  kMismatch,    // a cas that found something else, `value`, and did nothing
  kRedirected,  // did not and will not take effect here; try `hint`, if it names somebody
  kRefused,     // did not and will not take effect
  kUnknown,     // may or may not take effect
  kExpired,     // will not take effect by this ask: its session is unknown. Earlier asks may have
};
constexpr std::string_view name_of(Outcome o) {
  constexpr std::string_view kNames[] = {"done",    "mismatch", "redirected",
                                         "refused", "unknown",  "expired"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Reply {
  static constexpr auto kName = "Reply";
  RequestId id;
  Outcome outcome = Outcome::kDone;
  Value value = kNil;
  NodeId hint;
  constexpr bool operator==(const Reply&) const = default;
  constexpr void describe(auto& d) const {
    d("id", id)("outcome", outcome)("value", value)("hint", hint);
  }
};

std::string brief_text(const Reply& reply);

}  // namespace seedbed::kv
