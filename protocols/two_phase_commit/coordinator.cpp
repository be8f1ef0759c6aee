#include "protocols/two_phase_commit/coordinator.h"

#include <algorithm>

#include "protocols/two_phase_commit/fault_points.h"

namespace seedbed::two_phase_commit {

bool Coordinator::Global::unanimous() const {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& p) { return p.vote && *p.vote != Choice::kNo; });
}

// --- what survives a crash

/// What was decided is told again; of a vote that was only being collected no commit can have come.
void Coordinator::start_coordinator(Context& ctx, const SharedLog<Record>& log, Life life) {
  layout_ = Layout::of(parameters_.coordinators, ctx.initial_servers());
  coordinates_ = may_coordinate(ctx);
  life_ = life;
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    const Record& record = log[i];
    if (record.kind == RecordKind::kEnd) globals_.erase(record.txn);
    const bool opens =
        record.kind == RecordKind::kCollecting || record.kind == RecordKind::kDecided;
    if (!opens) continue;
    if (record.kind == RecordKind::kDecided && !awaits_acks(record.commit)) {
      globals_.erase(record.txn);
      continue;
    }
    Global& global = globals_[record.txn];
    global.state = State::kTelling;
    global.commit = record.commit;
    global.parts.clear();
    for (const NodeId n : record.participants) global.parts.push_back({.node = n});
  }
  for (auto& [txn, global] : globals_) {
    last_age_ = std::max(last_age_, txn.age);
    global.timer = ctx.after({}, TellAgain{txn});
  }
}

void Coordinator::force(Context& ctx, Record record) {
  ctx.count("forced_writes");
  write(ctx, std::move(record));
}

// --- clients

/// A request is executed at most once in a life, and one of another life never.
void Coordinator::on(Context& ctx, const Envelope& from, const tx::Request& m) {
  if (!coordinates_) {
    const auto turn =
        static_cast<std::uint32_t>((m.id.sequence + m.id.client.value) % layout_.coordinators);
    return ctx.reply(from,
                     tx::Reply{m.id, tx::Outcome::kRedirected, tx::kNoSession, {turn + 1}, {}});
  }
  if (m.session != life_) {
    return ctx.reply(from, tx::Reply{m.id, tx::Outcome::kExpired, life_, kNobody, {}});
  }
  Client& client = clients_[m.id.client];
  client.lowest_open = std::max(client.lowest_open, m.lowest_open);
  client.asked.erase_if([&](const auto& item) { return item.first < client.lowest_open; });
  if (m.id.sequence < client.lowest_open) return;
  const auto known = client.asked.find(m.id.sequence);
  if (known == client.asked.end()) {
    client.asked[m.id.sequence] = std::nullopt;
    begin(ctx, from, m);
  } else if (known->second) {
    ctx.reply(from, *known->second);
  }
}

void Coordinator::begin(Context& ctx, const Envelope& from, const tx::Request& m) {
  last_age_ = std::max(ctx.now(), last_age_ + 1_ns);
  const TxnId txn{last_age_, me(ctx), life_};
  Global& global = globals_[txn];
  global.client = from.from;
  global.request = m.id;
  global.operations = m.operations;
  std::map<NodeId, std::vector<tx::Operation>> shares;
  for (const tx::Operation& op : m.operations) {
    shares[participant_of(op.key)].push_back(op);
  }
  const bool impatient = ctx.maybe(fault_points::kImpatientVote);
  global.timer = ctx.after(parameters_.vote_timeout / (impatient ? 10 : 1), VoteTimeout{txn});
  const Time lowest = lowest_open();
  for (auto& [node, operations] : shares) {
    global.parts.push_back({.node = node});
    post(ctx, node, Work{txn, lowest, std::move(operations)});
  }
}

/// Ages of different lives do not compare: the clock may have stood still in between.
Time Coordinator::lowest_open() const {
  const bool of_this_life = std::all_of(globals_.begin(), globals_.end(), [this](const auto& item) {
    return item.first.life == life_;
  });
  return of_this_life ? globals_.begin()->first.age : Time{};
}

