// What the digests cost in a run of Raft. They cannot be switched off, so they are counted and
// priced: an observer counts the events and the payloads of a run and keeps a sample of the
// payloads; then the very same digests are computed over the sample, and the very same folds over
// as many events, with nothing else around. The price is that of a loop with its data at hand, as
// it is in the run: a payload is digested when it has just been written.
//
// Not seen: the tags of timers that are cancelled. Raft's have no fields, so their digest is none.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "protocols/raft/messages.h"
#include "sim/workload/kv_client.h"
#include "sim/world/world.h"

namespace seedbed::bench {

class DigestShare : public Observer {
 public:
  void on_send(const MessageKey& key, const PayloadHeader& payload, const Fate&, bool) override;
  void on_event(std::uint64_t, Time, const Event& event, const PayloadHeader* payload,
                std::uint64_t) override;

  /// The processor's seconds that all digests of the observed run take. Throws if more than a
  /// hundredth of the payloads are of types that it does not know.
  double seconds() const;

 private:
  using Any =
      std::variant<raft::AppendEntries, raft::AppendEntriesReply, raft::RequestVote,
                   raft::RequestVoteReply, raft::InstallSnapshot, raft::InstallSnapshotReply,
                   raft::ElectionTimeout, raft::HeartbeatTimeout, raft::BatchTimeout,
                   raft::VoteSynced, raft::LogSynced, kv::Request, kv::Reply, NextOperation,
                   AskAgain, GiveUp>;

  void note(const PayloadHeader& payload);
  template <class... T>
  bool keep(const PayloadHeader& payload, const std::variant<T...>*);
  double seconds_of_payloads() const;
  double seconds_of_events() const;

  std::vector<Any> sample_;
  std::uint64_t payloads_ = 0;
  std::uint64_t unknown_ = 0;
  std::uint64_t events_ = 0;
  MessageKey last_;
  const PayloadHeader* last_payload_ = nullptr;
};

}  // namespace seedbed::bench
