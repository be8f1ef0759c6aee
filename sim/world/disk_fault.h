// What goes wrong with disks for a while, on some nodes: chaos adds it to the world and takes it
// away again.
//
//   const std::uint32_t id = world.add_disk_fault({.kind = DiskFault::Kind::kFull, .nodes = {n2}});
//   world.remove_disk_fault(id);
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

struct DiskFault {
  enum class Kind : std::uint8_t {
    kSlow,    // each sync takes longer
    kFull,    // no room: syncs of slots and logs fail, and writes that make a file longer
    kError,   // a sync, a read of a file, or the reading of everything at boot fails by chance
    kLies,    // syncs are reported as done, and what they wrote stays in a cache that a crash
              // empties; the end of the fault writes it
    kAstray,  // by chance one write of a sync lands on another place
  };
  Kind kind = Kind::kSlow;
  std::uint32_t id = 0;
  std::uint64_t stream = 0;                        // its draws are its own
  Probability chance = Probability::percent(100);  // of each sync (kError: and read)
  Range<Duration> by;                              // kSlow
  std::vector<NodeId> nodes;
};

}  // namespace seedbed
