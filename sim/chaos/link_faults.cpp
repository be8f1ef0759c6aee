#include <algorithm>
#include <utility>

#include "sim/chaos/common_fields.h"
#include "sim/chaos/partition.h"
#include "sim/chaos/selector.h"

namespace seedbed {

namespace {

constexpr FaultField kIsolateFields[] = {
    {"isolate", &Fault::who, true, "who is cut off", "random | 3+ minority | majority"}, kFor};
constexpr FaultField kPartitionFields[] = {
    {"partition", &Fault::partition, true,
     "halves, ring, majority_ring, bridge, random, or lists of nodes",
     "2+ halves | 3+ bridge | 4+ ring | 4+ majority_ring | 2+ random"},
    kFor};
constexpr FaultField kOneWayFields[] = {
    {"one_way", &Fault::link, true, "whose messages to whom: { from: leader, to: followers }",
     "{ from: random, to: all } | { from: all, to: random } | 3+ { from: minority, to: majority }"},
    kFor};
constexpr FaultField kCutFields[] = {{"cut", &Fault::who, true, "who lose each other: [n1, n4]",
                                      "2+ random(2)", 2, Cut::kMostClasses},
                                     kFor};

constexpr FaultField kFlapFields[] = {
    {"flap", &Fault::who, true, "whose links to each other go up and down: [n1, n4]",
     "2+ random(2)", 2, Cut::kMostClasses},
    {"every", &Fault::by, true, "how long they are down, then up, then down: drawn each time",
     "20ms..200ms | 100ms..2s", 1'000},
    kFor};
constexpr FaultField kSwizzleFields[] = {
    {"swizzle", &Fault::who, true, "who is cut off, one after the other",
     "2+ random(2) | 3+ random(3)"},
    {"step", &Fault::by, true, "how long until the next is cut off, or comes back",
     "50ms..500ms | 200ms..2s", 1'000},
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

bool is_ring(const PartitionShape& shape) {
  return shape.kind == PartitionShape::Kind::kRing ||
         shape.kind == PartitionShape::Kind::kMajorityRing;
}

/// Those that a ring cuts: it is no matter of groups.
std::vector<std::vector<NodeId>> pairs_of(const Cut& cut) {
  std::vector<std::vector<NodeId>> pairs;
  const auto end = static_cast<std::uint32_t>(cut.class_of.size());
  for (NodeId a{1}; a.value < end; ++a.value) {
    for (NodeId b{a.value + 1}; b.value < end; ++b.value) {
      if (cut.blocks(a, b)) pairs.push_back({a, b});
    }
  }
  return pairs;
}

void begin_isolate(World& world, Firing& firing) {
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  if (firing.record.on.empty()) return;
  firing.under_way.id = world.network().add_cut(cut_off(firing.record.on, world));
}

void begin_partition(World& world, Firing& firing) {
  Cut cut = cut_by_shape(firing.fault.partition, world, firing.rng);
  std::vector<std::vector<NodeId>> groups(cut.classes);
  for (std::uint32_t id = 1; id < cut.class_of.size(); ++id) {
    if (cut.class_of[id] == 0) continue;
    firing.record.on.push_back({id});
    groups[cut.class_of[id]].push_back({id});
  }
  firing.record.detail = describe_cut(cut);
  if (firing.record.on.empty()) return;
  groups.erase(groups.begin());
  if (is_ring(firing.fault.partition)) {
    firing.exact.partition.groups = pairs_of(cut);
  } else {
    firing.exact.partition = {PartitionShape::Kind::kGroups, std::move(groups)};
  }
  firing.under_way.id = world.network().add_cut(std::move(cut));
}

void begin_one_way(World& world, Firing& firing) {
  const std::vector<NodeId> from = resolve(firing.fault.link.from, world, firing.rng);
  const std::vector<NodeId> to = resolve(firing.fault.link.to, world, firing.rng);
  if (from.empty() || to.empty()) return;
  firing.record.on = from;
  firing.record.detail = "to " + text_of(to);
  firing.exact.link = {Selector::of(from), Selector::of(to)};
  firing.under_way.id = world.network().add_cut(cut_one_way(from, to));
}

void begin_cut(World& world, Firing& firing) {
  const std::vector<NodeId> ends = resolve(firing.fault.who, world, firing.rng);
  if (ends.size() < 2) return;  // a link has two ends
  firing.record.on = ends;
  firing.under_way.id = world.network().add_cut(cut_apart(ends));
}

void begin_flap(World& world, Firing& firing) {
  const std::vector<NodeId> ends = resolve(firing.fault.who, world, firing.rng);
  if (ends.size() < 2) return;
  for (const NodeId n : ends) firing.under_way.hits.push_back({n, 0});
  firing.record.on = ends;
  firing.record.detail = text_of(firing.fault.by);
}

std::optional<Duration> flap(World& world, UnderWay& flapping) {
  if (flapping.id != 0) {
    world.network().remove(std::exchange(flapping.id, 0));
  } else {
    std::vector<NodeId> ends;
    for (const UnderWay::Hit& hit : flapping.hits) ends.push_back(hit.node);
    flapping.id = world.network().add_cut(cut_apart(ends));
  }
  return flapping.rng.between(flapping.fault->by);
}

/// How far a node is in a swizzle; stands in its hit instead of an incarnation.
enum Swizzled : std::uint32_t { kNotYet, kCutOff, kBack };

void begin_swizzle(World& world, Firing& firing) {
  firing.record.on = resolve(firing.fault.who, world, firing.rng);
  firing.record.detail = text_of(firing.fault.by);
  for (const NodeId n : firing.record.on) firing.under_way.hits.push_back({n, kNotYet});
}

/// One more is cut off, drawn among those that are not; when all are, one comes back, drawn again.
std::optional<Duration> swizzle(World& world, UnderWay& swizzling) {
  std::vector<UnderWay::Hit>& hits = swizzling.hits;
  const auto count = [&](Swizzled state) {
    return static_cast<std::uint64_t>(std::count_if(
        hits.begin(), hits.end(), [&](const auto& hit) { return hit.incarnation == state; }));
  };
  const Swizzled from = count(kNotYet) != 0 ? kNotYet : kCutOff;
  std::uint64_t skip = swizzling.rng.below(count(from));
  const auto next = std::find_if(hits.begin(), hits.end(), [&](const UnderWay::Hit& hit) {
    return hit.incarnation == from && skip-- == 0;
  });
  next->incarnation = from + 1;
  if (swizzling.id != 0) world.network().remove(std::exchange(swizzling.id, 0));
  std::vector<NodeId> alone;
  for (const UnderWay::Hit& hit : hits) {
    if (hit.incarnation == kCutOff) alone.push_back(hit.node);
  }
  if (alone.empty()) return std::nullopt;
  swizzling.id = world.network().add_cut(cut_off(alone, world));
  return swizzling.rng.between(swizzling.fault->by);
}

}  // namespace

constinit const FaultInfo faults::kIsolate = {
    "isolate",     "A node is cut off from all other servers.",
    kPartitions,   kIsolateFields,
    begin_isolate, remove_weather};

constinit const FaultInfo faults::kPartition = {
    "partition",
    "The servers fall apart into groups that cannot reach each other.",
    "Jepsen, nemesis partitioner (halves, majorities-ring, bridge)",
    kPartitionFields,
    begin_partition,
    remove_weather};

constinit const FaultInfo faults::kOneWay = {
    "one_way",     "Messages of some nodes to others are cut, not those the other way.",
    kPartitions,   kOneWayFields,
    begin_one_way, remove_weather};

constinit const FaultInfo faults::kCut = {
    "cut",       "Nodes lose their links to each other, both ways.",
    kPartitions, kCutFields,
    begin_cut,   remove_weather};

constinit const FaultInfo faults::kFlap = {
    "flap",
    "Links go down and up again, over and over.",
    "Turner, Levchenko, Snoeren, Savage, SIGCOMM 2010, California Fault Lines",
    kFlapFields,
    begin_flap,
    remove_weather,
    flap,
    /*once=*/true};  // its `every` is not the entry's

constinit const FaultInfo faults::kSwizzle = {
    "swizzle",
    "Nodes are cut off one by one, and come back one by one in another order.",
    "FoundationDB's simulator, swizzle-clogging (Zhou et al., SIGMOD 2021)",
    kSwizzleFields,
    begin_swizzle,
    remove_weather,
    swizzle};

}  // namespace seedbed
