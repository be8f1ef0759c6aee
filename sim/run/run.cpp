#include "sim/run/run.h"

#include <algorithm>

#include "sim/workload/plan.h"
#include "sim/workload/workload.h"

// What every event goes through is one function to the compiler.
#define SEEDBED_HOT [[gnu::always_inline]] inline

namespace seedbed {

bool is_selected(const Scenario& scenario, std::string_view check) {
  if (!scenario.checks) return true;
  return std::find(scenario.checks->begin(), scenario.checks->end(), check) !=
         scenario.checks->end();
}

Run::Run(std::shared_ptr<const Scenario> scenario)
    : scenario_(std::move(scenario)),
      world_(scenario_->world, scenario_->nodes, scenario_->spares),
      chaos_(std::shared_ptr<const ChaosPlan>(scenario_, &scenario_->chaos),
             scenario_->world.seed) {
  add_servers();
  add_clients();
  watch_invariants();
  if (!scenario_->properties.empty()) {
    temporal_ = std::make_unique<Temporal>(scenario_->properties, world_.servers());
  }
  if (scenario_->published) {
    for (const PublishedMeasure& p : scenario_->published->measures) {
      measures_.emplace_back(p.measure->make());
    }
  }
  const Time heal = Time{} + scenario_->duration;
  world_.schedule_action(heal, kHeal);
  world_.schedule_action(heal + scenario_->settle, kEnd);
  chaos_.start(world_);
}

void Run::add_servers() {
  const Protocol& protocol = *scenario_->protocol;
  auto make = protocol.make;
  for (const MutantInfo& mutant : protocol.mutants) {
    if (mutant.name == scenario_->mutant) make = mutant.make;
  }
  std::unique_ptr<ProcessBase> made = make(scenario_->parameters);
  const bool own_workflow = scenario_->workload && scenario_->workload->workflow.workflow;
  if (own_workflow && protocol.use_workflow != nullptr) {
    protocol.use_workflow(*made, scenario_->workload->workflow.workflow);
  }
  if (protocol.use_groups != nullptr) protocol.use_groups(*made, scenario_->group_sizes());
  if (protocol.deploy != nullptr) {
    protocol.deploy(*made, {scenario_->world.seed, scenario_->nodes, scenario_->servers()});
  }
  const std::shared_ptr<const ProcessBase> server = std::move(made);
  for (std::uint32_t i = 0; i < scenario_->servers(); ++i) world_.add_node({server});
}

void Run::add_clients() {
  if (!scenario_->workload) return;
  const Time until = Time{} + scenario_->duration;
  const WorkloadConfig& config = *scenario_->workload;
  tells_changes_ = config.kind->of_members;
  const auto plan =
      ClientPlan::make(config, scenario_->world.seed, until, until + scenario_->settle / 2);
  for (std::uint32_t i = 0; i < config.clients; ++i) {
    world_.add_node({config.kind->client(plan, i)});
  }
}

void Run::watch_invariants() {
  const Protocol& protocol = *scenario_->protocol;
  for (const MakeWatch make : protocol.watches) {
    WatchBase& watch = *watches_.emplace_back(make());
    for (const InvariantInfo& info : protocol.invariants) {
      if (!is_selected(*scenario_, info.name)) watch.leave_out(info.name);
    }
  }
  for (const InvariantInfo& info : protocol.invariants) {
    const bool watched = std::any_of(watches_.begin(), watches_.end(),
                                     [&](const auto& watch) { return watch->has(info.name); });
    SEEDBED_ASSERT(watched, "no watch of the protocol {} has its invariant {}", protocol.name,
                   info.name);
  }
}

/// A process that asserts is in no state to go on.
template <class Body>
SEEDBED_HOT void Run::attempt(Body body) {
  try {
    body();
  } catch (const AssertionFailed& failed) {
    const NodeId n = world_.acting();
    found({"assert", failed.what(), failed.shape(), n ? std::vector{n} : std::vector<NodeId>{}});
    over_ = true;
  }
}

bool Run::step() {
  if (over_) return false;
  attempt([this] { take_step(); });
  return !over_;
}

void Run::to_end() {
  attempt([this] {
    while (!over_) take_step();
  });
}

SEEDBED_HOT void Run::take_step() {
  if (temporal_) [[unlikely]]
    temporal_->before(world_);
  Step step;
  const bool any = world_.step(step);
  SEEDBED_ASSERT(any, "the world ran dry before the end");
  if (tells_changes_) [[unlikely]]
    tell_changes(step);
  if (step.kind == Event::Kind::kAction) {
    act(step.action);
  } else if (step.ran != nullptr && step.node.value <= world_.servers()) {
    check_invariants(step);
  }
  if (temporal_ && !over_) [[unlikely]] {
    temporal_->after(world_, chaos_, step, report_);
    if (!report_.empty()) found_all(report_.take());
  }
  if (!measures_.empty() && !over_) take_measures(step.node);
}

/// Who booted, and who stopped, for whatever reason.
void Run::tell_changes(const Step& step) {
  const auto is_server = [this](NodeId n) { return n && n.value <= world_.servers(); };
  const SharedLog<RoleChange>& changes = world_.role_changes();
  while (told_ < changes.last_index()) {
    const RoleChange& change = changes[++told_];
    if (change.role == "down" && is_server(change.node)) {
      world_.history().note(change.at, "crash", change.node);
    }
  }
  if (step.kind == Event::Kind::kBoot && is_server(step.node) && world_.is_up(step.node)) {
    world_.history().note(world_.now(), "join", step.node);
  }
}

void Run::take_measures(NodeId touched) {
  bool all = true;
  for (Cloned<MeasureBase>& measure : measures_) {
    if (measure->value()) continue;
    measure->look(world_, touched);
    all &= measure->value().has_value();
  }
  if (all) over_ = finished_ = true;
}

bool Run::measured() const {
  return !measures_.empty() && std::all_of(measures_.begin(), measures_.end(),
                                           [](const auto& m) { return m->value().has_value(); });
}

void Run::act(std::uint32_t action) {
  if (chaos_.owns(action)) return chaos_.act(world_, action);
  if (action == kHeal) chaos_.heal(world_);
  if (action == kEnd) end();
}

void Run::end() {
  for (Cloned<MeasureBase>& measure : measures_) {
    if (!measure->value()) measure->end(world_);
  }
  for (Cloned<WatchBase>& watch : watches_) watch->end(world_, report_);
  if (!report_.empty()) found_all(report_.take());
  if (temporal_) {
    temporal_->end(world_, report_);
    found_all(report_.take());
  }
  over_ = finished_ = true;
}

void Run::observe(Observer* observer) {
  if (temporal_ && temporal_->observes()) return temporal_->pass_on_to(observer);
  world_.observe(observer);
}

std::vector<temporal::Outcome> Run::temporal_outcomes() const {
  if (!temporal_) return {};
  return temporal_->outcomes(finished_, world_.now());
}

SEEDBED_HOT void Run::check_invariants(const Step& step) {
  const ProcessBase* const process = step.ran->process;
  if (process == nullptr) return;  // it stopped
  const ProcessType& type = world_.type(*step.ran);
  for (Cloned<WatchBase>& watch : watches_) {
    if (&watch->type() == &type) watch->look({world_, step.node, step.service, *process}, report_);
  }
  if (!report_.empty()) [[unlikely]]
    found_all(report_.take());
}

void Run::found_all(std::vector<Report::Finding> findings) {
  for (Report::Finding& finding : findings) found(std::move(finding));
}

void Run::found(Report::Finding finding) {
  if (violations_.size() < kMostViolations) {
    violations_.push_back({std::string(finding.invariant), world_.now(), world_.events(),
                           std::move(finding.nodes), std::move(finding.message),
                           std::move(finding.shape)});
  }
  if (scenario_->on_violation == OnViolation::kStop) over_ = true;
}

}  // namespace seedbed
