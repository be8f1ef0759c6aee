// Swarm testing (Groce et al., ISSTA 2012): each seed draws which faults are on, how often and how
// long they last, the weather, the protocol's parameters, and the sizes. A test in which everything
// is on at once hides what a few things do for long; one that leaves features out finds more.
//
// What is drawn is a list of settings, as `--set` takes them: printed and stored, it rebuilds the
// very run, and so does the seed alone.
//
//   std::vector<Setting> drawn = swarm_settings(scenario, /*seed=*/7);
//   ReadResult read = read_scenario_file(scenario.file, drawn);
#pragma once

#include <cstdint>
#include <vector>

#include "sim/run/scenario.h"
#include "sim/scenario/settings.h"

namespace seedbed {

/// What seed draws on top of `scenario`. Left alone are the workload's kind and keys, the
/// durations, faults beyond the protocol's model, and where the scenario's own faults name nodes,
/// their number. Each thing has a stream of its own: a new fault or parameter moves no other draw.
/// `progress` is off, because a drawn fault may find nobody: count over the sweep what took effect.
std::vector<Setting> swarm_settings(const Scenario& scenario, std::uint64_t seed);

}  // namespace seedbed
