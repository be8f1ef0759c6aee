#include "sim/scenario/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/scenario/units.h"

namespace seedbed {

namespace {

struct Step {
  std::string key;  // or:
  std::optional<std::size_t> index;
};

bool is_index(std::string_view s) {
  return !s.empty() && s.find_first_not_of("0123456789") == s.npos;
}

/// "chaos[0].for" -> chaos, 0, for. Nothing where it is no path.
std::optional<std::vector<Step>> parse_path(std::string_view path) {
  std::string dotted;
  for (const char c : path) {
    if (c == '[') {
      dotted += '.';
    } else if (c != ']') {
      dotted += c;
    }
  }
  std::vector<Step> steps;
  for (std::size_t begin = 0; begin <= dotted.size();) {
    const std::size_t end = std::min(dotted.find('.', begin), dotted.size());
    const std::string word = dotted.substr(begin, end - begin);
    const bool good = std::all_of(word.begin(), word.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    });
    if (word.empty() || !good || steps.size() == kMostDepth) return std::nullopt;
    if (is_index(word)) {
      const Parsed<std::int64_t> n = parse_integer(word, 0, kMostNodes);
      if (!n.value) return std::nullopt;
      steps.push_back({"", static_cast<std::size_t>(*n.value)});
    } else {
      steps.push_back({word, std::nullopt});
    }
    begin = end + 1;
  }
  return steps;
}

std::string text_of(const std::vector<Step>& steps, std::size_t count) {
  std::string path;
  for (std::size_t i = 0; i < count; ++i) {
    path = steps[i].index ? path_of_item(path, *steps[i].index) : path_of_key(path, steps[i].key);
  }
  return path;
}

std::string canonical(const std::string& path) {
  const auto steps = parse_path(path);
  return steps ? text_of(*steps, steps->size()) : printable(path);
}

/// The child that `step` names, made where it is missing; null where `node` cannot have it.
YamlNode* descend(YamlNode& node, const Step& step, Place place) {
  const auto wanted = step.index ? YamlNode::Kind::kSequence : YamlNode::Kind::kMap;
  if (node.kind == YamlNode::Kind::kNull) node.kind = wanted;
  if (node.kind != wanted) return nullptr;
  if (!step.index) {
    if (YamlNode* known = node.find(step.key)) return known;
  } else {
    if (*step.index < node.children.size()) return &node.children[*step.index];
    if (*step.index > node.children.size()) return nullptr;
  }
  YamlNode fresh;
  fresh.key = step.key;
  fresh.place = fresh.key_place = place;
  return &node.children.emplace_back(std::move(fresh));
}

std::string why_not(const YamlNode& node, const std::string& path, const Step& step) {
  const std::string where = path.empty() ? "the scenario" : path;
  switch (node.kind) {
    case YamlNode::Kind::kScalar:
      return fmt::format("{} is {}, which has nothing below it; set it as a whole", where,
                         in_quotes(node.text));
    case YamlNode::Kind::kMap: return fmt::format("{} is a map: name a key of it", where);
    default: break;
  }
  if (!step.index) return fmt::format("{} is a list: an index follows, such as [0]", where);
  return fmt::format("{} has {} items: from [0], and [{}] adds one", where, node.children.size(),
                     node.children.size());
}

void apply(const Setting& setting, int source, YamlNode& root, Errors& errors) {
  const Place place{1, 1, source};
  const auto steps = parse_path(setting.path);
  if (!steps) {
    return errors.add(place, "",
                      "not a path: keys and indices, such as network.loss or "
                      "chaos[0].for");
  }
  const std::string path = text_of(*steps, steps->size());
  if (setting.value.find_first_not_of(" \t\r\n") == std::string::npos) {
    return errors.add(place, path, "no value; it is --set PATH=VALUE");
  }
  std::optional<YamlNode> value = parse_yaml(setting.value, source, path, errors);
  if (!value) return;

  YamlNode* node = &root;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    YamlNode* child = descend(*node, (*steps)[i], place);
    if (child == nullptr) {
      return errors.add(place, "", why_not(*node, text_of(*steps, i), (*steps)[i]));
    }
    node = child;
  }
  value->key = node->key;
  value->key_place = place;
  *node = std::move(*value);
}

}  // namespace

std::vector<std::string> names_of_sources(const std::string& file,
                                          std::span<const Setting> settings) {
  std::vector<std::string> names = {file};
  for (const Setting& s : settings) names.push_back("--set " + canonical(s.path));
  return names;
}

void apply_settings(std::span<const Setting> settings, YamlNode& root, Errors& errors) {
  for (std::size_t i = 0; i < settings.size(); ++i) {
    apply(settings[i], static_cast<int>(i) + 1, root, errors);
  }
}

}  // namespace seedbed
