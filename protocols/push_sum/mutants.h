// Push-Sum with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
#pragma once

#include "protocols/push_sum/summer.h"

namespace seedbed::push_sum {

/// Gives half of what it has, and keeps it, too.
struct KeepsBothHalves : Mutant<KeepsBothHalves, Summer> {
  Mass kept(Mass held, Mass) const override { return held; }
};

/// Takes a share as often as it comes.
struct TakesTwice : Mutant<TakesTwice, Summer> {
  bool is_new(const Account&, const Share&) const override { return true; }
};

/// Gives nothing of what it has, with all the ceremony.
struct GivesNothing : Mutant<GivesNothing, Summer> {
  Mass share_of(Mass) const override { return {}; }
};

}  // namespace seedbed::push_sum
