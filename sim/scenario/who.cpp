#include "sim/scenario/who.h"
#include "sim/world/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "sim/scenario/forms.h"

namespace seedbed {

namespace {

constexpr std::size_t kMostNamed = 4'000'000;
constexpr std::string_view kWanted =
    "nodes: n3, [n1, n2], leader, followers, random, random(2), minority, majority, all";

struct Keyword {
  std::string_view name;
  Selector::Kind kind;
};
constexpr Keyword kKeywords[] = {{"all", Selector::Kind::kAll},
                                 {"random", Selector::Kind::kRandom},
                                 {"minority", Selector::Kind::kMinority},
                                 {"majority", Selector::Kind::kMajority}};

constexpr Choice<PartitionShape::Kind> kShapes[] = {
    {"halves", PartitionShape::Kind::kHalves, "two halves, drawn"},
    {"ring", PartitionShape::Kind::kRing, "each node sees its two neighbours only"},
    {"majority_ring", PartitionShape::Kind::kMajorityRing,
     "each node sees a majority, and no two the same one"},
    {"bridge", PartitionShape::Kind::kBridge, "two halves, and one node that sees both"},
    {"random", PartitionShape::Kind::kRandom, "two to four groups, drawn"},
};
constexpr std::uint32_t least_nodes(PartitionShape::Kind kind) {
  switch (kind) {
    case PartitionShape::Kind::kHalves:
    case PartitionShape::Kind::kRandom: return 2;
    case PartitionShape::Kind::kBridge: return 3;
    case PartitionShape::Kind::kRing:
    case PartitionShape::Kind::kMajorityRing: return 4;  // among 3, a ring reaches everybody
    case PartitionShape::Kind::kGroups: return 1;
  }
  return 1;
}

/// "n12" -> 12 for the prefix 'n'; nothing where it is not such a name. Too large is 2^32 - 1.
std::optional<std::uint32_t> numbered(std::string_view name, char prefix) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (name.size() < 2 || name[0] != prefix) return std::nullopt;
  if (name.find_first_not_of("0123456789", 1) != name.npos) return std::nullopt;
  const Parsed<std::int64_t> n = parse_integer(name.substr(1), 0, kMost);
  return static_cast<std::uint32_t>(n.value.value_or(kMost));
}

std::string everybody(const Who& who) {
  std::string text = who.servers() == 1 ? "n1" : fmt::format("n1 to n{}", who.servers());
  if (who.clients == 1) text += ", c1";
  if (who.clients > 1) text += fmt::format(", c1 to c{}", who.clients);
  return text;
}

/// What may be said beside n1 and c1.
std::vector<std::string_view> words_for(const Who& who, bool nodes_only) {
  std::vector<std::string_view> words;
  for (const NodeGroup& g : who.groups) words.push_back(g.name);
  for (const Regions::Place& r : who.regions) words.push_back(r.name);
  if (nodes_only) return words;
  if (who.protocol != nullptr) {
    for (const RoleInfo& role : who.protocol->roles) {
      for (const std::string_view word : {role.name, role.plural, role.also, role.also_plural}) {
        if (!word.empty()) words.push_back(word);
      }
    }
  }
  for (const Keyword& k : kKeywords) words.push_back(k.name);
  return words;
}

/// Adds the nodes that `name` lists: n3, c1, or a group. False, after a complaint or without one,
/// where it is none of these.
enum class Named : std::uint8_t { kYes, kNo, kImpossible };
Named add_named(const Cursor& at, std::string_view name, const Who& who, std::vector<NodeId>& out) {
  const auto add = [&](std::uint32_t first, std::uint32_t count) {
    who.named += count;
    if (who.named > kMostNamed) {
      at.error(fmt::format("the plan names more than {} nodes in all", kMostNamed));
      return Named::kImpossible;
    }
    for (std::uint32_t i = 0; i < count; ++i) out.push_back({first + i});
    return Named::kYes;
  };
  const auto one_of = [&](std::uint32_t n, std::uint32_t count, std::uint32_t before) {
    if (n >= 1 && n <= count) return add(before + n, 1);
    if (!who.certain) return Named::kYes;
    at.error(fmt::format("{} is nobody here: there are {}", in_quotes(name), everybody(who)));
    return Named::kImpossible;
  };
  if (const auto n = numbered(name, 'n')) return one_of(*n, who.servers(), 0);
  if (const auto c = numbered(name, 'c')) return one_of(*c, who.clients, who.servers());
  std::uint32_t first = 1;
  for (const NodeGroup& g : who.groups) {
    if (g.name == name) return add(first, g.count);
    first += g.count;
  }
  first = 1;
  for (const Regions::Place& r : who.regions) {
    if (r.name == name) return add(first, r.nodes);
    first += r.nodes;
  }
  return Named::kNo;
}

void unknown_name(const Cursor& at, std::string_view name, const Who& who, bool nodes_only) {
  if (!who.certain) return;
  const std::vector<std::string_view> words = words_for(who, nodes_only);
  const std::string others = words.empty() ? "" : ", " + listed(words);
  const std::string hint = suggestion(name, words);
  const bool near = hint.starts_with("; did");
  at.error(fmt::format("{} is nobody's name{}", in_quotes(name),
                       near ? hint : "; there are " + everybody(who) + others));
}

/// n3, c1 or a group, as an item of a list.
void read_node(const Cursor& at, const Who& who, std::vector<NodeId>& out) {
  const auto name = at.scalar("a node, such as n3");
  if (!name) return;
  if (add_named(at, *name, who, out) == Named::kNo) unknown_name(at, *name, who, true);
}

void read_nodes(const Cursor& at, const Who& who, std::vector<NodeId>& out) {
  if (at.node().children.empty()) return at.error("an empty list; name somebody");
  for (std::size_t i = 0; i < at.node().children.size(); ++i) {
    read_node(at.item(i), who, out);
  }
  std::sort(out.begin(), out.end());
  const auto twice = std::adjacent_find(out.begin(), out.end());
  if (twice == out.end()) return;
  const std::uint32_t id = twice->value;
  at.error(fmt::format("{} is named twice", id > who.servers()
                                                ? fmt::format("c{}", id - who.servers())
                                                : fmt::format("n{}", id)));
}

/// "random(2 followers)" -> "2 followers".
std::optional<std::string_view> drawn_part(std::string_view text) {
  constexpr std::string_view kPrefix = "random(";
  if (!text.starts_with(kPrefix) || !text.ends_with(')')) return std::nullopt;
  return text.substr(kPrefix.size(), text.size() - kPrefix.size() - 1);
}

void read_keyword(const Cursor& at, Selector::Kind kind, const Who& who, Selector& out) {
  out.kind = kind;
  if (kind == Selector::Kind::kMinority && who.nodes < 3 && who.certain) {
    at.error(fmt::format("a minority of {} is nobody; it wants 3 nodes at least", who.nodes));
  }
}

/// A role of the protocol, by its name or its plural.
bool read_role(std::string_view word, const Protocol& protocol, Selector& out) {
  if (word.empty()) return false;
  for (const RoleInfo& role : protocol.roles) {
    const bool one = word == role.name || word == role.also;
    if (!one && word != role.plural && word != role.also_plural) continue;
    out.kind = one ? Selector::Kind::kRole : Selector::Kind::kRoleAll;
    out.role = role.name;
    return true;
  }
  return false;
}

/// Of which group or role some are drawn. False after a complaint.
bool read_pool(const Cursor& at, std::string_view name, const Who& who, Selector& out) {
  switch (add_named(at, name, who, out.nodes)) {
    case Named::kYes: return true;
    case Named::kImpossible: return false;
    case Named::kNo: break;
  }
  Selector role;
  if (who.protocol != nullptr && read_role(name, *who.protocol, role)) {
    out.role = role.role;
    return true;
  }
  unknown_name(at, name, who, false);
  return false;
}

/// random(2), random(40%), random(2 followers), random(40% east).
void read_drawn(const Cursor& at, std::string_view word, std::string_view part, const Who& who,
                Selector& out) {
  out.kind = Selector::Kind::kRandom;
  const std::size_t space = part.find(' ');
  const std::string_view amount = part.substr(0, space);
  if (space != part.npos && !read_pool(at, part.substr(space + 1), who, out)) return;
  if (amount.ends_with('%')) {
    const Parsed<Probability> share = parse_percent(amount);
    if (!share.value) return at.error(share.error);
    if (!*share.value) return at.error(in_quotes(word) + " is nobody: a share is above 0%");
    out.share = *share.value;
    return;
  }
  const std::size_t all = out.nodes.empty() ? who.nodes : out.nodes.size();
  const std::int64_t most =
      who.certain ? static_cast<std::int64_t>(all) : std::numeric_limits<std::uint32_t>::max();
  const Parsed<std::int64_t> n = parse_integer(amount, 1, most);
  if (n.value) {
    out.count = static_cast<std::uint32_t>(*n.value);
  } else if (space == part.npos) {
    at.error(
        fmt::format("{} is impossible: from random(1) to random({})", in_quotes(word), who.nodes));
  } else {
    at.error(
        fmt::format("{} is impossible: a number from 1 to {}, or a share such as 40%, and of "
                    "whom",
                    in_quotes(word), all));
  }
}

void read_word_for(const Cursor& at, std::string_view word, const Who& who, Selector& out) {
  for (const Keyword& k : kKeywords) {
    if (word == k.name) return read_keyword(at, k.kind, who, out);
  }
  if (const auto part = drawn_part(word)) return read_drawn(at, word, *part, who, out);
  out.kind = Selector::Kind::kNodes;
  if (add_named(at, word, who, out.nodes) != Named::kNo) return;
  if (who.protocol != nullptr && read_role(word, *who.protocol, out)) return;
  unknown_name(at, word, who, false);
}

Shape name_shape() {
  Shape s;
  s.kind = Shape::Kind::kText;
  s.noun = "n3, c1, a group, a region, a role, all, random, random(2), minority or majority";
  s.pattern = "^([A-Za-z][A-Za-z0-9_.-]*|random\\([0-9][0-9.]*%?( [A-Za-z][A-Za-z0-9_.-]*)?\\))$";
  s.example = "leader";
  return s;
}

}  // namespace

