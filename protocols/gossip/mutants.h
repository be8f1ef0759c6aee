// Epidemics with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
#pragma once

#include "protocols/gossip/gossiper.h"

namespace seedbed::gossip {

/// Counts the contacts that were needed, and begins again with one that was not.
struct ResetsWrongly : Mutant<ResetsWrongly, Gossiper> {
  std::uint32_t counted(std::uint32_t counter, bool needed) const override {
    return Gossiper::counted(counter, !needed);
  }
};

/// A checksum of the values only: who has one and who has its death certificate seem to agree.
struct ChecksumsNoDeaths : Mutant<ChecksumsNoDeaths, Gossiper> {
  std::uint64_t checksum_of(Value value, const Item&) const override { return hash_of(value); }
};

/// Deletes what was deleted, and nothing is left that would say so.
struct ForgetsDeaths : Mutant<ForgetsDeaths, Gossiper> {
  bool keeps_certificates() const override { return false; }
};

/// A dormant certificate sleeps on when it meets its item.
struct SleepsOn : Mutant<SleepsOn, Gossiper> {
  bool awakens() const override { return false; }
};

/// Takes what it is told for news.
struct DeliversAgain : Mutant<DeliversAgain, Gossiper> {
  bool is_news(const Item& held, const Update& update) const override {
    return Gossiper::is_news(held, update) || (!held.dead && !update.dead);
  }
};

}  // namespace seedbed::gossip
