// SWIM with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
#pragma once

#include "protocols/swim/server.h"

namespace seedbed::swim {

/// Hears that it is suspected, and goes on as before.
struct NoRefutation : Mutant<NoRefutation, Server> {
  bool refutes() const override { return false; }
};

/// Suspects for ever.
struct SuspectsForEver : Mutant<SuspectsForEver, Server> {
  bool expires() const override { return false; }
};

/// Old news of a dead member that was alive makes it one again.
struct RevivesTheDead : Mutant<RevivesTheDead, Server> {
  bool overrides(const Update& news, const Known& known) const override {
    const bool late = known.state == State::kDead && news.state == State::kAlive;
    return Server::overrides(news, known) || (late && news.incarnation == known.incarnation);
  }
};

/// Accuses a member in its next incarnation, so that the accusation surely counts.
struct AccusesAhead : Mutant<AccusesAhead, Server> {
  Incarnation accused_in(Incarnation known) const override { return known + 1; }
};

/// Declares dead at once who did not answer.
struct KillsAtOnce : Mutant<KillsAtOnce, Server> {
  bool suspects_first() const override { return false; }
};

/// Probes any member, every time.
struct ProbesAtRandom : Mutant<ProbesAtRandom, Server> {
  bool goes_round() const override { return false; }
};

/// Tells all news for ever.
struct TellsForEver : Mutant<TellsForEver, Server> {
  std::uint32_t times_sent() const override { return ~0U; }
};

}  // namespace seedbed::swim