void SelectorForm::read(const Cursor& at, Selector& out) const {
  out = {};
  if (at.node().is_list()) {
    out.kind = Selector::Kind::kNodes;
    return read_nodes(at, *who, out.nodes);
  }
  if (at.node().find("from") != nullptr || at.node().find("to") != nullptr) {
    return at.error("a link, where nodes are wanted: " + std::string(kWanted));
  }
  if (const auto word = at.scalar(kWanted)) read_word_for(at, *word, *who, out);
}

Shape SelectorForm::shape() const {
  Shape s = Shape::either({name_shape(), Shape::list_of(name_shape(), 1)});
  s.definition = "selector";
  return s;
}

namespace {

/// How many nodes a selector means at most; nothing where only the run can tell.
std::optional<std::uint64_t> most_of(const Selector& selector, const Who& who) {
  switch (selector.kind) {
    case Selector::Kind::kNodes: return selector.nodes.size();
    case Selector::Kind::kAll: return who.nodes;
    case Selector::Kind::kRole: return 1;
    case Selector::Kind::kRoleAll: return std::nullopt;
    case Selector::Kind::kRandom:
      if (!selector.share) return selector.count;
      return selector.nodes.empty() ? who.nodes : selector.nodes.size();
    case Selector::Kind::kMinority: return (who.nodes - 1) / 2;
    case Selector::Kind::kMajority: return who.nodes / 2 + 1;
  }
  return std::nullopt;
}

}  // namespace

