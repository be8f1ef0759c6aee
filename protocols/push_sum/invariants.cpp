#include "protocols/push_sum/invariants.h"

#include <fmt/format.h>

#include <optional>

namespace seedbed::push_sum {

namespace {

std::string text_of(Mass m) { return fmt::format("{}/{}", m.sum, m.weight); }

/// What this node has given to others who have not taken it yet.
Mass on_its_way(const Servers<Summer>& servers, NodeId n, const Summer& s) {
  Mass all;
  for (const Account& account : s.state().accounts) {
    if (!account.open) continue;
    const Summer* taker = servers[account.node];
    const Account* there = taker == nullptr ? nullptr : taker->account_with(n);
    if (there == nullptr || there->taken < account.given) all = all + account.mass;
  }
  return all;
}

}  // namespace

void MassConservation::after(const Servers<Summer>&, NodeId n, const Summer& s, Report& report) {
  seen_[n] = 1;
  const State& state = s.state();
  const Mass expected = Summer::initial(s.parameters(), n) + state.taken - state.given;
  if (state.held == expected) return;
  report.fail("a node has what it gave away", {n},
              fmt::format("it has {}, and {} by what it gave and took", text_of(state.held),
                          text_of(expected)));
}

void MassConservation::at_end(const Servers<Summer>& servers, Report& report) {
  Mass expected;
  Mass found;
  for (std::uint32_t id = 1; id <= servers.count(); ++id) {
    const Summer* s = servers[{id}];
    if (s == nullptr && seen_[{id}] != 0) return;  // what it had is gone with it
    if (s == nullptr) continue;
    if (!s->parameters().reliable) return;
    expected = expected + Summer::initial(s->parameters(), {id});
    found = found + s->state().held + on_its_way(servers, {id}, *s);
  }
  if (found == expected) return;
  report.fail("mass was made or lost", {},
              fmt::format("all have {}, and began with {}", text_of(found), text_of(expected)));
}

void Convergence::at_end(const Servers<Summer>& servers, Report& report) {
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  for (std::uint32_t id = 1; id <= servers.count(); ++id) {
    const Summer* s = servers[{id}];
    const auto estimate = s == nullptr ? std::nullopt : s->estimate();
    if (!estimate) continue;
    least = std::min(least.value_or(*estimate), *estimate);
    most = std::max(most.value_or(*estimate), *estimate);
  }
  if (!least || (*most - *least) * 100 <= *most * kPercent) return;
  report.fail("estimates differ", {},
              fmt::format("estimates from {} to {} thousandths", *least, *most));
}

}  // namespace seedbed::push_sum
