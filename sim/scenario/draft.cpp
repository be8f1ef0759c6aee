#include "sim/scenario/draft.h"

#include <array>
#include <numeric>

#include "sim/scenario/chaos_form.h"
#include "sim/scenario/decisions_form.h"
#include "sim/scenario/progress_form.h"
#include "sim/scenario/published_form.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/world_fields.h"

namespace seedbed {

namespace {

constexpr std::int64_t kMostServers = 1'000'000;

constexpr Choice<OnViolation> kOnViolation[] = {
    {"stop", OnViolation::kStop, "the run ends with its first violation"},
    {"continue", OnViolation::kContinue, "the run goes on to its end"},
};
}  // namespace

Who who_of(const Draft& draft) {
  const TopologyConfig& topology = draft.scenario.world.network.topology;
  Who who;
  who.nodes = draft.nodes.value_or(topology.nodes().value_or(draft.scenario.nodes));
  if (draft.groups) {
    who.groups = *draft.groups;
    who.nodes = 0;
    for (const NodeGroup& g : *draft.groups) who.nodes += g.count;
  }
  who.spares = draft.scenario.spares;
  if (topology.regions != nullptr) who.regions = topology.regions->places;
  who.clients = draft.workload ? draft.workload->clients : 0;
  who.protocol = draft.scenario.protocol;
  who.certain = draft.errors != nullptr && who.protocol != nullptr &&
                !(draft.nodes && draft.groups) && draft.errors->clean("nodes") &&
                draft.errors->clean("groups") && draft.errors->clean("spares") &&
                draft.errors->clean("workload") && draft.errors->clean("network.topology");
  return who;
}

/// `role:` of a group has one word so far, so nothing stores it.
enum class NodeRole : std::uint8_t { kServer };
constexpr Choice<NodeRole> kNodeRoles[] = {
    {"server", NodeRole::kServer, "the protocol's servers"},
};

template <class F>
void fields(F& f, NodeGroup& group) {
  NodeRole role = NodeRole::kServer;
  if (group.count == 0) group.count = 1;
  f("name", group.name, "the group's name, which selectors use",
    NameForm{"-_", false, false, "a group's name"}, Need::kRequired);
  f("count", group.count, "how many nodes", IntegerForm{1, kMostServers});
  f("role", role, "what runs on them; so far every protocol has one kind of node",
    ChoiceForm<NodeRole>{kNodeRoles, "role"});
}

template <class F>
void fields(F& f, Draft& d) {
  Scenario& s = d.scenario;
  const NameForm name{"-", true, true, "a scenario's name"};
  f("name", s.name, "lower-case letters, digits and '-'; left out: the file's name", name);
  f("about", s.about, "what happens, for people");
  f("protocol", s.protocol, "what runs on the nodes", ProtocolForm{}, Need::kRequired);
  f("variant", s.variant, "a named set of the protocol's parameters", VariantForm{s.protocol});
  f("mutant", s.mutant, "a rule of the protocol broken on purpose", MutantForm{s.protocol});
  f("with", d.with, "the protocol's own parameters", WithForm{s.protocol});
  f("nodes", d.nodes, "how many servers: n1, n2, ...", IntegerForm{1, kMostServers});
  f("groups", d.groups, "servers in named groups, instead of nodes",
    ListForm<MapForm<NodeGroup>>{"a list of groups", {"a group: { name: east, count: 3 }"}, 1});
  f("spares", s.spares, "servers that are not there yet, and may join: named after the nodes",
    IntegerForm{0, kMostServers});
  f("duration", s.duration, "how long the run is; then faults heal, and it settles",
    DurationForm{1_ns});
  f("settle", s.settle, "how long the end is, without faults");
  f("seed", s.world.seed, "the seed of every draw; --seed wins", IntegerForm{});
  f("tie_break", s.world.tie_break, "which of two events at the same time comes first",
    ChoiceForm<TieBreak>{kTieBreaks});
  f("clocks", s.world.clocks, "how wrong the nodes' clocks are");
  f("cpu", s.world.cpu, "how fast the nodes are");
  f("disk", s.world.disk, "how fast and how careful the nodes' disks are");
  f("fault_points", s.world.fault_points,
    "cooperative faults: rare but allowed, where the protocol's code says maybe",
    FaultPointsForm{s.protocol});
  f("workload", d.workload, "who asks for what", WorkloadForm{});
  f("network", s.world.network, "latency, loss, topology and the like", NetworkForm{&d});
  f("chaos", s.chaos, "what goes wrong, and when", ChaosForm{who_of(d)});
  const Judged judged{s.protocol, d.workload ? d.workload->kind : nullptr, d.errors == nullptr};
  f("check", s, "who judges; no name listed: all that apply; and properties of its own",
    CheckForm{judged});
  f("expect", s.expect_violates, "pass, or the check that must fail",
    ExpectForm{judged, s.properties});
  f("progress", s, "off for a run in which nothing can succeed; or how long it may be silent",
    ProgressForm{});
  f("published", s.published, "what a paper found, for bench to compare with",
    PublishedForm{s.protocol});
  f("on_violation", s.on_violation, "what to do then", ChoiceForm<OnViolation>{kOnViolation});
  f("decisions", s.world.network.decisions, "what becomes of single messages",
    DecisionsForm{who_of(d)});
}

void read_keys(const Cursor& root, Draft& draft) {
  draft.errors = &root.errors();
  MapForm<Draft>{"a scenario: a map with keys such as protocol, nodes and chaos"}.read(root, draft);
}

Shape scenario_shape() {
  Shape whole = MapForm<Draft>{}.shape();
  constexpr std::array kOfProtocol = {"variant", "mutant",       "with",     "check",
                                      "expect",  "fault_points", "published"};
  for (const Protocol* protocol : all_protocols()) {
    Draft draft;
    draft.scenario.protocol = protocol;
    ShapeWriter writer;
    fields(writer, draft);
    ShapeCase c{"protocol", std::string(protocol->name), {}, {}};
    for (FieldShape& field : writer.take()) {
      const bool own =
          std::find(kOfProtocol.begin(), kOfProtocol.end(), field.name) != kOfProtocol.end();
      if (own) c.fields.push_back(std::move(field));
    }
    whole.cases.push_back(std::move(c));
  }
  return whole;
}

}  // namespace seedbed