void EndsForm::read(const Cursor& at, Selector& out) const {
  SelectorForm{who}.read(at, out);
  if (!at.errors().clean(at.path()) || !who->certain) return;
  const auto most = most_of(out, *who);
  if (most && *most < 2) at.error("a link has two ends; name both, such as [n1, n4]");
  if (most && *most > Cut::kMostClasses) {
    at.error(fmt::format("links between {} nodes at most; these are {}", Cut::kMostClasses, *most));
  }
}

Shape EndsForm::shape() const { return SelectorForm{who}.shape(); }

void PartitionForm::read(const Cursor& at, PartitionShape& out) const {
  out = {};
  if (!at.node().is_list()) {
    if (!at.scalar("halves, ring, majority_ring, bridge, random, or lists of nodes")) return;
    ChoiceForm<PartitionShape::Kind>{kShapes, "partition"}.read(at, out.kind);
    if (at.errors().clean(at.path()) && who->nodes < least_nodes(out.kind) && who->certain) {
      at.error(fmt::format("{} wants {} nodes at least; there are {}", at.node().text,
                           least_nodes(out.kind), who->nodes));
    }
    const bool ring =
        out.kind == PartitionShape::Kind::kRing || out.kind == PartitionShape::Kind::kMajorityRing;
    if (ring && who->nodes > Cut::kMostClasses) {
      at.error(
          fmt::format("a ring of {} nodes at most; there are {}", Cut::kMostClasses, who->nodes));
    }
    return;
  }
  out.kind = PartitionShape::Kind::kGroups;
  if (at.node().children.size() < 2) {
    return at.error("a partition has two groups at least, such as [[n1, n2], [n3, n4, n5]]");
  }
  std::set<NodeId> seen;
  for (std::size_t i = 0; i < at.node().children.size(); ++i) {
    const Cursor item = at.item(i);
    std::vector<NodeId>& group = out.groups.emplace_back();
    if (item.node().is_list()) {
      read_nodes(item, *who, group);
    } else {
      read_node(item, *who, group);
    }
    for (const NodeId n : group) {
      if (!seen.insert(n).second) item.error("a node of another group, too");
    }
  }
}

Shape PartitionForm::shape() const {
  return Shape::either(
      {ChoiceForm<PartitionShape::Kind>{kShapes, "partition"}.shape(),
       Shape::list_of(Shape::either({name_shape(), Shape::list_of(name_shape(), 1)}), 2)});
}

std::string Who::spare_names() const {
  return spares == 1 ? fmt::format("n{}", nodes + 1)
                     : fmt::format("n{} to n{}", nodes + 1, servers());
}

bool is_taken(std::string_view name, const Protocol* protocol) {
  if (numbered(name, 'n') || numbered(name, 'c')) return true;
  for (const Keyword& k : kKeywords) {
    if (k.name == name) return true;
  }
  Selector ignored;
  return protocol != nullptr && read_role(name, *protocol, ignored);
}

}  // namespace seedbed
