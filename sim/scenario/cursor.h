// A node of the scenario together with its path and the place where complaints go.
//
//   void read(const Cursor& at, Duration& out) {
//     if (auto text = at.scalar("a duration, such as 5s")) ...
//     at.error("is not what it should be");          // raft.yaml:3:11: network.latency: is not ...
//   }
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/errors.h"
#include "sim/scenario/yaml_tree.h"

namespace seedbed {

/// What is known while one scenario is read.
struct ReadContext {
  Errors& errors;
  std::string directory;  // of the scenario's file: files that it names are relative to it
};

class Cursor {
 public:
  Cursor(const YamlNode& node, ReadContext& context) : node_(&node), context_(&context) {}

  const YamlNode& node() const { return *node_; }
  const std::string& path() const { return path_; }
  Errors& errors() const { return context_->errors; }
  const std::string& directory() const { return context_->directory; }

  /// A complaint about the value here; about its key; about a key that is not here but should be.
  void error(std::string message) const;
  void key_error(std::string message) const;
  void missing(std::string_view key, std::string_view about) const;

  /// Below: a child of this map; the item of this list.
  Cursor child(const YamlNode& child) const;
  Cursor item(std::size_t index) const;
  /// The entry `key` of this map if there is one, else this.
  Cursor nearest(std::string_view key) const;

  /// The text here where it is a plain value; complains otherwise, telling what is `wanted`.
  std::optional<std::string_view> scalar(std::string_view wanted) const;
  /// The same for what must not be quoted: numbers, true and false.
  std::optional<std::string_view> unquoted(std::string_view wanted) const;
  bool expect_map(std::string_view wanted) const;
  bool expect_list(std::string_view wanted) const;

 private:
  Cursor(const YamlNode& node, const Cursor& parent, std::string path)
      : node_(&node), context_(parent.context_), path_(std::move(path)) {}
  void wrong_kind(std::string_view wanted) const;

  const YamlNode* node_;
  ReadContext* context_;
  std::string path_;
};

}  // namespace seedbed
