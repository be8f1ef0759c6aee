// What a protocol tells the world about itself: one constant in each folder of protocols/. The
// registry (all_protocols) is generated from the folders; from it come `list`, `explain`, the
// schema, the reader's checks, and the tests that every protocol gets for free.
//
//   constinit const Protocol kProtocol = {.name = "echo", .title = "Echo", ..., .make = make};
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "sim/base/parameters.h"
#include "sim/chaos/fault.h"
#include "sim/check/invariant.h"
#include "sim/check/measure.h"
#include "sim/world/config.h"
#include "sim/world/process.h"

namespace seedbed {

namespace workflow {
class Workflow;
}

/// A rule of the protocol broken on purpose, and the invariant that must notice.
struct MutantInfo {
  std::string_view name;
  std::string_view about;
  std::string_view dies_by;  // or: linearizable, progress, recovery, assert
  std::unique_ptr<ProcessBase> (*make)(std::span<const Value> parameters);
};

struct InvariantInfo {
  std::string_view name;
  std::string_view about;
  std::string_view source;
  bool at_end = false;  // told by the end of a run only: one that stopped early is undecided
};

/// A figure of a run that papers publish.
struct MeasureInfo {
  std::string_view name;
  std::string_view about;
  std::string_view source;
  MeasureKind kind = MeasureKind::kTime;
  std::unique_ptr<MeasureBase> (*make)() = nullptr;
};

/// A variant is a set of parameters under a name.
struct VariantInfo {
  std::string_view name;
  std::string_view about;
  struct Setting {
    std::string_view parameter;
    Value value;
  };
  std::span<const Setting> settings;
};

struct RoleInfo {
  std::string_view name;    // as `role()` reports it, and the selector of the one with the top term
  std::string_view plural;  // the selector of all of them
  /// "leader", "leaders": what scenarios that several protocols share call a primary.
  std::string_view also = "";
  std::string_view also_plural = "";
};

struct MetricInfo {
  std::string_view name;
  std::string_view about;
};

/// A place in the code where something rare but allowed may happen: `ctx.maybe(name)`.
struct FaultPointInfo {
  std::string_view name;
  std::string_view about;
};

/// What is known before the first node boots.
struct Deployment {
  std::uint64_t seed = 0;
  std::uint32_t nodes = 0;    // n1, n2, ...: those that the run begins with
  std::uint32_t servers = 0;  // and its spares
};

struct Protocol {
  std::string_view name;
  std::string_view title;
  std::string_view paper;
  std::string_view about;
  std::string_view workload;  // the service that it offers: "kv" (Workload::service)
  std::uint32_t min_nodes = 1;
  std::uint32_t max_nodes = 0;  // 0: as many as there are
  std::span<const Parameter> parameters;
  std::span<const VariantInfo> variants;
  std::span<const RoleInfo> roles;
  std::span<const InvariantInfo> invariants;
  std::span<const MakeWatch> watches;  // who looks for them: one for each type of process
  std::span<const MutantInfo> mutants;
  std::span<const ProtocolAction> actions;
  /// Faults that its paper rules out, such as a disk that forgets what it synced: a swarm leaves
  /// them out, because a violation under them is no bug.
  std::span<const FaultInfo* const> beyond_its_model;
  std::span<const std::string_view> weather_beyond_its_model = {};  // "network.loss", ...
  std::span<const MetricInfo> metrics;
  std::span<const FaultPointInfo> fault_points;
  std::span<const MeasureInfo> measures;
  /// Says what is wrong with a set of parameters that are each within bounds, or "". `nodes`: the
  /// servers that the run begins with, or its groups, for who uses them.
  std::string_view (*validate)(std::span<const Value> parameters, std::uint32_t nodes) = nullptr;
  /// How long after the last fault has ended the service may take to answer again; null: no
  /// promise, and the check `recovery` is left out. `asked`: some action of its own took effect.
  std::optional<Duration> (*recovery)(std::span<const Value> parameters, const WorldConfig& world,
                                      bool asked) = nullptr;
  /// A node's process before its first start.
  std::unique_ptr<ProcessBase> (*make)(std::span<const Value> parameters) = nullptr;
  /// Gives it what all nodes share from the beginning, such as a ring that was built by whoever
  /// deployed them; once a run, before any is copied from it. It must not change while they run.
  void (*deploy)(ProcessBase& process, const Deployment& deployment) = nullptr;
  /// Of the service `lookup`: whose a key is now that nothing is under way any more.
  NodeId (*owner)(const World& world, std::uint64_t key) = nullptr;
  /// Tells it which workflow it is to run; null for who runs none.
  void (*use_workflow)(ProcessBase& process,
                       std::shared_ptr<const workflow::Workflow> workflow) = nullptr;
  /// Tells it of how many nodes each group of the scenario is, by rising id; without groups, one
  /// of each node. Null for whom groups are but names.
  void (*use_groups)(ProcessBase& process, std::span<const std::uint32_t> sizes) = nullptr;
};

/// All of them, sorted by name: the folders of protocols/, and what plugins added.
std::span<const Protocol* const> all_protocols();
/// Adds a plugin's protocol, which must live as long as the program; before any scenario is read.
/// False if there is one of that name.
bool add_protocol(const Protocol& protocol);
/// Null where there is no such protocol.
inline const Protocol* find_protocol(std::string_view name) {
  for (const Protocol* p : all_protocols()) {
    if (p->name == name) return p;
  }
  return nullptr;
}

/// A plugin is a shared library with this one C symbol. It returns its protocol, or null if `abi`
/// is not the kPluginAbi that it was built with.
///
///   extern "C" const seedbed::Protocol* seedbed_protocol(unsigned abi) {
///     return abi == seedbed::kPluginAbi ? &kMine : nullptr;
///   }
///
///   c++ -std=c++20 -shared -fPIC -ffp-contract=off -I SEEDBED mine.cpp -o libmine.so
///   tools/seedbed run mine.yaml --plugin ./libmine.so
constexpr unsigned kPluginAbi = 10;
using PluginEntry = const Protocol* (*)(unsigned abi);

}  // namespace seedbed
