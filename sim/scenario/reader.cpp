#include "sim/scenario/reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace seedbed {

namespace {

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const YamlNode* Reader::claim(std::string_view name, std::string_view about, Need need) {
  known_.push_back(name);
  const YamlNode* node = at_.node().find(name);
  if (node == nullptr && need == Need::kRequired) at_.missing(name, about);
  return node;
}

void Reader::finish(std::string_view noun, std::span<const std::string_view> foreign) {
  for (const YamlNode& child : at_.node().children) {
    if (contains(known_, child.key) || child.key == "<<") continue;
    if (contains(foreign, child.key)) {
      at_.child(child).key_error(
          fmt::format("{} takes no '{}'; it takes {}", noun, child.key, listed(known_)));
    } else if (child.key.find(':') != std::string::npos) {
      at_.child(child).key_error("no such key; a ':' wants a space after it");
    } else if (at_.errors().flooded()) {
      at_.child(child).key_error("no such key");
    } else {
      at_.child(child).key_error("no such key" + suggestion(child.key, known_));
    }
  }
}

bool expect_one_key(const Cursor& at, std::string_view noun,
                    const std::vector<std::string_view>& known) {
  const auto& children = at.node().children;
  const auto found = std::count_if(children.begin(), children.end(), [&](const YamlNode& child) {
    return contains(known, child.key);
  });
  if (found == 1) return true;
  at.error(fmt::format("{} {}, where one is wanted: {}", found, noun,
                       listed(known)));
  return false;
}

}  // namespace seedbed
