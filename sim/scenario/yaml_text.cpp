#include "sim/scenario/yaml_text.h"

#include <algorithm>

#include "sim/scenario/yaml_line.h"

namespace seedbed {

namespace {

constexpr std::size_t kColumns = 100;

bool fits(const YamlNode& node, std::size_t column) {
  const auto is_map = [](const YamlNode& child) { return child.is_map(); };
  if (node.children.empty()) return true;
  if (node.is_list() && std::any_of(node.children.begin(), node.children.end(), is_map)) {
    return false;
  }
  const auto no_list_of_maps = [&](const YamlNode& child) { return fits(child, 0); };
  return std::all_of(node.children.begin(), node.children.end(), no_list_of_maps) &&
         column + to_line(node).size() <= kColumns;
}

void write(const YamlNode& node, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  for (const YamlNode& child : node.children) {
    if (node.is_list()) {
      out += margin + "- " + to_line(child) + '\n';
      continue;
    }
    const std::string key = margin + to_line({.kind = YamlNode::Kind::kScalar, .text = child.key});
    if (fits(child, key.size() + 2)) {
      out += key + ": " + to_line(child) + '\n';
    } else {
      out += key + ":\n";
      write(child, indent + 2, out);
    }
  }
}

}  // namespace

std::string to_document(const YamlNode& root) {
  std::string out;
  write(root, 0, out);
  return out;
}

}  // namespace seedbed
