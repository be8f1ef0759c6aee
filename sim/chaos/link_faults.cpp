#include "sim/chaos/common_fields.h"
#include "sim/chaos/partition.h"
#include "sim/chaos/selector.h"

namespace seedbed {

namespace {

constexpr FaultField kIsolateFields[] = {
    {"isolate", &Fault::who, true, "who is cut off", "random | 3+ minority | majority"}, kFor};
constexpr FaultField kPartitionFields[] = {
    {"partition", &Fault::partition, true, "halves, ring, majority_ring, bridge, or lists of nodes",
     "2+ halves | 3+ bridge | 4+ ring | 4+ majority_ring"},
    kFor};
constexpr FaultField kOneWayFields[] = {
    {"one_way", &Fault::link, true, "whose messages to whom: { from: leader, to: followers }",
     "{ from: random, to: all } | { from: all, to: random } | 3+ { from: minority, to: majority }"},
    kFor};
constexpr FaultField kCutFields[] = {{"cut", &Fault::who, true, "who lose each other: [n1, n4]",
                                      "2+ random(2)", 2, Cut::kMostClasses},
                                     kFor};

/// "n1 n2 | n3" for the classes of a partition.
std::string describe_cut(const Cut& cut) {
  std::string text;
  for (std::uint32_t c = 1; c < cut.classes; ++c) {
    if (c > 1) text += " |";
    for (std::uint32_t id = 1; id < cut.class_of.size(); ++id) {
      if (cut.class_of[id] == c) text += (text.empty() ? "" : " ") + to_text(NodeId{id});
    }
  }
  return text;
}

void begin_isolate(World& world, Firing& firing) {
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return;
  firing.under_way.id = world.network().add_cut(cut_off(firing.record.on, world));
}

void begin_partition(World& world, Firing& firing) {
  Cut cut = cut_by_shape(firing.fault.partition, world, firing.rng);
  for (std::uint32_t id = 1; id < cut.class_of.size(); ++id) {
    if (cut.class_of[id] != 0) firing.record.on.push_back({id});
  }
  firing.record.detail = describe_cut(cut);
  if (firing.record.on.empty()) return;
  firing.under_way.id = world.network().add_cut(std::move(cut));
}

void begin_one_way(World& world, Firing& firing) {
  const std::vector<NodeId> from = resolve(firing.fault.link.from, world, firing.rng);
  const std::vector<NodeId> to = resolve(firing.fault.link.to, world, firing.rng);
  if (from.empty() || to.empty()) return;
  firing.record.on = from;
  firing.record.detail = "to " + text_of(to);
  firing.under_way.id = world.network().add_cut(cut_one_way(from, to));
}

void begin_cut(World& world, Firing& firing) {
  const std::vector<NodeId> ends = resolve(firing.fault.who, world, firing.rng);
  if (ends.size() < 2) return;  // a link has two ends
  firing.record.on = ends;
  firing.under_way.id = world.network().add_cut(cut_apart(ends));
}

void remove_cut(World& world, const UnderWay& under_way) { world.network().remove(under_way.id); }

}  // namespace

constinit const FaultInfo faults::kIsolate = {
    "isolate",     "A node is cut off from all other servers.",
    kPartitions,   kIsolateFields,
    begin_isolate, remove_cut};

constinit const FaultInfo faults::kPartition = {
    "partition",
    "The servers fall apart into groups that cannot reach each other.",
    "Jepsen, nemesis partitioner (halves, majorities-ring, bridge)",
    kPartitionFields,
    begin_partition,
    remove_cut};

constinit const FaultInfo faults::kOneWay = {
    "one_way",     "Messages of some nodes to others are cut, not those the other way.",
    kPartitions,   kOneWayFields,
    begin_one_way, remove_cut};

constinit const FaultInfo faults::kCut = {
    "cut",       "Nodes lose their links to each other, both ways.",
    kPartitions, kCutFields,
    begin_cut,   remove_cut};

}  // namespace seedbed
