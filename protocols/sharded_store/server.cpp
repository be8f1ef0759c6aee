#include "protocols/sharded_store/server.h"

#include <bit>

#include "protocols/sharded_store/fault_points.h"
#include "protocols/sharded_store/placement.h"

namespace seedbed::sharded_store {

/// Who finds that its disk has lost something stops: nobody else has what it held.
void Server::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  initial_servers_ = ctx.initial_servers();
  const auto* end = durable.saved<JournalEnd>();
  const bool shorter = end != nullptr && durable.log<Entry>().last_index() < end->end;
  if (durable.damaged() || shorter) return ctx.halt();
  recover(durable);
  if (self_ == kCoordinator && configuration_.epoch == 0) begin(ctx);
  if (configuration_.epoch == 0) ctx.send(kCoordinator, Ask{0, true});
  ++changes_;
  give_what_is_anothers(ctx);
  ctx.after(parameters_.heartbeat, Heartbeat{});
}

void Server::recover(const Recovered& durable) {
  const auto* configuration = durable.saved<Configuration>();
  if (configuration == nullptr) return;
  know(*configuration);
  journal_ = durable.log<Entry>();
  for (auto i = journal_.first_index(); i <= journal_.last_index(); ++i) replay(journal_[i]);
}

void Server::replay(const Entry& entry) {
  Holding& holding = holdings_[entry.shard];
  switch (entry.kind) {
    case EntryKind::kExecuted: holding.store.apply(entry.request); return;
    case EntryKind::kTaken:
      holding = Holding{.since = entry.epoch, .store = kv::Store(entry.image)};
      return;
    case EntryKind::kGiving:
      if (!remembers_giving()) return;
      holding.giving_since = entry.epoch;
      holding.to = entry.to;
      return;
    case EntryKind::kGiven:
      given_[entry.shard] = entry.epoch;
      holdings_.erase(holdings_.find(entry.shard));
  }
}

void Server::write(Context& ctx, Entry entry) {
  journal_.append(std::move(entry));
  ctx.append(journal_, journal_.last_index());
  ctx.save(JournalEnd{journal_.last_index()});
}

std::string_view Server::role() const {
  if (self_ == kCoordinator) return "coordinator";
  if (configuration_.epoch == 0) return "newcomer";
  const auto& members = configuration_.members;
  return std::binary_search(members.begin(), members.end(), self_.value) ? "member" : "outsider";
}

bool Server::serves(Shard shard) const {
  const auto held = holdings_.find(shard);
  return held != holdings_.end() && answers(held->second);
}

/// Each request at most once, however often it comes, and whoever held the shard when it first did.
void Server::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  const Shard shard = shard_of(m.command.key, parameters_.shards);
  if (!serves(shard)) return redirect(ctx, from, m, shard);
  kv::Store& store = holdings_.at(shard).store;
  if (const auto known = store.answer_to(m)) return ctx.reply(from, *known);
  const auto reply = store.apply(m);
  if (!reply) return;
  if (m.command.function != kv::Function::kRead) {
    write(ctx, Entry{.kind = EntryKind::kExecuted, .shard = shard, .request = m});
  }
  if (!replies_when_durable()) return ctx.send_unsynced(from.from, *reply);
  ctx.reply(from, *reply);
}

void Server::redirect(Context& ctx, const Envelope& from, const kv::Request& m, Shard shard) {
  const auto held = holdings_.find(shard);
  NodeId hint = configuration_.epoch == 0 ? kCoordinator : owners_[shard];
  if (held != holdings_.end()) hint = held->second.to;
  if (hint == self_ || ctx.maybe(fault_points::kNoHint)) hint = kNobody;
  ctx.count("redirects");
  ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, hint});
}

/// After 1, 2, 4, 8, 16, and then every 16 heartbeats: a slow link must not fill up with what it is
/// slow to carry.
static bool is_time_to_repeat(std::uint32_t& beats) {
  return std::has_single_bit(++beats) || beats % 16 == 0;
}

void Server::on(Context& ctx, const Heartbeat&) {
  ctx.after(parameters_.heartbeat, Heartbeat{});
  if (self_ != kCoordinator) {
    ctx.send(kCoordinator, Ask{configuration_.epoch, configuration_.epoch == 0});
  }
  for (auto& [shard, holding] : holdings_) {
    if (!holding.is_giving() || !repeats_moves()) continue;
    if (is_time_to_repeat(holding.beats)) send_move(ctx, shard, holding);
  }
}

}  // namespace seedbed::sharded_store
