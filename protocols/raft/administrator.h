// What an administrator can ask of a cluster while it runs, as faults of chaos: membership changes
// (chapter 4), leadership transfer (section 3.10), and an election out of turn.
//
//   { at: 5s, add_server: n4 }
//   { at: 9s, change_membership: [n1, n2, n5] }
#pragma once

#include <array>

#include "protocols/protocol.h"

namespace seedbed::raft {

extern const std::array<ProtocolAction, 6> kAdministratorActions;

}  // namespace seedbed::raft
