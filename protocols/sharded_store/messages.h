// What the servers of the sharded store say to each other, and what they keep on their disks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/kv.h"
#include "sim/world/kv_store.h"

namespace seedbed::sharded_store {

/// A part of the keys, from 0: what is placed, and moves, as a whole.
using Shard = std::uint32_t;
/// Counts the configurations, from 1; 0 is none.
using Epoch = std::uint64_t;

/// Who the members are. With the parameters it says who owns each shard. On the disk: the newest
/// one that the server knows.
struct Configuration {
  static constexpr auto kName = "Configuration";
  Epoch epoch = 0;
  std::uint64_t salt = 0;              // of the hashes: drawn once, by the coordinator
  std::vector<std::uint32_t> members;  // ids of servers, rising
  bool operator==(const Configuration&) const = default;
  constexpr void describe(auto& d) const { d("epoch", epoch)("salt", salt)("members", members); }
};

// Messages.

/// Is there a newer configuration than this? With `joins`: make the sender a member.
struct Ask {
  static constexpr auto kName = "Ask";
  Epoch epoch = 0;
  bool joins = false;
  constexpr void describe(auto& d) const { d("epoch", epoch)("joins", joins); }
};
struct Configure {
  static constexpr auto kName = "Configure";
  Configuration configuration;
  constexpr void describe(auto& d) const { d("configuration", configuration); }
};
/// The shard is the receiver's from now on. Until the answer comes this is repeated.
struct Move {
  static constexpr auto kName = "Move";
  Shard shard = 0;
  Epoch epoch = 0;  // the configuration that says so
  std::vector<kv::Record> image;
  constexpr void describe(auto& d) const { d("shard", shard)("epoch", epoch)("image", image); }
};
/// It is on the receiver's disk, or was there once.
struct Moved {
  static constexpr auto kName = "Moved";
  Shard shard = 0;
  Epoch epoch = 0;
  constexpr void describe(auto& d) const { d("shard", shard)("epoch", epoch); }
};

// Timers and orders.

struct Heartbeat {
  static constexpr auto kName = "Heartbeat";
  constexpr void describe(auto&) const {}
};
enum class ChangeKind : std::uint8_t { kAdd, kRemove };
constexpr std::string_view name_of(ChangeKind kind) {
  return kind == ChangeKind::kAdd ? "add" : "remove";
}
struct ChangeMembers {
  static constexpr auto kName = "ChangeMembers";
  ChangeKind kind = ChangeKind::kAdd;
  std::vector<std::uint32_t> servers;
  constexpr void describe(auto& d) const { d("kind", kind)("servers", servers); }
};

// On the disk.

enum class EntryKind : std::uint8_t {
  kExecuted,  // a request that writes
  kTaken,     // a shard, with its image
  kGiving,    // nobody may write to it any more
  kGiven,     // whom it was given to has it
};
constexpr std::string_view name_of(EntryKind kind) {
  constexpr std::string_view kNames[] = {"executed", "taken", "giving", "given"};
  return kNames[static_cast<std::uint8_t>(kind)];
}
struct Entry {
  static constexpr auto kName = "Entry";
  EntryKind kind = EntryKind::kExecuted;
  Shard shard = 0;
  Epoch epoch = 0;
  NodeId to;
  kv::Request request;
  std::vector<kv::Record> image;
  constexpr void describe(auto& d) const {
    d("kind", kind)("shard", shard)("epoch", epoch)("to", to)("request", request)("image", image);
  }
};
/// A journal that ends before this one has lost something.
struct JournalEnd {
  static constexpr auto kName = "JournalEnd";
  std::uint64_t end = 0;
  constexpr void describe(auto& d) const { d("end", end); }
};

}  // namespace seedbed::sharded_store
