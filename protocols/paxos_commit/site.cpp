#include "protocols/paxos_commit/site.h"

#include "protocols/two_phase_commit/site.h"

namespace seedbed::paxos_commit {

void Site::configure(const Parameters& parameters) {
  tpc::Parameters common;
  common.coordinators = parameters.acceptors;
  common.vote_timeout = parameters.vote_timeout;
  common.inquiry_timeout = parameters.inquiry_timeout;
  Participant::configure(common);
  Leader::configure(common);
}

void Site::start(Context& ctx, const Recovered& durable) {
  if (durable.damaged()) return ctx.halt();
  life_ = tpc::next_life(ctx, durable);
  start_acceptor(durable);
  start_coordinator(ctx, durable.log<tpc::Record>(), life_);
  start_participant(ctx, durable.log<tpc::Record>(), life_);
}

void Site::send_vote(Context& ctx, const TxnId& txn, const Local& local, tpc::Choice choice) {
  const Accepted vote{ctx.self(), {}, choice == tpc::Choice::kYes};
  const Phase2a proposal{txn, {}, local.participants, {vote}};
  for (std::uint32_t i = 1; i <= layout().coordinators; ++i) ctx.send(NodeId{i}, proposal);
}

void Site::when_in_doubt(Context& ctx, const TxnId& txn, Local& local) {
  const std::uint64_t turn = txn.coordinator.value - 1 + local.asked - 1;
  const auto acceptor = static_cast<std::uint32_t>(turn % layout().coordinators) + 1;
  ctx.send(NodeId{acceptor}, tpc::Inquiry{txn, local.participants});
}

}  // namespace seedbed::paxos_commit
