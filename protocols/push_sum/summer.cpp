#include "protocols/push_sum/summer.h"

#include <algorithm>

#include "protocols/push_sum/fault_points.h"
#include "sim/base/hash.h"

namespace seedbed::push_sum {

Mass Summer::initial(const Parameters& p, NodeId node) {
  const std::uint64_t span = p.most_value - p.least_value + std::uint64_t{1};
  const auto value = static_cast<std::int64_t>(p.least_value + scale(hash_of(node.value), span));
  return {value * Mass::kUnit, p.total && node.value != 1 ? 0 : Mass::kUnit};
}

void Summer::start(Context& ctx, const Recovered& durable) {
  const Parameters& p = *parameters_;
  const State* saved = durable.saved<State>();
  state_ = saved != nullptr ? *saved : State{.held = initial(p, ctx.self())};
  const Duration phase = p.in_step ? p.cycle : ctx.rng().between({Duration{}, p.cycle});
  ctx.after(phase, NextCycle{});
}

std::optional<std::int64_t> Summer::estimate() const {
  if (state_.held.weight <= 0) return std::nullopt;
  return static_cast<std::int64_t>(Int128{state_.held.sum} * 1'000 / state_.held.weight);
}

const Account* Summer::account_with(NodeId node) const {
  const auto found = std::find_if(state_.accounts.begin(), state_.accounts.end(),
                                  [node](const Account& a) { return a.node == node; });
  return found == state_.accounts.end() ? nullptr : &*found;
}

Account& Summer::account(NodeId node) {
  const Account* known = account_with(node);
  return known != nullptr ? const_cast<Account&>(*known)
                          : state_.accounts.emplace_back(Account{.node = node});
}

/// A server that the world began with, or a newcomer that has given something.
NodeId Summer::partner(Context& ctx) {
  const PeerView peers = ctx.peers();
  std::vector<NodeId> newcomers;
  for (const Account& a : state_.accounts) {
    if (a.node.value > ctx.initial_servers()) newcomers.push_back(a.node);
  }
  const std::size_t all = peers.size() + newcomers.size();
  if (all == 0) return kNobody;
  const std::uint64_t chosen = ctx.rng().below(all);
  return chosen < peers.size() ? peers[chosen] : newcomers[chosen - peers.size()];
}

/// What is not acknowledged is given again; who has something open gets nothing more.
void Summer::on(Context& ctx, const NextCycle&) {
  ctx.after(parameters_->cycle, NextCycle{});
  if (!parameters_->reliable) {
    const NodeId other = partner(ctx);
    if (!other) return;
    const Mass given = share_of(state_.held);
    state_.held = kept(state_.held, given);
    state_.given = state_.given + given;
    return ctx.send(other, Share{0, given});
  }
  for (const Account& a : state_.accounts) {
    if (a.open) ctx.send(a.node, Share{a.given, a.mass});
  }
  const NodeId other = ctx.maybe(fault_points::kKeepsAll) ? kNobody : partner(ctx);
  if (other) give(ctx, account(other));
}

void Summer::give(Context& ctx, Account& account) {
  if (account.open) return;
  account.open = true;
  ++account.given;
  account.mass = share_of(state_.held);
  state_.held = kept(state_.held, account.mass);
  state_.given = state_.given + account.mass;
  const Share share{account.given, account.mass};
  const NodeId to = account.node;
  ctx.save(state_);
  ctx.send(to, share);
}

void Summer::on(Context& ctx, const Envelope& from, const Share& m) {
  if (parameters_->reliable) {
    Account& giver = account(from.from.node);
    const bool fresh = is_new(giver, m);
    giver.taken = std::max(giver.taken, m.number);
    if (!fresh) return ctx.reply(from, Taken{m.number});
  }
  state_.held = state_.held + m.mass;
  state_.taken = state_.taken + m.mass;
  if (!parameters_->reliable) return;
  ctx.save(state_);
  if (!ctx.maybe(fault_points::kNoReceipt)) ctx.reply(from, Taken{m.number});
}

void Summer::on(Context& ctx, const Envelope& from, const Taken& m) {
  Account& taker = account(from.from.node);
  if (!taker.open || taker.given != m.number) return;
  taker.open = false;
  taker.mass = {};
  ctx.save(state_);
}

}  // namespace seedbed::push_sum
