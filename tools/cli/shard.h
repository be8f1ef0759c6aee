// Which part of a sweep is this process's: as --shard says, or as the engine that started it does.
//
//   shard_of("2/8", 0)     // the second of eight
//   shard_of("", 0)        // in a Slurm job array: its task; elsewhere the whole
//   shard_of("auto", 8)    // in a Kubernetes Indexed Job, which tells the index alone: of eight
#pragma once

#include <cstdint>
#include <string>

#include "sim/explore/sweep_plan.h"

namespace seedbed::cli {

struct ShardChoice {
  Shard shard;
  std::string from;  // the variable that decided it, or ""
};

/// Throws BadInput. `shards`: how many, 0 where that was not said.
ShardChoice shard_of(const std::string& text, std::uint64_t shards);

}  // namespace seedbed::cli
