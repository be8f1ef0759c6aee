#include "protocols/commit_over_raft/member.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace seedbed::commit_over_raft {

void Member::configure(const Parameters& parameters) {
  parameters_ = parameters;
  raft_.configure(parameters.replication());
  Participant::configure(parameters.commit());
  Coordinator::configure(parameters.commit());
}

/// Who has joined later stands for nobody.
void Member::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  if (groups_ == nullptr) {
    groups_ = std::make_shared<const Groups>(std::vector<std::uint32_t>(ctx.initial_servers(), 1));
  }
  group_ = groups_->name_of(self_);
  if (group_ == kNobody) return;
  raft_.founded_by(members());
  raft_.keep_log();
  raft_.start(ctx, durable);
}

bool Member::is_coordinators(NodeId group) const {
  if (group == kNobody || groups_->count() == 1) return group != kNobody;
  return group < groups_->name(std::min(parameters_.coordinators, groups_->count() - 1));
}

NodeId Member::participant_of(tx::Key key) const {
  const std::uint32_t others = groups_->count() - parameters_.coordinators;
  return groups_->name(parameters_.coordinators + key % others);
}

// --- clients

/// Who does not speak sends them on; what it was asked in an earlier life of its own it cannot
/// tell.
void Member::on(Context& ctx, const Envelope& from, const tx::Request& m) {
  if (speaks_ && coordinates()) {
    Coordinator::on(ctx, from, m);
    return catch_up(ctx);
  }
  const bool asked_before = m.session != tx::kNoSession;
  const auto outcome = asked_before ? tx::Outcome::kExpired : tx::Outcome::kRedirected;
  ctx.reply(from, tx::Reply{m.id, outcome, tx::kNoSession, hint_for(m), {}});
}

NodeId Member::hint_for(const tx::Request& m) const {
  if (is_coordinators(group_)) return raft_.leader() == self_ ? kNobody : raft_.leader();
  const std::uint64_t turn = m.id.sequence + m.id.client.value;
  return groups_->name(static_cast<std::uint32_t>(turn % parameters_.coordinators));
}

// --- the journal

void Member::write(Context& ctx, tpc::Record record) {
  ++written_;
  for (const Words& words : cut(record)) propose(ctx, carrying(life_, words));
}

/// To our own Raft server, which leads. Its state machine has no use for the command: as a request
/// that its client has given up it only stands in the log.
void Member::propose(Context& ctx, const kv::Command& command) {
  const std::uint64_t sequence = ++proposed_;
  const Envelope ourselves{{self_, ctx.service()}};
  raft_.on(ctx, ourselves, kv::Request{{self_, sequence}, kv::kNoSession, sequence + 1, command});
}

/// Whatever may have happened in the group.
void Member::catch_up(Context& ctx) {
  replay();
  const bool leads = raft_.raft_role() == raft::Role::kLeader;
  if (speaks_ && (!leads || life_ != term())) fall_silent();
  if (!leads) return;
  if (opened_in_ != raft_.current_term()) {
    opened_in_ = raft_.current_term();
    propose(ctx, opening(term()));
  }
  if (!speaks_ && has_taken_over()) begin_to_speak(ctx);
  if (speaks_) release(ctx);
}

void Member::replay() {
  while (replayed_ < end_of_journal()) journal_.replay(log()[++replayed_]);
}

void Member::begin_to_speak(Context& ctx) {
  ctx.count("takeovers");
  speaks_ = true;
  life_ = term();
  start_coordinator(ctx, journal_.records(), life_);
  start_participant(ctx, journal_.records(), life_);
}

/// As in a crash, but that the journal stays.
void Member::fall_silent() {
  speaks_ = false;
  written_ = 0;
  later_.clear();
  static_cast<Participant&>(*this) = Participant();
  static_cast<Coordinator&>(*this) = Coordinator();
  Participant::configure(parameters_.commit());
  Coordinator::configure(parameters_.commit());
}

// --- what is said, and what is heard

void Member::post(Context& ctx, NodeId to, tpc::Mail mail) {
  Post post{to, std::move(mail)};
  if (later_.empty() && is_written(written_)) return send(ctx, post);
  later_.push({written_, std::move(post)});
}

void Member::when_written(Context&, const tpc::Recorded& recorded) {
  later_.push({written_, recorded});
}

void Member::release(Context& ctx) {
  while (speaks_ && !later_.empty() && is_written(later_.front().record)) {
    happen(ctx, later_.pop());
  }
}

void Member::happen(Context& ctx, Later later) {
  if (const auto* post = std::get_if<Post>(&later.what)) return send(ctx, *post);
  if (const auto* recorded = std::get_if<tpc::Recorded>(&later.what)) {
    return Coordinator::on(ctx, *recorded);
  }
  const Heard& heard = std::get<Heard>(later.what);
  std::visit([&](const auto& m) { handle(ctx, heard.from, m); }, heard.mail);
}

/// It is durable in the group, whatever our own disk is still writing.
void Member::send(Context& ctx, const Post& post) {
  std::visit(
      [&](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        ctx.multicast_unsynced(groups_->members(post.to), Parcel<M>{group_, m});
      },
      post.mail);
}

/// A decision about what is in doubt here is written before it is acknowledged, and that asks the
/// group, too.
bool Member::asks_its_group(const tpc::Decision& m) const {
  const auto local = locals().find(m.txn);
  return local == locals().end() || local->second.phase != tpc::Phase::kPrepared;
}

/// A record of nothing asks the group: when it is in the journal we spoke still when it was heard.
template <class M>
void Member::hear(Context& ctx, NodeId from, const M& m) {
  if constexpr (requires { asks_its_group(m); }) {
    if (asks_its_group(m)) {
      ctx.count("marks");
      write(ctx, {});
      return later_.push({written_, Heard{from, m}});
    }
  }
  handle(ctx, from, m);
}

template <class M>
void Member::handle(Context& ctx, NodeId from, const M& m) {
  const Envelope envelope{{from, ctx.service()}};
  if constexpr (std::is_same_v<M, tpc::Inquiry>) {
    if (m.txn.coordinator == group_) return answer(ctx, envelope, m);
    return tell_peer(ctx, envelope, m.txn);
  } else if constexpr (requires { Coordinator::on(ctx, envelope, m); }) {
    Coordinator::on(ctx, envelope, m);
  } else {
    Participant::on(ctx, envelope, m);
  }
}

template void Member::hear(Context&, NodeId, const tpc::Work&);
template void Member::hear(Context&, NodeId, const tpc::Worked&);
template void Member::hear(Context&, NodeId, const tpc::Prepare&);
template void Member::hear(Context&, NodeId, const tpc::Vote&);
template void Member::hear(Context&, NodeId, const tpc::Decision&);
template void Member::hear(Context&, NodeId, const tpc::Ack&);
template void Member::hear(Context&, NodeId, const tpc::Inquiry&);

void Member::on(Context& ctx, const tpc::VoteTimeout& m) {
  if (speaks_) Coordinator::on(ctx, m);
  catch_up(ctx);
}

void Member::on(Context& ctx, const tpc::TellAgain& m) {
  if (speaks_) Coordinator::on(ctx, m);
  catch_up(ctx);
}

void Member::on(Context& ctx, const tpc::ParticipantTimeout& m) {
  if (speaks_) Participant::on(ctx, m);
  catch_up(ctx);
}

}  // namespace seedbed::commit_over_raft
