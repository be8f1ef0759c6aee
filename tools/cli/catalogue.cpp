#include "tools/cli/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/base/text.h"
#include "sim/chaos/fault.h"
#include "sim/check/check_report.h"
#include "sim/scenario/scenario_reader.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

const std::vector<CheckInfo>& general_checks() {
  static const std::vector<CheckInfo> checks = {
      {"linearizable",
       "The history of the clients, key by key, has an order that a single copy could have "
       "produced, and that respects real time. Judged at the end; unknown where the budget runs "
       "out.",
       "Herlihy and Wing 1990; Wing and Gong 1993; Lowe 2017"},
      {"sequential",
       "What the clients saw, over all keys, has one order that respects what each client did in "
       "turn, but not real time. Only if listed, as are all orders but `linearizable`; of files, "
       "too: `explain kv`.",
       "Lamport 1979, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess "
       "Programs"},
      {"causal",
       "For each client there is an order of its operations and all writes that respects "
       "causality: what each client did in turn, and that a read follows its write. Causal memory, "
       "CM.",
       "Ahamad et al. 1995, Causal Memory; Bouajjani et al. 2017, On Verifying Causal Consistency"},
      {"causal-convergence",
       "There is one order of all operations within causality, and each read returns the last "
       "write in it of those that causally precede the read. CCv.",
       "Bouajjani et al. 2017, On Verifying Causal Consistency"},
      {"weak-causal",
       "Each read for itself can be explained by an order of what causally precedes it. CC.",
       "Bouajjani et al. 2017, On Verifying Causal Consistency"},
      {"pram",
       "For each client there is an order of its operations and all writes that respects what each "
       "client did in turn.",
       "Lipton and Sandberg 1988, PRAM: A Scalable Shared Memory"},
      {"read-your-writes", "Each read of a client knows of all that this client wrote before.",
       "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data"},
      {"monotonic-reads", "Each read of a client knows of what its earlier reads returned.",
       "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data"},
      {"monotonic-writes",
       "Who reads a write knows of all that its client wrote before; seen through clients with "
       "monotonic reads.",
       "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data"},
      {"writes-follow-reads",
       "Who reads a write knows of all that its client had read before; seen through clients with "
       "monotonic reads.",
       "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data"},
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
       "read, write, cas or operation; joined by and, or, not and parentheses.",
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

const std::vector<WorkloadInfo>& all_workloads() {
  static const std::vector<WorkloadInfo> workloads = {
      {"kv",
       "Clients read, write and compare-and-set keys. Each finds the server that answers, asks "
       "again under the same id, gives up after `timeout`, and after the settling one of them "
       "reads "
       "every key once more. Judged by `linearizable`.",
       {{"clients", "how many, each on a node of its own: c1, c2, ... (8)"},
        {"rate",
         "open loop: operations start on time at this rate over all clients, whatever the "
         "answers do (Poisson). Without it the loop is closed"},
        {"think", "closed loop: the pause after each answer (0s)"},
        {"keys", "how many keys (4)"},
        {"distribution", "uniform, or { zipf: 0.99 }"},
        {"mix", "{ read: 50%, write: 30%, cas: 20% }"},
        {"operations", "stop after so many"},
        {"timeout", "after which nobody knows what became of an operation (1s)"}}}};
  return workloads;
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
    for (const WorkloadInfo& w : all_workloads()) {
      things.push_back({std::string(w.name), std::string(w.about), ""});
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
