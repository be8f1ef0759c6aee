// Failure detectors with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include "protocols/heartbeat/server.h"

namespace seedbed::heartbeat {

/// Hopes for the best.
struct NeverSuspects : Mutant<NeverSuspects, Server> {
  bool may_suspect() const override { return false; }
};

/// Who was late once is down for good.
struct NeverForgives : Mutant<NeverForgives, Server> {
  bool may_trust_again() const override { return false; }
};

}  // namespace seedbed::heartbeat