/// Once; what was asked again is answered from what is remembered.
void Coordinator::reply_to_client(Context& ctx, Global& global, tx::Outcome outcome) {
  if (!global.client.node) return;
  tx::Reply reply{global.request, outcome, life_, kNobody, {}};
  std::map<NodeId, std::size_t> next;
  for (const tx::Operation& op : global.operations) {
    if (outcome != tx::Outcome::kCommitted || op.function != tx::Function::kRead) continue;
    const Part* part = part_of(global, participant_of(op.key));
    reply.reads.push_back(part->reads[next[part->node]++]);
  }
  Client& client = clients_[global.request.client];
  if (global.request.sequence >= client.lowest_open) {
    client.asked[global.request.sequence] = reply;
  }
  ctx.send(global.client, std::move(reply));
  global.client = {};
}

// --- work

Coordinator::Global* Coordinator::find(const TxnId& txn) {
  const auto found = globals_.find(txn);
  return found == globals_.end() ? nullptr : &found->second;
}

Coordinator::Part* Coordinator::part_of(Global& global, NodeId node) const {
  for (Part& part : global.parts) {
    if (part.node == node) return &part;
  }
  return nullptr;
}

std::vector<NodeId> Coordinator::participants_of(const Global& global) {
  std::vector<NodeId> nodes;
  for (const Part& part : global.parts) nodes.push_back(part.node);
  return nodes;
}

void Coordinator::restart_timer(Context& ctx, Global& global, TimerId timer) {
  ctx.cancel(global.timer);
  global.timer = timer;
}

void Coordinator::on(Context& ctx, const Envelope& from, const Worked& m) {
  Global* global = find(m.txn);
  if (global == nullptr || global->state != State::kWorking) return;
  Part* part = part_of(*global, from.from.node);
  if (part == nullptr || part->worked) return;
  if (!m.granted) {
    part->vote = Choice::kNo;
    return decide(ctx, m.txn, false);
  }
  part->worked = true;
  part->life = m.life;
  part->reads = m.reads;
  const bool all = std::all_of(global->parts.begin(), global->parts.end(),
                               [](const Part& p) { return p.worked; });
  if (!all) return;
  global->state = State::kVoting;
  start_vote(ctx, m.txn, *global);
}

// --- the vote

/// Section 3.2: who presumes commits must know after a crash whose vote it was collecting.
void Coordinator::start_vote(Context& ctx, const TxnId& txn, Global& global) {
  if (parameters_.presumed_commit) {
    force(ctx, {RecordKind::kCollecting, txn, false, participants_of(global), {}});
  }
  send_prepares(ctx, txn, global);
}

void Coordinator::send_prepares(Context& ctx, const TxnId& txn, const Global& global) {
  const std::vector<NodeId> participants = participants_of(global);
  for (const Part& part : global.parts) {
    post(ctx, part.node, Prepare{txn, part.life, participants});
  }
}

void Coordinator::on(Context& ctx, const Envelope& from, const Vote& m) {
  Global* global = find(m.txn);
  if (global == nullptr || global->state != State::kVoting) return;
  Part* part = part_of(*global, from.from.node);
  if (part == nullptr || part->vote) return;
  part->vote = m.choice;
  if (m.choice == Choice::kNo) {
    ctx.count("no_votes");
    decide(ctx, m.txn, false);
  } else if (may_commit(*global)) {
    all_agree(ctx, m.txn);
  }
}

void Coordinator::on(Context& ctx, const VoteTimeout& m) {
  const Global* global = find(m.txn);
  if (global == nullptr) return;
  ctx.count("vote_timeouts");
  if (global->state == State::kWorking) return decide(ctx, m.txn, false);
  if (global->state == State::kVoting) give_up_vote(ctx, m.txn);
}

// --- the decision

/// Who voted no has aborted, and who only read has left.
bool Coordinator::wants_to_know(const Part& part) {
  return !part.vote || *part.vote == Choice::kYes;
}

