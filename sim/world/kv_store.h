// The replicated state machine behind the `kv` service: a map, and sessions so that a request takes
// effect at most once however often it is delivered (Ongaro 2014, section 6.3). Deterministic: the
// same requests in the same order give the same store on every replica, and so does its image.
//
//   kv::Store store;
//   if (auto reply = store.apply(request, now)) ctx.send(client, *reply);
//   const kv::Store copy(store.image());
#pragma once

#include <boost/container/small_vector.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/flat_map.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"

namespace seedbed::kv {

/// A part of a store's image, small enough to be sent in a chunk: the value of a key, a session, or
/// an answer that a session remembers (of the session before it).
struct Record {
  enum class Kind : std::uint8_t { kValue, kSession, kAnswer };
  Kind kind = Kind::kValue;
  Key key = 0;
  Value value = kNil;
  NodeId client;
  SessionId session = kNoSession;
  std::uint64_t lowest_open = 0;
  Duration last_active;
  Reply answer;
  constexpr bool operator==(const Record&) const = default;
  constexpr void describe(auto& d) const {
    d("kind", kind)("key", key)("value", value)("client", client)("session", session)(
        "lowest_open", lowest_open)("last_active", last_active)("answer", answer);
  }
};
constexpr std::string_view name_of(Record::Kind kind) {
  constexpr std::string_view kNames[] = {"value", "session", "answer"};
  return kNames[static_cast<std::uint8_t>(kind)];
}
/// "k7=1", "session n4 12", "n4#0 done 17".
std::string brief_text(const Record& record);

class Store {
 public:
  Store() = default;
  explicit Store(const std::vector<Record>& image);

  /// The answer, remembered until the client says that it no longer needs it; nullopt for a request
  /// that its client has given up. `now` is the time that all replicas agree on.
  std::optional<Reply> apply(const Request& request, Duration now = {});
  /// The remembered answer to a request that was applied before.
  std::optional<Reply> answer_to(const Request& request) const;
  Value read(Key key) const;

  /// A session under a number that was never used before.
  void open_session(NodeId client, SessionId session, Duration now);
  /// Closes the opened sessions that were last active before `deadline`.
  void expire_sessions(Duration deadline);
  bool knows(NodeId client, SessionId session) const {
    if (session == kNoSession) return true;
    const auto sessions = sessions_.find(client.value);
    return sessions != sessions_.end() && sessions->second.contains(session);
  }

  /// The whole state, in an order that depends on it alone.
  std::vector<Record> image() const;

 private:
  struct Session {
    std::uint64_t lowest_open = 0;
    Duration last_active;
    boost::container::small_vector<Reply, 1> answers;  // by rising sequence number: mostly the last
  };

  /// Where the answer to this request stands, or would.
  template <class Answers>
  static auto place_of(Answers& answers, std::uint64_t sequence);
  struct Effect {
    Value held = kNil;
    Outcome outcome = Outcome::kDone;
  };
  Effect execute(const Command& command);

  FlatMap<Key, Value> values_;
  FlatMap<std::uint32_t, FlatMap<SessionId, Session, 1>> sessions_;  // by client, who has one
};

}  // namespace seedbed::kv
