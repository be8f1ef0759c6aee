// The service of a distributed hash table as its clients speak it: who has a key, and blocks that
// are put under one. A block is put once and never changed, as in CFS (Dabek et al. 2001), so a key
// says what its block holds, and putting it again changes nothing. The workload `lookup` speaks it;
// Chord and Kademlia answer these two messages.
//
//   ctx.send(n1, lookup::Request{{self, 7}, lookup::Function::kPut, 4711});
//   ctx.send(client, lookup::Reply{m.id, lookup::Outcome::kDone, owner});
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/ids.h"
#include "sim/world/kv.h"

namespace seedbed::lookup {

/// As applications know it; what it hashes to is the protocol's business.
using Key = std::uint64_t;

enum class Function : std::uint8_t { kLookup, kPut, kGet };
constexpr std::string_view name_of(Function f) {
  constexpr std::string_view kNames[] = {"lookup", "put", "get"};
  return kNames[static_cast<std::uint8_t>(f)];
}

struct Request {
  static constexpr auto kName = "LookupRequest";
  kv::RequestId id;
  Function function = Function::kLookup;
  Key key = 0;
  constexpr void describe(auto& d) const { d("id", id)("function", function)("key", key); }
};

enum class Outcome : std::uint8_t {
  kDone,    // found the owner; put the block; or got it
  kAbsent,  // of a get: whoever ought to have the block has none
  kFailed,  // nobody knows; ask again, or somebody else
};
constexpr std::string_view name_of(Outcome o) {
  constexpr std::string_view kNames[] = {"done", "absent", "failed"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Reply {
  static constexpr auto kName = "LookupReply";
  kv::RequestId id;
  Outcome outcome = Outcome::kDone;
  NodeId owner;  // of the key, as far as the server could find out
  constexpr void describe(auto& d) const { d("id", id)("outcome", outcome)("owner", owner); }
};

}  // namespace seedbed::lookup