/// Nobody has anything to lose where all have left.
bool Coordinator::forces_decision(const Global& global, bool commit) const {
  const bool anybody = std::any_of(global.parts.begin(), global.parts.end(), wants_to_know);
  if (commit) return anybody;
  return anybody && global.state != State::kWorking && !parameters_.presumed_abort &&
         !parameters_.presumed_commit;
}

/// The decision is made when its record is durable.
void Coordinator::decide(Context& ctx, const TxnId& txn, bool commit) {
  Global& global = *find(txn);
  const bool forces = forces_decision(global, commit);
  global.state = State::kRecording;
  global.commit = commit;
  ctx.cancel(global.timer);
  ctx.count(commit ? "commits" : "aborts");
  if (!forces) return on(ctx, Recorded{txn});
  Record record{RecordKind::kDecided, txn, commit, {}, {}};
  for (const Part& part : global.parts) {
    if (wants_to_know(part)) record.participants.push_back(part.node);
  }
  force(ctx, std::move(record));
  when_written(ctx, Recorded{txn});
}

void Coordinator::note_decision(const TxnId& txn, const Global& global) {
  ++decisions_;
  decided_ = {txn, global.commit, participants_of(global), {}};
  for (const Part& part : global.parts) {
    if (part.vote == Choice::kYes) decided_.voters.push_back(part.node);
  }
}

void Coordinator::on(Context& ctx, const Recorded& m) {
  Global& global = *find(m.txn);
  global.state = State::kTelling;
  note_decision(m.txn, global);
  reply_to_client(ctx, global, global.commit ? tx::Outcome::kCommitted : tx::Outcome::kAborted);
  for (Part& part : global.parts) part.acked = !wants_to_know(part);
  if (!ctx.maybe(fault_points::kSilentDecision)) tell(ctx, m.txn, global);
  const bool done =
      std::all_of(global.parts.begin(), global.parts.end(), [](const Part& p) { return p.acked; });
  if (done || !awaits_acks(global.commit)) return forget(ctx, m.txn);
  global.timer = ctx.after(parameters_.vote_timeout, TellAgain{m.txn});
}

void Coordinator::tell(Context& ctx, const TxnId& txn, const Global& global) {
  for (const Part& part : global.parts) {
    if (!part.acked) post(ctx, part.node, Decision{txn, global.commit});
  }
}

void Coordinator::on(Context& ctx, const TellAgain& m) {
  Global* global = find(m.txn);
  if (global == nullptr) return;
  tell(ctx, m.txn, *global);
  global->timer = ctx.after(parameters_.vote_timeout, TellAgain{m.txn});
}

void Coordinator::on(Context& ctx, const Envelope& from, const Ack& m) {
  Global* global = find(m.txn);
  if (global == nullptr || global->state != State::kTelling) return;
  if (Part* part = part_of(*global, from.from.node)) part->acked = true;
  const bool done = std::all_of(global->parts.begin(), global->parts.end(),
                                [](const Part& p) { return p.acked; });
  if (done) forget(ctx, m.txn);
}

/// If the record is lost, the decision is told once more.
void Coordinator::forget(Context& ctx, const TxnId& txn) {
  const Global& global = *find(txn);
  ctx.cancel(global.timer);
  if (awaits_acks(global.commit)) {
    ctx.count("lazy_writes");
    write(ctx, Record{RecordKind::kEnd, txn, global.commit, {}, {}});
  }
  globals_.erase(txn);
}

/// No decision, no answer; nothing known, what is presumed.
void Coordinator::answer(Context& ctx, const Envelope& from, const Inquiry& m) {
  const Global* global = find(m.txn);
  if (global == nullptr) return post(ctx, from.from.node, Decision{m.txn, presumes_commit()});
  if (global->state == State::kTelling) post(ctx, from.from.node, Decision{m.txn, global->commit});
}

}  // namespace seedbed::two_phase_commit
