#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/scenario/graphml.h"
#include "sim/scenario/latency_matrix.h"
#include "sim/scenario/world_fields.h"

namespace seedbed {

namespace {

constexpr Choice<TopologyKind> kWords[] = {
    {"complete", TopologyKind::kComplete, "every two nodes are neighbours"},
    {"ring", TopologyKind::kRing, "each node has two neighbours"},
    {"line", TopologyKind::kLine, "a ring without its last edge"},
    {"star", TopologyKind::kStar, "all around n1"},
    {"tree", TopologyKind::kTree, "a binary tree with n1 at its root"},
    {"grid", TopologyKind::kGrid, "as square as it gets"},
};
constexpr ChoiceForm<TopologyKind> kWordForm = {kWords, "topology"};

constexpr IntegerForm kDegree{1, 1'000'000};

struct RandomGraph {
  std::uint32_t degree = 4;
};
template <class F>
void fields(F& f, RandomGraph& random) {
  f("degree", random.degree, "links of each node", IntegerForm{2, 1'000'000});
}

struct SmallWorld {
  std::uint32_t degree = 4;
  Probability rewire = Probability::percent(10);
};
template <class F>
void fields(F& f, SmallWorld& world) {
  f("degree", world.degree, "links of each node to its nearest: an even number",
    IntegerForm{4, 1'000'000});
  f("rewire", world.rewire, "how likely the far end of a link is moved anywhere");
}

struct ScaleFree {
  std::uint32_t links = 2;
};
template <class F>
void fields(F& f, ScaleFree& graph) {
  f("links", graph.links, "of each new node to older ones", kDegree);
}

/// `{ us-east: 2, eu-west: 3 }`: the names are the file's.
struct PlaceForm {
  static constexpr std::string_view kWanted = "regions and how many nodes: { us-east: 2 }";
  void read(const Cursor& at, std::vector<Regions::Place>& out) const {
    out.clear();
    if (!at.expect_map(kWanted)) return;
    if (at.node().children.empty()) at.error("places nobody");
    for (const YamlNode& child : at.node().children) {
      Regions::Place& place = out.emplace_back();
      place.name = child.key;
      IntegerForm{1, 1'000'000}.read(at.child(child), place.nodes);
    }
  }
  Shape shape() const {
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.open = true;
    return s;
  }
};

enum class Unit : std::uint8_t { kMilliseconds, kSeconds };
constexpr Choice<Unit> kUnits[] = {
    {"ms", Unit::kMilliseconds, "numbers of milliseconds"},
    {"s", Unit::kSeconds, "numbers of seconds"},
};
enum class Trip : std::uint8_t { kRound, kOneWay };
constexpr Choice<Trip> kTrips[] = {
    {"round_trip", Trip::kRound, "there and back: a message takes half of it"},
    {"one_way", Trip::kOneWay, "a message takes so long"},
};

struct Drawn {
  std::optional<RandomGraph> random;
  std::optional<SmallWorld> small_world;
  std::optional<ScaleFree> scale_free;
  std::optional<std::string> graphml;
  std::optional<std::string> regions;
  std::optional<std::vector<Regions::Place>> place;
  std::optional<std::string> clients;
  std::optional<Latency> jitter;
  std::optional<Unit> unit;
  std::optional<Trip> values;
};
template <class F>
void fields(F& f, Drawn& drawn) {
  f("random", drawn.random, "a connected random graph, drawn from the seed",
    MapForm<RandomGraph>{"a degree, such as { degree: 4 }"});
  f("small_world", drawn.small_world, "a ring with short cuts (Watts, Strogatz 1998)",
    MapForm<SmallWorld>{"a map, such as { degree: 4, rewire: 10% }"});
  f("scale_free", drawn.scale_free, "grown, with hubs (Barabasi, Albert 1999)",
    MapForm<ScaleFree>{"a map, such as { links: 2 }"});
  f("graphml", drawn.graphml, "a file with a graph, beside the scenario's", TextForm{true});
  f("regions", drawn.regions, "a file that says how far it is from region to region",
    TextForm{true});
  f("place", drawn.place, "with regions: how many nodes are where, n1 first", PlaceForm{});
  f("clients", drawn.clients, "with regions: where all clients are; left out: nowhere",
    TextForm{true});
  f("jitter", drawn.jitter, "with regions: what each message takes longer", LatencyForm{});
  f("unit", drawn.unit, "with regions: of the file's bare numbers; left out: ms",
    ChoiceForm<Unit>{kUnits, "unit"});
  f("values", drawn.values, "with regions: what the file's numbers are; left out: round_trip",
    ChoiceForm<Trip>{kTrips, "kind of latency"});
}
constexpr std::array<std::string_view, 5> kKinds = {"random", "small_world", "scale_free",
                                                    "graphml", "regions"};
constexpr std::array<std::string_view, 5> kWithRegions = {"place", "clients", "jitter", "unit",
                                                          "values"};
constexpr MapForm<Drawn> kDrawnForm = {
    "a topology: complete, ring, line, star, tree, grid or { random: { degree: 4 } }"};

/// Exactly one of the kinds, and nothing with it that is not its own.
bool makes_sense(const Cursor& at) {
  const auto has = [&](std::string_view key) { return at.node().find(key) != nullptr; };
  const auto kinds = std::count_if(kKinds.begin(), kKinds.end(), has);
  if (kinds != 1) {
    at.error(fmt::format("{} topologies, where one is wanted: {}", kinds,
                         listed({kKinds.begin(), kKinds.end()})));
    return false;
  }
  if (has("regions")) {
    if (!has("place")) at.missing("place", "how many nodes are where, such as { us-east: 2 }");
    return has("place");
  }
  for (const std::string_view key : kWithRegions) {
    if (has(key)) at.nearest(key).key_error("goes with regions");
  }
  return at.errors().clean(at.path());
}

/// The regions of the plan among those of the file.
std::optional<std::vector<std::size_t>> find_places(const Cursor& at, const Regions& regions,
                                                    const LatencyMatrix& matrix) {
  const std::vector<std::string_view> known(matrix.names.begin(), matrix.names.end());
  std::vector<std::size_t> rows;
  for (const Regions::Place& place : regions.places) {
    const auto row = std::find(known.begin(), known.end(), place.name);
    if (row == known.end()) {
      at.nearest(place.name)
          .key_error(fmt::format("{} is no region of the file{}", in_quotes(place.name),
                                 suggestion(place.name, known, "there are")));
    }
    rows.push_back(static_cast<std::size_t>(row - known.begin()));
  }
  if (!at.errors().clean(at.path())) return std::nullopt;
  return rows;
}

std::shared_ptr<const Regions> make_regions(const Cursor& at, const Drawn& drawn) {
  const bool seconds = drawn.unit == Unit::kSeconds;
  const auto matrix = read_latency_matrix(at.nearest("regions"), *drawn.regions, seconds);
  if (!matrix) return nullptr;
  auto regions = std::make_shared<Regions>();
  regions->places = *drawn.place;
  regions->jitter = drawn.jitter;
  const auto rows = find_places(at.nearest("place"), *regions, *matrix);
  if (!rows) return nullptr;
  for (const std::size_t from : *rows) {
    for (const std::size_t to : *rows) {
      // One number stands for both ways where the other is missing; none on the diagonal means
      // that nobody measured it.
      auto latency = matrix->at(from, to) ? matrix->at(from, to) : matrix->at(to, from);
      if (latency && from == to && latency->count() == 0) latency.reset();
      if (latency && drawn.values.value_or(Trip::kRound) == Trip::kRound) *latency = *latency / 2;
      regions->latency.push_back(latency);
    }
  }
  if (drawn.clients) {
    const auto found = std::find_if(regions->places.begin(), regions->places.end(),
                                    [&](const auto& p) { return p.name == *drawn.clients; });
    if (found == regions->places.end()) {
      at.nearest("clients").error(in_quotes(*drawn.clients) + " is none of the places");
    }
    regions->clients = static_cast<std::uint32_t>(found - regions->places.begin());
  }
  return regions;
}

void read_drawn(const Cursor& at, TopologyConfig& out) {
  Drawn drawn;
  kDrawnForm.read(at, drawn);
  if (!at.errors().clean(at.path()) || !makes_sense(at)) return;
  if (drawn.random) out = {TopologyKind::kRandom, drawn.random->degree, {}, {}, {}};
  if (drawn.scale_free) out = {TopologyKind::kScaleFree, drawn.scale_free->links, {}, {}, {}};
  if (const auto& world = drawn.small_world) {
    if (world->degree % 2 == 1) {
      at.nearest("small_world").nearest("degree").error("an even number is wanted: half each side");
    }
    out = {TopologyKind::kSmallWorld, world->degree, world->rewire, {}, {}};
  }
  if (drawn.graphml) {
    const auto graph = read_graphml_file(at.nearest("graphml"), *drawn.graphml);
    if (graph != nullptr) out = {TopologyKind::kGraph, 0, {}, graph, {}};
  }
  if (drawn.regions) {
    const auto regions = make_regions(at, drawn);
    if (regions != nullptr) out = {TopologyKind::kRegions, 0, {}, {}, regions};
  }
}

}  // namespace

void TopologyForm::read(const Cursor& at, TopologyConfig& out) const {
  if (at.node().is_map()) return read_drawn(at, out);
  const auto word = at.scalar(kDrawnForm.wanted);
  if (!word) return;
  out = {};
  if (std::find(kKinds.begin(), kKinds.end(), *word) != kKinds.end()) {
    constexpr std::array<std::string_view, 5> kLike = {
        "{ random: { degree: 4 } }", "{ small_world: { degree: 4 } }",
        "{ scale_free: { links: 2 } }", "{ graphml: FILE }",
        "{ regions: FILE, place: { us-east: 2 } }"};
    const auto i = std::find(kKinds.begin(), kKinds.end(), *word) - kKinds.begin();
    return at.error(fmt::format("'{}' says more: {}", *word, kLike[static_cast<std::size_t>(i)]));
  }
  kWordForm.read(at, out.kind);
}

Shape TopologyForm::shape() const {
  Shape drawn = kDrawnForm.shape();
  drawn.exactly_one.emplace_back(kKinds.begin(), kKinds.end());
  return Shape::either({kWordForm.shape(), std::move(drawn)});
}

}  // namespace seedbed
