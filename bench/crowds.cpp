// Protocols among thousands of nodes, beside simulators that run the same: Chord as SimGrid is
// made to run it (scenarios/bench/chord-simgrid.yaml), for a tenth of its time.
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/cpu_time.h"
#include "bench/figures.h"
#include "bench/peer.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed::bench {

namespace {

constexpr std::int64_t kSeconds = 100;

std::shared_ptr<const Scenario> chord() {
  const ReadResult read =
      read_scenario_file(SEEDBED_SOURCE_DIR "/scenarios/bench/chord-simgrid.yaml", {});
  if (!read.scenario) throw std::runtime_error(read.errors.front().text());
  auto scenario = std::make_shared<Scenario>(*read.scenario);
  scenario->duration = 1'000_ms * kSeconds;
  return scenario;
}

/// The time of a message; to boot is not in it.
double nanoseconds_a_message(const std::shared_ptr<const Scenario>& scenario) {
  Run run(scenario);
  const double seconds = seconds_of([&] { run.to_end(); });
  return seconds * 1e9 / static_cast<double>(run.world().messages().sent);
}

}  // namespace

void add_crowds(Suite& suite) {
  suite.add("chord, 10^4 nodes", [] {
    Figure figure{.unit = "ns"};
    figure.add(Side::kEngine, "run",
               value([scenario = chord()] { return nanoseconds_a_message(scenario); }));
    if (add_peer(figure, "SimGrid", "simgrid_chord", {"10000", std::to_string(kSeconds)})) {
      figure.wanted.push_back({Wanted::Kind::kOfPeer, 30, "SimGrid"});
    }
    return figure;
  });
}

}  // namespace seedbed::bench
