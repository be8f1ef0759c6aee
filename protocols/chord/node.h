// A Chord node (Stoica, Morris, Liben-Nowell, Karger, Kaashoek, Dabek, Balakrishnan: Chord, SIGCOMM
// 2001; IEEE/ACM ToN 11(1), 2003). The rules that the paper, or Zave after it, argues about are
// virtual. Zave: Reasoning About Identifier Spaces: How to Make Chord Correct, IEEE TSE 43(12),
// 2017.
//
//   Node node;
//   node.share(ring);       // before it boots: what everybody knows
//
// join.cpp: how it becomes a member and ceases to be one. stabilize.cpp: the ring. lookup.cpp:
// find_successor, and the fingers. store.cpp: blocks, and what clients ask for.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "protocols/chord/deployment.h"
#include "protocols/chord/fingers.h"
#include "protocols/chord/messages.h"
#include "sim/base/cloned.h"
#include "sim/base/flat_map.h"
#include "sim/world/context.h"
#include "sim/world/process.h"

namespace seedbed::chord {

/// Whom to ask next about a key, or whose it is.
struct Hop {
  NodeId node;
  bool is_owner = false;
};

/// A lookup that came to its end, for who measures them.
struct Ended {
  Id key = 0;
  NodeId owner;
  std::uint32_t hops = 0;
  std::uint32_t timeouts = 0;
};

class Node : public Process<Node, Find, Found, AskNext, Next, Ping, Pong, GetState, State, Notify,
                            Leaving, Store, Fetch, Served, Replicate, StabilizeTimer,
                            FixFingersTimer, CheckPredecessorTimer, ReplicateTimer, LookUpTimer,
                            JoinTimer, Overdue, NotifyNow, StabilizeNow, lookup::Request> {
 public:
  void configure(const Parameters& parameters) {
    ring_ = std::make_shared<const FoundedRing>(parameters, 0, 0, 0);
  }
  void share(std::shared_ptr<const FoundedRing> ring) { ring_ = std::move(ring); }

  void start(Context& ctx, const Recovered& durable);
  void leave(Context& ctx) override;

  void on(Context& ctx, const Envelope& from, const Find& m);
  void on(Context& ctx, const Envelope& from, const Found& m);
  void on(Context& ctx, const Envelope& from, const AskNext& m);
  void on(Context& ctx, const Envelope& from, const Next& m);
  void on(Context& ctx, const Envelope& from, const Ping& m);
  void on(Context& ctx, const Envelope& from, const Pong& m);
  void on(Context& ctx, const Envelope& from, const GetState& m);
  void on(Context& ctx, const Envelope& from, const State& m);
  void on(Context& ctx, const Envelope& from, const Notify& m);
  void on(Context& ctx, const Envelope& from, const Leaving& m);
  void on(Context& ctx, const Envelope& from, const Store& m);
  void on(Context& ctx, const Envelope& from, const Fetch& m);
  void on(Context& ctx, const Envelope& from, const Served& m);
  void on(Context& ctx, const Envelope& from, const Replicate& m);
  void on(Context& ctx, const Envelope& from, const lookup::Request& m);
  void on(Context& ctx, const StabilizeTimer&);
  void on(Context& ctx, const FixFingersTimer&);
  void on(Context& ctx, const CheckPredecessorTimer&);
  void on(Context& ctx, const ReplicateTimer&);
  void on(Context& ctx, const LookUpTimer&);
  void on(Context& ctx, const JoinTimer&);
  void on(Context& ctx, const Overdue& m);
  void on(Context& ctx, const NotifyNow&) { notify(ctx); }
  void on(Context& ctx, const StabilizeNow&) { stabilize(ctx); }

  std::string_view role() const override { return is_member_ ? "" : "joining"; }
  const Parameters& parameters() const { return ring_->parameters(); }
  const Circle& circle() const { return ring_->circle(); }
  const FoundedRing& ring() const { return *ring_; }
  NodeId self() const { return self_; }
  Id id() const { return id_; }
  bool is_member() const { return is_member_; }
  NodeId predecessor() const { return predecessor_; }
  const std::vector<NodeId>& successors() const { return successors_; }
  /// In true time: names a life of the node, for who remembers it.
  Time booted_at() const { return booted_at_; }
  /// Counts the changes of the two above, and of membership, in this life.
  std::uint32_t changes() const { return changes_; }
  const Fingers& fingers() const { return fingers_; }
  bool holds(lookup::Key key) const { return blocks_ && blocks_->contains(key); }
  std::uint32_t lookups_ended() const { return lookups_ended_; }
  const Ended& last_ended() const { return last_ended_; }

  void describe(auto& d) const {
    d("id", id_)("member", is_member_)("predecessor", predecessor_)("successors", successors_)(
        "fingers", fingers_.nodes());
  }

 protected:
  // The rules. Each mutant breaks one.
  /// Whose the key is, or whom to ask next; `skip`: the first so many of them did not answer.
  virtual Hop next_hop(Id key, std::uint32_t skip) const;
  /// `candidate`, of whom the successor speaks as its predecessor, lies before it.
  virtual bool may_precede_successor(NodeId candidate) const;
  /// And it says itself that it is there, and what comes after it (Zave 2017).
  virtual bool asks_candidates() const { return parameters().corrected; }
  /// Who notifies may be the predecessor.
  bool may_be_predecessor(NodeId candidate) const;
  virtual bool forgets_predecessor() const { return true; }
  virtual bool notifies() const { return true; }
  /// Who does not answer may be taken for dead, and out of the list.
  virtual bool may_give_up(NodeId successor) const { return !ring_->is_base(successor); }
  /// The list of who has nobody left in it.
  virtual std::vector<NodeId> last_resort() const;
  /// Who joins takes over the successor list of a member, and is one only then.
  virtual bool joins_unasked() const { return false; }
  virtual bool replicates() const { return true; }

 private:
  struct Client {
    kv::RequestId id;
    Address from;
    lookup::Function function = lookup::Function::kLookup;
    lookup::Key key = 0;
  };
  enum class Purpose : std::uint8_t { kOwn, kFinger, kJoin, kClient };
  struct Lookup {
    Id key = 0;
    NodeId asked;  // iterative: who is to say whom to ask next
    NodeId next;   // whom that one named
    bool is_owner = false;
    bool serves = false;  // the owner was found, and is to store or fetch
    Purpose purpose = Purpose::kOwn;
    std::uint32_t skip = 0;
    std::uint32_t hops = 0;
    std::uint32_t timeouts = 0;
    std::uint32_t tries = 0;
    Id start = 0;                // of a finger
    std::vector<NodeId> silent;  // it does not wait for these again
    Cloned<Client> client;
    TimerId overdue;
  };
  using Open = FlatMap<LookupNumber, Lookup>;

  // join.cpp
  void found(Context& ctx);
  void join(Context& ctx);
  void become_member(Context& ctx, NodeId predecessor, std::vector<NodeId> successors);
  void start_timers(Context& ctx);
  // stabilize.cpp
  void stabilize(Context& ctx);
  void notify(Context& ctx);
  void adopt(std::vector<NodeId> successors);
  void adopt_predecessor(NodeId n);
  void drop_successor(NodeId n);
  std::vector<NodeId> list_of(std::initializer_list<NodeId> heads,
                              std::span<const NodeId> rest) const;
  // lookup.cpp
  Hop closest_preceding(Id way, std::size_t nearer, std::uint32_t skip) const;
  void begin(Context& ctx, Lookup lookup);
  void wait(Context& ctx, LookupNumber number, Lookup& lookup);
  void follow(Context& ctx, LookupNumber number, Hop hop);
  void give_up_next(Context& ctx, LookupNumber number);
  void ask_again(Context& ctx, LookupNumber number);
  void end(Context& ctx, Lookup& lookup, LookupNumber number, NodeId owner);
  void lose(Context& ctx, LookupNumber number);
  void close(Context& ctx, LookupNumber number);
  // store.cpp
  void serve(Context& ctx, LookupNumber number, NodeId owner);
  void put_block(Context& ctx, lookup::Key key);
  void answer(Context& ctx, LookupNumber number, lookup::Outcome outcome, NodeId owner);

  std::shared_ptr<const FoundedRing> ring_;
  Id id_ = 0;
  Time booted_at_;
  NodeId self_;
  NodeId predecessor_;
  std::vector<NodeId> successors_;
  Fingers fingers_;
  std::uint32_t changes_ = 0;
  std::uint32_t unanswered_ = 0;  // rounds of stabilize, in a row
  std::uint32_t silent_predecessor_ = 0;
  std::uint32_t next_finger_ = 0;
  LookupNumber last_lookup_ = 0;
  bool is_member_ = false;
  Open open_;
  std::uint32_t looked_up_ = 0;  // by itself
  std::uint32_t lookups_ended_ = 0;
  Ended last_ended_;
  Cloned<std::set<lookup::Key>> blocks_;  // null: none
};

}  // namespace seedbed::chord
