// What members say to each other: Das, Gupta and Motivala 2002, sections 3 and 4. News travels on
// pings and their answers; nothing is sent for its sake alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/text.h"

namespace seedbed::swim {

using Incarnation = std::uint32_t;

/// In the order in which one overrides another of the same incarnation (section 4.2).
enum class State : std::uint8_t { kAlive, kSuspect, kDead };
constexpr std::string_view name_of(State s) {
  constexpr std::string_view kNames[] = {"alive", "suspect", "dead"};
  return kNames[static_cast<std::uint8_t>(s)];
}

/// A piece of news about a member: Alive, Suspect or Confirm.
struct Update {
  NodeId member;
  State state = State::kAlive;
  Incarnation incarnation = 0;
  NodeId by;  // who began to suspect it: Lifeguard counts different ones
  constexpr bool operator==(const Update&) const = default;
  constexpr void describe(auto& d) const {
    d("member", member)("state", state)("incarnation", incarnation)("by", by);
  }
};
/// "n3 suspect@2 by n1".
inline std::string brief_text(const Update& u) {
  const std::string by = u.by ? " by " + to_text(u.by) : "";
  return fmt::format("{} {}@{}{}", to_text(u.member), name_of(u.state), u.incarnation, by);
}
using News = std::vector<Update>;

/// `origin` waits for the answer: the sender; or who asked the sender to ping.
struct Ping {
  static constexpr auto kName = "Ping";
  NodeId origin;
  std::uint32_t sequence = 0;   // the origin's
  Incarnation incarnation = 0;  // the sender's
  News news;
  constexpr void describe(auto& d) const {
    d("origin", origin)("sequence", sequence)("incarnation", incarnation)("news", news);
  }
};
/// Goes back the way the ping came.
struct Ack {
  static constexpr auto kName = "Ack";
  NodeId origin;
  std::uint32_t sequence = 0;
  Incarnation incarnation = 0;  // the sender's
  News news;
  constexpr void describe(auto& d) const {
    d("origin", origin)("sequence", sequence)("incarnation", incarnation)("news", news);
  }
};
struct PingReq {
  static constexpr auto kName = "PingReq";
  NodeId target;
  std::uint32_t sequence = 0;
  bool wants_nack = false;
  Incarnation incarnation = 0;  // the sender's
  News news;
  constexpr void describe(auto& d) const {
    d("target", target)("sequence", sequence)("wants_nack", wants_nack)("incarnation", incarnation)(
        "news", news);
  }
};
/// Lifeguard: the helper hears nothing from the target either.
struct Nack {
  static constexpr auto kName = "Nack";
  std::uint32_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
/// Joining, leaving, and catching up: all that is not as it was in the beginning.
struct Sync {
  static constexpr auto kName = "Sync";
  bool wants_reply = false;
  News news;  // the sender's own state among it
  constexpr void describe(auto& d) const { d("wants_reply", wants_reply)("news", news); }
};

// --- timers

/// A protocol period ends, and the next begins.
struct ProtocolPeriod {
  static constexpr auto kName = "ProtocolPeriod";
  constexpr void describe(auto&) const {}
};
struct PingTimeout {
  static constexpr auto kName = "PingTimeout";
  std::uint32_t sequence = 0;
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};
struct SuspicionTimeout {
  static constexpr auto kName = "SuspicionTimeout";
  NodeId member;
  constexpr void describe(auto& d) const { d("member", member); }
};
struct NackTimeout {
  static constexpr auto kName = "NackTimeout";
  NodeId origin;
  std::uint32_t sequence = 0;
  constexpr void describe(auto& d) const { d("origin", origin)("sequence", sequence); }
};
struct SyncTimer {
  static constexpr auto kName = "SyncTimer";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::swim
