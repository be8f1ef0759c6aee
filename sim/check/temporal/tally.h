// At how many servers the inside of one `all`, `any` or `count` holds, kept up to date server by
// server.
//
//   Tally tally(quantifier, world.servers());
//   if (tally.look(world, touched)) ...            // something has changed
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/fields.h"
#include "sim/check/temporal/formula.h"
#include "sim/world/world.h"

namespace seedbed::temporal {

class Tally {
 public:
  Tally(const Formula& quantifier, std::uint32_t servers)
      : quantifier_(&quantifier), of_server_(servers, kOutside) {}

  bool look(const World& world, NodeId n);
  bool holds() const;
  /// Those in its range where the inside holds, or does not.
  std::vector<NodeId> servers(bool where) const;
  /// "n2 (role=leader current_term=4)"
  std::string text(const World& world, NodeId n) const;

 private:
  enum State : std::uint8_t { kOutside, kNot, kHolds };

  const Formula* quantifier_;
  std::vector<std::uint8_t> of_server_;
  std::uint32_t not_ = 0;
  std::uint32_t holds_ = 0;
};

}  // namespace seedbed::temporal
