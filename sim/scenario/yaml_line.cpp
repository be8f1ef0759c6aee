#include "sim/scenario/yaml_line.h"

#include <algorithm>

namespace seedbed {

namespace {

/// Plain in every context, also within brackets.
bool is_plain(std::string_view text) {
  constexpr std::string_view kOthers = "_.%/()+-";
  if (text.empty() || text.starts_with('%') || text == "-" || text == "---" || text == "...") {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != kOthers.npos;
  });
}

std::string scalar_line(std::string_view text, bool quoted) {
  const bool word =
      text == "null" || text == "Null" || text == "NULL" || text == "true" || text == "false";
  if (is_plain(text) && !(quoted && word)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string to_line(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull: return "null";
    case YamlNode::Kind::kScalar: return scalar_line(node.text, node.quoted);
    default: break;
  }
  const bool map = node.is_map();
  if (node.children.empty()) return map ? "{}" : "[]";
  std::string out = map ? "{ " : "[";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const YamlNode& child = node.children[i];
    if (i > 0) out += ", ";
    if (map) out += scalar_line(child.key, false) + ": ";
    out += to_line(child);
  }
  return out + (map ? " }" : "]");
}

}  // namespace seedbed
