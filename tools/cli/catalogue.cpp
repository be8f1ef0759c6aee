#include "tools/cli/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/base/text.h"
#include "sim/chaos/fault.h"
#include "sim/check/check_report.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/workload/workload.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

const std::vector<CheckInfo>& general_checks() {
  static const std::vector<CheckInfo> checks = {
      {"progress",
       "Something happened: an operation was acknowledged, and every listed fault took effect on "
       "somebody. Always on, unless the scenario says `progress: off` and why. With `progress: { "
       "within: 3s, from: 10s }` also: from then until the duration is over, nobody waits longer "
       "than that, one operation after another, and sees none acknowledged.",
       ""},
      {"recovery",
       "Once all faults have ended and the time that the protocol gives itself has passed, every "
       "operation is answered (on a lossy network: at least one of ten or more, for any may run "
       "out of attempts). "
       "Of workloads; left out where the protocol promises nothing, no operation came so late, or "
       "a "
       "majority of the servers, or of what they had written, is gone.",
       "Dwork, Lynch, Stockmeyer 1988, Consensus in the Presence of Partial Synchrony"},
      {"assert", "No assertion in the protocol's code failed. Always on.", ""},
      {"always",
       "A temporal property, in `check:` under a name of its own: { name: one-leader, always: "
       "count(role == leader) <= 1 }. The condition holds after every event. Conditions: "
       "all(...), any(...) and count(...) >= 2 of the servers that are up, with comparisons of "
       "described fields inside (explain PROTOCOL lists them; role and epoch are the process's); "
       "up == 5; time < 2s; what happens at this event: sent, delivered and fired with a message "
       "or timer, fault and over with a fault, becomes with a role, invoke, ok, fail and info with "
       "one of the workload's operations (read, write, cas), or operation; joined by and, or, not "
       "and parentheses.",
       "Pnueli 1977, The Temporal Logic of Programs"},
      {"sometimes",
       "A temporal property: { name: somebody-stands, sometimes: becomes candidate }. The "
       "condition (see `always`) holds after some event of the run; each run is judged by itself.",
       "Pnueli 1977, The Temporal Logic of Programs"},
      {"eventually",
       "A temporal property: { name: first-leader, eventually: { to: any(role == leader), within: "
       "2s } }. The condition (see `always`) holds soon after the beginning, the end of the window "
       "included; unknown where the run ends before the window does.",
       "Koymans 1990, Specifying Real-Time Properties with Metric Temporal Logic"},
      {"leads_to",
       "A temporal property: { name: comes-back, leads_to: { from: fault crash, to: any(role == "
       "leader), within: 3s } }. Whenever the first condition (see `always`) holds, the other one "
       "does then or soon after. Unknown where the run ends while a window is open: `from: ... "
       "and time < 60s` leaves out what comes too late.",
       "Koymans 1990, Specifying Real-Time Properties with Metric Temporal Logic"},
  };
  return checks;
}

namespace {

std::vector<NamedThing> mutants() {
  std::vector<NamedThing> things;
  for (const Protocol* p : all_protocols()) {
    for (const MutantInfo& m : p->mutants) {
      things.push_back({std::string(m.name),
                        fmt::format("{}: {}; dies by {}", p->name, m.about, m.dies_by), ""});
    }
  }
  return things;
}

std::vector<NamedThing> checks() {
  std::vector<NamedThing> things;
  for (const CheckInfo& c : general_checks()) {
    things.push_back({std::string(c.name), std::string(c.about), std::string(c.source)});
  }
  for (const Workload* w : all_workloads()) {
    for (const WorkloadCheck& c : w->checks) {
      things.push_back({std::string(c.name), fmt::format("workload {}: {}", w->name, c.about),
                        std::string(c.source)});
    }
  }
  for (const HistoryCheck* c : history_checks()) {
    things.push_back({std::string(c->name), std::string(c->about), std::string(c->source)});
  }
  for (const Protocol* p : all_protocols()) {
    for (const InvariantInfo& i : p->invariants) {
      things.push_back(
          {std::string(i.name), fmt::format("{}: {}", p->name, i.about), std::string(i.source)});
    }
  }
  return things;
}

/// Every scenario below ./scenarios that can be read.
std::vector<NamedThing> scenarios() {
  namespace fs = std::filesystem;
  std::vector<NamedThing> things;
  if (!fs::is_directory("scenarios")) {
    throw BadInput("there is no folder 'scenarios' here; go to where it is");
  }
  for (const auto& entry : fs::recursive_directory_iterator("scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const ReadResult read = read_scenario_file(entry.path().string(), {});
    things.push_back({entry.path().string(),
                      read.scenario ? read.scenario->about : "cannot be read: see validate", ""});
  }
  std::sort(things.begin(), things.end(),
            [](const NamedThing& a, const NamedThing& b) { return a.name < b.name; });
  return things;
}

}  // namespace

std::vector<NamedThing> catalogue(const std::string& what) {
  std::vector<NamedThing> things;
  if (what == "mutants") return mutants();
  if (what == "checks") return checks();
  if (what == "scenarios") return scenarios();
  if (what == "protocols") {
    for (const Protocol* p : all_protocols()) {
      things.push_back({std::string(p->name), std::string(p->about), std::string(p->paper)});
    }
  } else if (what == "faults") {
    for (const FaultInfo* f : all_faults()) {
      things.push_back({std::string(f->name), std::string(f->about), std::string(f->source)});
    }
    for (const Protocol* p : all_protocols()) {
      for (const ProtocolAction& a : p->actions) {
        things.push_back(
            {std::string(a.name), fmt::format("{}: {}", p->name, a.about), std::string(a.source)});
      }
    }
  } else if (what == "workloads") {
    for (const Workload* w : all_workloads()) {
      things.push_back({std::string(w->name), std::string(w->about), ""});
    }
  } else {
    const std::vector<std::string_view> known = {"protocols", "mutants",   "faults",
                                                 "checks",    "workloads", "scenarios"};
    const std::string_view near = nearest(what, known);
    throw BadInput(fmt::format("list: nothing is called '{}'; {}{}", what,
                               near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
                               fmt::format("There are {}", fmt::join(known, ", "))));
  }
  return things;
}

}  // namespace seedbed::cli
