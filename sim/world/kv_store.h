// The replicated state machine behind the `kv` service: a map, and a session for each client so
// that a request takes effect at most once however often it is delivered (Ongaro 2014,
// section 6.3). Deterministic: the same requests in the same order give the same store on every
// replica.
//
//   kv::Store store;
//   if (auto reply = store.apply(request)) ctx.send(client, *reply);
#pragma once

#include <map>
#include <optional>

#include "sim/world/kv.h"

namespace seedbed::kv {

class Store {
 public:
  /// The answer, remembered until the client says that it no longer needs it; nullopt for a request
  /// that its client has given up.
  std::optional<Reply> apply(const Request& request);
  /// The remembered answer to a request that was applied before.
  std::optional<Reply> answer_to(const RequestId& id) const;
  Value read(Key key) const;

 private:
  struct Session {
    std::uint64_t lowest_open = 0;
    std::map<std::uint64_t, Reply> answers;
  };

  Reply execute(const Request& request);

  std::map<Key, Value> values_;
  std::map<NodeId, Session> sessions_;
};

}  // namespace seedbed::kv
