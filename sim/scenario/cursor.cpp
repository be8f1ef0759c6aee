#include "sim/scenario/cursor.h"

#include <fmt/format.h>

namespace seedbed {

void Cursor::error(std::string message) const {
  errors().add(node_->place, path_, std::move(message));
}
void Cursor::key_error(std::string message) const {
  errors().add(node_->key_place, path_, std::move(message));
}
void Cursor::missing(std::string_view key, std::string_view about) const {
  errors().add(node_->place, path_of_key(path_, key),
               fmt::format("missing, and needed here: {}", about));
}

Cursor Cursor::child(const YamlNode& child) const {
  return {child, *this, path_of_key(path_, child.key)};
}
Cursor Cursor::item(std::size_t index) const {
  return {node_->children[index], *this, path_of_item(path_, index)};
}
Cursor Cursor::nearest(std::string_view key) const {
  const YamlNode* found = node_->find(key);
  return found != nullptr ? child(*found) : *this;
}

void Cursor::wrong_kind(std::string_view wanted) const {
  switch (node_->kind) {
    case YamlNode::Kind::kNull: return error(fmt::format("has no value; wanted is {}", wanted));
    case YamlNode::Kind::kSequence: return error(fmt::format("a list; wanted is {}", wanted));
    case YamlNode::Kind::kMap: return error(fmt::format("a map; wanted is {}", wanted));
    case YamlNode::Kind::kScalar: break;
  }
  error(fmt::format("{}; wanted is {}", in_quotes(node_->text), wanted));
}

std::optional<std::string_view> Cursor::scalar(std::string_view wanted) const {
  if (node_->is_scalar()) return node_->text;
  wrong_kind(wanted);
  return std::nullopt;
}

std::optional<std::string_view> Cursor::unquoted(std::string_view wanted) const {
  if (!node_->quoted) return scalar(wanted);
  error(fmt::format("{} is text, for it is quoted; wanted is {}", in_quotes(node_->text), wanted));
  return std::nullopt;
}

bool Cursor::expect_map(std::string_view wanted) const {
  if (node_->is_map()) return true;
  wrong_kind(wanted);
  return false;
}

bool Cursor::expect_list(std::string_view wanted) const {
  if (node_->is_list()) return true;
  wrong_kind(wanted);
  return false;
}

}  // namespace seedbed
