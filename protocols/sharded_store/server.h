// A server of the sharded store: it executes what clients ask of the shards that it holds, and
// moves shards when the members change. One of them, n1, is the coordinator, too: it numbers the
// configurations. Serves the `kv` workload.
//
// A shard is a token: one server holds it, and it changes hands only by that server's own Move. The
// giver stops to answer for it, on its disk, before the Move departs, and forgets it when the taker
// has it on its own. Epochs of a shard's moves rise, so a Move that comes late is known for one.
//
//   server.cpp       what survives a crash, the clients, the heartbeat
//   shards.cpp       who learns of a configuration gives away what is another's, and is given
//   coordinator.cpp  members come and go
#pragma once

#include <string_view>
#include <vector>

#include "protocols/sharded_store/messages.h"
#include "protocols/sharded_store/parameters.h"
#include "sim/base/flat_map.h"
#include "sim/base/shared_log.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace seedbed::sharded_store {

constexpr NodeId kCoordinator{1};

/// A shard that a server has.
struct Holding {
  Epoch since = 0;          // the move that brought it; 1: it was there from the beginning
  Epoch giving_since = 0;   // the move that takes it away; 0: it stays
  NodeId to;                // whom it is given to
  std::uint32_t beats = 0;  // heartbeats since the Move was first sent
  kv::Store store;
  bool is_giving() const { return giving_since != 0; }
};

class Server
    : public Process<Server, Ask, Configure, Move, Moved, kv::Request, ChangeMembers, Heartbeat> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void start(Context& ctx, const Recovered& durable);

  void on(Context& ctx, const Envelope& from, const kv::Request& m);
  void on(Context& ctx, const Envelope& from, const Ask& m);
  void on(Context& ctx, const Envelope& from, const Configure& m);
  void on(Context& ctx, const Envelope& from, const Move& m);
  void on(Context& ctx, const Envelope& from, const Moved& m);
  void on(Context& ctx, const ChangeMembers& m);
  void on(Context& ctx, const Heartbeat&);

  std::string_view role() const override;
  std::uint64_t epoch() const override { return configuration_.epoch; }
  const Configuration& configuration() const { return configuration_; }
  const Parameters& parameters() const { return parameters_; }
  const std::vector<NodeId>& owners() const { return owners_; }
  const FlatMap<Shard, Holding>& holdings() const { return holdings_; }
  /// Clients are answered for it here.
  bool serves(Shard shard) const;
  /// Counts the changes of what it holds.
  std::uint64_t changes() const { return changes_; }

  void describe(auto& d) const {
    d("epoch", configuration_.epoch)("shards", holdings_.size())("journal", journal_.last_index());
  }

 protected:
  // The rules that safety rests on.

  /// Who gives a shard away answers for it no more.
  virtual bool answers(const Holding& holding) const { return !holding.is_giving(); }
  /// ... also after a crash.
  virtual bool remembers_giving() const { return true; }
  /// A reply departs when what it tells of is on the disk.
  virtual bool replies_when_durable() const { return true; }
  /// A Move carries all that the shard holds: values, and which requests were executed.
  virtual std::vector<kv::Record> image_of(const kv::Store& store) const { return store.image(); }
  /// A Move is repeated until it is answered ...
  virtual bool repeats_moves() const { return true; }
  /// ... and until then the shard is kept.
  virtual bool forgets_before_answer() const { return false; }
  /// Epochs of a shard's moves rise.
  virtual bool is_late(Epoch move, Epoch last) const { return move <= last; }
  /// An epoch is on the coordinator's disk before anybody hears of it.
  virtual bool saves_configuration() const { return true; }

 private:
  // server.cpp
  void recover(const Recovered& durable);
  void replay(const Entry& entry);
  void write(Context& ctx, Entry entry);
  void redirect(Context& ctx, const Envelope& from, const kv::Request& m, Shard shard);

  // shards.cpp
  void adopt(Context& ctx, const Configuration& configuration);
  void know(const Configuration& configuration);
  Epoch last_epoch_of(Shard shard) const;
  void give_what_is_anothers(Context& ctx);
  void give(Context& ctx, Shard shard, Holding& holding);
  void send_move(Context& ctx, Shard shard, const Holding& holding);

  // coordinator.cpp
  void begin(Context& ctx);
  void change(Context& ctx, std::vector<std::uint32_t> members);

  Parameters parameters_;
  NodeId self_;
  std::uint32_t initial_servers_ = 0;
  Configuration configuration_;
  std::vector<NodeId> owners_;  // by shard, as the configuration has it
  FlatMap<Shard, Holding> holdings_;
  FlatMap<Shard, Epoch> given_;  // the last move that took it away from here
  SharedLog<Entry> journal_;
  std::uint64_t changes_ = 0;
};

}  // namespace seedbed::sharded_store
