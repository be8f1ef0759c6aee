#include "sim/run/temporal.h"

namespace seedbed {

using temporal::Happens;

Temporal::Temporal(const std::vector<temporal::Property>& properties, std::uint32_t servers)
    : state_{.watch = temporal::Watch(properties, servers)} {
  const auto asks = [&](std::initializer_list<Happens> kinds) {
    bool any = false;
    for (const Happens kind : kinds) any |= state_.watch.asks_for(kind);
    return any;
  };
  state_.of_messages = asks({Happens::kSent, Happens::kDelivered, Happens::kFired});
  state_.of_faults = asks({Happens::kFault, Happens::kOver});
  state_.of_roles = asks({Happens::kBecomes});
  state_.of_operations = asks({Happens::kInvoke, Happens::kOk, Happens::kFail, Happens::kInfo});
}

void Temporal::after(const World& world, const Injector& chaos, const Step& step, Report& report) {
  if (step.kind == Event::Kind::kMessage && step.node && !arriving_.empty()) {
    const NodeId ends[] = {sender_, step.node};
    state_.watch.happened({Happens::kDelivered, arriving_, ends, 2});
  }
  if (step.kind == Event::Kind::kTimer && step.node && !arriving_.empty()) {
    state_.watch.happened({Happens::kFired, arriving_, &step.node, 1});
  }
  arriving_ = {};
  if (state_.of_roles) see_roles(world);
  if (state_.of_operations) see_operations(world);
  if (step.kind != Event::Kind::kAction) return state_.watch.look(world, step.node, report);
  if (state_.of_faults) see_faults(world, chaos);
  state_.watch.look_at_all(world, report);
}

void Temporal::happened(Happens what, std::string_view name, NodeId who) {
  state_.watch.happened({what, name, &who, 1});
}

void Temporal::see_faults(const World& world, const Injector& chaos) {
  const std::vector<FaultRecord>& records = chaos.records();
  const auto tell = [&](Happens what, const FaultRecord& r) {
    state_.watch.happened({what, r.name, r.on.data(), r.on.size()});
  };
  std::erase_if(state_.under_way, [&](std::size_t i) {
    const bool over = records[i].until && *records[i].until <= world.now();
    if (over) tell(Happens::kOver, records[i]);
    return over;
  });
  for (; state_.faults < records.size(); ++state_.faults) {
    const FaultRecord& record = records[state_.faults];
    if (record.on.empty()) continue;  // skipped
    tell(Happens::kFault, record);
    if (record.info->end != nullptr) state_.under_way.push_back(state_.faults);
  }
}

void Temporal::see_roles(const World& world) {
  const SharedLog<RoleChange>& changes = world.role_changes();
  while (state_.roles < changes.size()) {
    const RoleChange& change = changes[++state_.roles];
    happened(Happens::kBecomes, change.role, change.node);
  }
}

void Temporal::see_operations(const World& world) {
  const History& history = world.history();
  while (state_.invocations < history.invocations()) {
    const History::Invoked op = history.invoked(state_.invocations++);
    happened(Happens::kInvoke, op.function, op.client);
  }
  while (state_.completions < history.completions()) {
    const History::Completed op = history.completed(state_.completions++);
    Happens how = Happens::kInfo;
    if (op.completion == Completion::kOk) how = Happens::kOk;
    if (op.completion == Completion::kFail) how = Happens::kFail;
    happened(how, op.function, op.client);
  }
}

void Temporal::on_send(const MessageKey& key, const PayloadHeader& payload, const Fate& fate,
                       bool cut) {
  const NodeId ends[] = {key.from, key.to};
  state_.watch.happened({Happens::kSent, payload.type->name, ends, 2});
  if (next_ != nullptr) next_->on_send(key, payload, fate, cut);
}

void Temporal::on_event(std::uint64_t number, Time at, const Event& event,
                        const PayloadHeader* payload, std::uint64_t digest) {
  arriving(event, payload);
  if (next_ != nullptr) next_->on_event(number, at, event, payload, digest);
}

void Temporal::on_turn(const Event& event, const PayloadHeader* payload) {
  arriving(event, payload);
  if (next_ != nullptr) next_->on_turn(event, payload);
}

void Temporal::arriving(const Event& event, const PayloadHeader* payload) {
  if (payload == nullptr) return;
  arriving_ = payload->type->name;
  sender_ = event.from;
}

}  // namespace seedbed
