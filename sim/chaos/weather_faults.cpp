#include "sim/base/text.h"
#include "sim/chaos/common_fields.h"
#include "sim/chaos/selector.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr FaultField kOn = {"on", &Fault::who, false,
                            "only messages from or to these; left out: everybody",
                            " | random | 3+ minority"};
constexpr FaultField kOnly = {"only", &Fault::only, false, "only messages of this name", ""};

constexpr std::string_view kChances = "1% | 5% | 20% | 50%";
constexpr FaultField kLossFields[] = {
    {"loss", &Fault::chance, true, "how likely a message is lost", kChances}, kOn, kOnly, kFor};
constexpr FaultField kDelayFields[] = {
    {"delay", &Fault::by, true, "how much later a message arrives",
     "1ms..20ms | 10ms..200ms | 100ms..1s"},
    kOn,
    kOnly,
    kFor};
constexpr FaultField kDuplicateFields[] = {
    {"duplicate", &Fault::chance, true, "how likely a message arrives twice", kChances},
    kOn,
    kOnly,
    kFor};
constexpr FaultField kReorderFields[] = {
    {"reorder", &Fault::held, true, "how likely a message is held back, and by how much",
     "{ chance: 5%, by: 50ms } | { chance: 20%, by: 1ms..500ms }"},
    kOn,
    kOnly,
    kFor};

/// Adds the weather to messages from and to whom `on:` means.
void begin_weather(World& world, Firing& firing, Overlay overlay, std::string detail) {
  const Fault& fault = firing.fault;
  const std::vector<NodeId> on = resolve(fault.who, world, firing.rng);
  if (on.empty()) return;
  overlay.stream = firing.rng.next();
  if (!fault.only.empty()) overlay.only = hash_text(fault.only);
  for (const NodeId n : on) {
    if (overlay.nodes.size() <= n.value) overlay.nodes.resize(n.value + 1, false);
    overlay.nodes[n.value] = true;
    if (n.value > world.servers()) overlay.spares_clients = false;
  }
  firing.under_way.id = world.network().add_overlay(std::move(overlay));
  firing.record.on = on;
  firing.record.detail = std::move(detail);
}

void begin_loss(World& world, Firing& firing) {
  const Probability chance = firing.fault.chance;
  begin_weather(world, firing, {.kind = Overlay::Kind::kLoss, .chance = chance}, to_text(chance));
}

void begin_delay(World& world, Firing& firing) {
  const Range<Duration> by = firing.fault.by;
  begin_weather(world, firing, {.kind = Overlay::Kind::kDelay, .by = by}, text_of(by));
}

void begin_duplicate(World& world, Firing& firing) {
  const Probability chance = firing.fault.chance;
  begin_weather(world, firing, {.kind = Overlay::Kind::kDuplicate, .chance = chance},
                to_text(chance));
}

void begin_reorder(World& world, Firing& firing) {
  const auto [chance, by] = firing.fault.held;
  begin_weather(world, firing, {.kind = Overlay::Kind::kReorder, .chance = chance, .by = by},
                to_text(chance));
}

void end_weather(World& world, const UnderWay& under_way) { world.network().remove(under_way.id); }

}  // namespace

constinit const FaultInfo faults::kLoss = {"loss",      "Messages are lost.", kNetem,
                                           kLossFields, begin_loss,           end_weather};

constinit const FaultInfo faults::kDelay = {
    "delay", "Messages take longer.", kNetem, kDelayFields, begin_delay, end_weather};

constinit const FaultInfo faults::kDuplicate = {
    "duplicate", "Messages arrive twice.", kNetem, kDuplicateFields, begin_duplicate, end_weather};

constinit const FaultInfo faults::kReorder = {
    "reorder",     "Some messages are held back, and others overtake them.",
    kNetem,        kReorderFields,
    begin_reorder, end_weather};

}  // namespace seedbed
