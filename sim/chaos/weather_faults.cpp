#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/chaos/common_fields.h"
#include "sim/chaos/selector.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr FaultField kOn = {"on", &Fault::on, false,
                            "only messages from or to these, or of a link: { from: n1, to: n2 }; "
                            "left out: everybody",
                            " | random | 3+ minority | { from: random, to: all }"};
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

constexpr FaultField kCorruptFields[] = {
    {"corrupt", &Fault::chance, true, "how likely a bit of a message flips", kChances},
    kOn,
    kOnly,
    kFor};
constexpr FaultField kBandwidthFields[] = {
    {"bandwidth", &Fault::rate, true, "of the uplinks, at most", "100kbps | 1Mbps"},
    {"on", &Fault::who, false, "whose uplinks; left out: everybody's", " | random | 3+ minority"},
    kFor};

std::vector<bool> set_of(const std::vector<NodeId>& nodes) {
  std::vector<bool> set;
  for (const NodeId n : nodes) {
    if (set.size() <= n.value) set.resize(n.value + 1, false);
    set[n.value] = true;
  }
  return set;
}

/// Adds the weather to messages from and to whom `on:` means.
void begin_weather(World& world, Firing& firing, Overlay overlay, std::string detail) {
  const Fault& fault = firing.fault;
  const auto names_a_client = [&](const std::vector<NodeId>& nodes) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](NodeId n) { return n.value > world.servers(); });
  };
  std::vector<NodeId> on;
  if (const std::optional<Link>& link = fault.on.link) {
    on = resolve(link->from, world, firing.rng);
    const std::vector<NodeId> to = resolve(link->to, world, firing.rng);
    if (to.empty()) return;
    overlay.to = set_of(to);
    overlay.spares_clients = !names_a_client(to);
    detail += " to " + text_of(to);
    firing.exact.on.link = {Selector::of(on), Selector::of(to)};
  } else {
    on = resolve(fault.on.who, world, firing.rng);
    firing.exact.on.who = Selector::of(on);
  }
  if (on.empty()) return;
  overlay.stream = firing.rng.next();
  if (!fault.only.empty()) overlay.only = hash_text(fault.only);
  overlay.nodes = set_of(on);
  overlay.spares_clients = overlay.spares_clients && !names_a_client(on);
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

void begin_corrupt(World& world, Firing& firing) {
  const Probability chance = firing.fault.chance;
  begin_weather(world, firing, {.kind = Overlay::Kind::kCorrupt, .chance = chance},
                to_text(chance));
}

void begin_bandwidth(World& world, Firing& firing) {
  const std::uint64_t rate = firing.fault.rate.bits;
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return;
  Overlay overlay{.kind = Overlay::Kind::kBandwidth};
  overlay.nodes = set_of(firing.record.on);
  overlay.rate = rate;
  firing.under_way.id = world.network().add_overlay(std::move(overlay));
  firing.record.detail = fmt::format("{}bps", rate);
}

}  // namespace

constinit const FaultInfo faults::kLoss = {"loss",      "Messages are lost.", kNetem,
                                           kLossFields, begin_loss,           remove_weather};

constinit const FaultInfo faults::kDelay = {
    "delay", "Messages take longer.", kNetem, kDelayFields, begin_delay, remove_weather};

constinit const FaultInfo faults::kDuplicate = {"duplicate",     "Messages arrive twice.",
                                                kNetem,          kDuplicateFields,
                                                begin_duplicate, remove_weather};

constinit const FaultInfo faults::kReorder = {
    "reorder",     "Some messages are held back, and others overtake them.",
    kNetem,        kReorderFields,
    begin_reorder, remove_weather};

constinit const FaultInfo faults::kCorrupt = {
    "corrupt",
    "A bit of a message flips; a checksum catches it, if the message has one.",
    "Stone, Partridge, SIGCOMM 2000, When the CRC and TCP Checksum Disagree",
    kCorruptFields,
    begin_corrupt,
    remove_weather};

constinit const FaultInfo faults::kBandwidth = {
    "bandwidth",       "Uplinks are slower, and messages queue there.",
    "Linux tc-tbf(8)", kBandwidthFields,
    begin_bandwidth,   remove_weather};

}  // namespace seedbed
