#include "sim/scenario/scenario_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/scenario/yaml_line.h"

namespace seedbed {

namespace {

std::string text_of(Range<Duration> range) {
  if (range.min == range.max) return to_text(range.min);
  return to_text(range.min) + ".." + to_text(range.max);
}

std::string thousandths(std::uint64_t n) {
  if (n % 1000 == 0) return fmt::format("{}", n / 1000);
  return fmt::format("{}.{:03}", n / 1000, n % 1000);
}

/// The value of a fault's field; "" where it is what it is when left out.
struct FieldText {
  const Fault& fault;
  std::uint32_t servers;

  std::string nodes(const std::vector<NodeId>& nodes) const {
    std::vector<std::string> names;
    for (const NodeId n : nodes) names.push_back(node_name(n, servers));
    return names.size() == 1 ? names[0] : fmt::format("[{}]", fmt::join(names, ", "));
  }
  std::string link(const Link& link) const {
    return fmt::format("{{ from: {}, to: {} }}", nodes(link.from.nodes), nodes(link.to.nodes));
  }

  std::string operator()(Selector Fault::*m) const {
    return (fault.*m).nodes.empty() ? "" : nodes((fault.*m).nodes);
  }
  std::string operator()(PartitionShape Fault::*m) const {
    const PartitionShape& shape = fault.*m;
    if (shape.kind == PartitionShape::Kind::kRing) return "ring";
    if (shape.kind == PartitionShape::Kind::kMajorityRing) return "majority_ring";
    std::vector<std::string> groups;
    for (const auto& group : shape.groups) {
      const std::string names = nodes(group);
      groups.push_back(group.size() == 1 ? "[" + names + "]" : names);
    }
    return fmt::format("[{}]", fmt::join(groups, ", "));
  }
  std::string operator()(Link Fault::*m) const { return link(fault.*m); }
  std::string operator()(Scope Fault::*m) const {
    const Scope& scope = fault.*m;
    if (scope.link) return link(*scope.link);
    return scope.who.nodes.empty() ? "" : nodes(scope.who.nodes);
  }
  std::string operator()(Rate Fault::*m) const { return fmt::format("{}bps", (fault.*m).bits); }
  std::string operator()(Probability Fault::*m) const { return to_text(fault.*m); }
  std::string operator()(HeldBack Fault::*m) const {
    return fmt::format("{{ chance: {}, by: {} }}", to_text((fault.*m).chance),
                       text_of((fault.*m).by));
  }
  std::string operator()(Range<Duration> Fault::*m) const { return text_of(fault.*m); }
  std::string operator()(std::uint64_t Fault::*m) const { return fmt::format("{}", fault.*m); }
  std::string operator()(Factor Fault::*m) const { return thousandths((fault.*m).permille) + "x"; }
  std::string operator()(Range<std::int64_t> Fault::*m) const {
    const auto [min, max] = fault.*m;
    return min == max ? fmt::format("{}ppb", min) : fmt::format("{}ppb..{}ppb", min, max);
  }
  std::string operator()(Duration Fault::*m) const {
    return fault.*m == Duration{} ? "" : to_text(fault.*m);
  }
  std::string operator()(std::string Fault::*m) const {
    if ((fault.*m).empty()) return "";
    return to_line({.kind = YamlNode::Kind::kScalar, .text = fault.*m});
  }
  std::string operator()(bool Fault::*) const { return "all"; }
  std::string operator()(std::optional<Range<Duration>> Fault::*m) const {
    return fault.*m ? text_of(*(fault.*m)) : "";
  }
};

}  // namespace

std::string line_of(Time at, const Fault& fault, std::uint32_t servers) {
  std::string line = "{ at: " + to_text(at - Time{});
  const FieldText text{fault, servers};
  if (fault.action != nullptr) {
    line += fmt::format(", {}: {}", fault.action->name, text(&Fault::who));
  } else {
    for (const FaultField& field : fault.info->fields) {
      const std::string value = std::visit(text, field.member);
      if (!value.empty()) line += fmt::format(", {}: {}", field.name, value);
    }
  }
  return line + " }";
}

std::string line_of(const ListedOperation& operation) {
  if (!operation.function.empty()) {
    return fmt::format("{{ at: {}, client: c{}, {}: {} }}", to_text(operation.at - Time{}),
                       operation.client + 1, operation.function,
                       to_line({.kind = YamlNode::Kind::kScalar, .text = operation.value}));
  }
  const kv::Command& command = operation.command;
  if (operation.starts_saga) {
    const bool refused = command.expected != kv::kNil;
    return fmt::format("{{ at: {}, client: c{}, start: {}, value: {}{} }}",
                       to_text(operation.at - Time{}), operation.client + 1, command.key,
                       command.value,
                       refused ? fmt::format(", refuse: {}", command.expected + 1) : "");
  }
  std::string line = fmt::format("{{ at: {}, client: c{}, {}: {}", to_text(operation.at - Time{}),
                                 operation.client + 1, kv::name_of(command.function), command.key);
  const bool expects = command.function == kv::Function::kCas && command.expected != kv::kNil;
  if (expects) line += fmt::format(", expected: {}", command.expected);
  if (command.function != kv::Function::kRead) line += fmt::format(", value: {}", command.value);
  return line + " }";
}

std::string line_of(const Decision& decision, std::uint32_t servers) {
  constexpr std::string_view kVerbs[] = {"lose", "delay", "duplicate"};
  const MessageKey& key = decision.key;
  std::string line = fmt::format(
      "{{ {}: {}, from: {}, to: {}, sent: {}", kVerbs[static_cast<std::size_t>(decision.kind)],
      to_line({.kind = YamlNode::Kind::kScalar, .text = decision.message}),
      node_name(key.from, servers), node_name(key.to, servers), to_text(key.sent - Time{}));
  if (key.nth != 0) line += fmt::format(", nth: {}", key.nth);
  if (decision.kind != Decision::Kind::kLose) line += ", by: " + to_text(decision.by);
  return line + " }";
}

}  // namespace seedbed
