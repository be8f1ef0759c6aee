// A YAML document as a small tree of its own, in which every node knows its line and column. Built
// from yaml-cpp's events, with limits that hold while it grows: no input makes it slow or large.
//
//   Errors errors({"raft.yaml"});
//   std::optional<YamlNode> root = parse_yaml(text, 0, "", errors);
//   if (root) root->find("nodes")->text;                    // "5"
//
// Refused, with place and reason: what is not YAML, duplicate keys, keys that are no plain text,
// several documents, an empty one, tags, merge keys (<<), aliases to what is still open, and
// whatever is deeper or larger than the limits below, aliases counted by what they stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/errors.h"

namespace seedbed {

inline constexpr std::size_t kMostNodes = 20'000;
inline constexpr std::size_t kMostDepth = 32;
/// Text of all nodes after aliases are expanded, in bytes.
inline constexpr std::size_t kMostText = std::size_t{4} << 20;

struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };
  Kind kind = Kind::kNull;
  bool quoted = false;  // a scalar in quotes (or a block of text): never a number
  std::string key;      // of a map's entry
  Place key_place;
  std::string text;  // of a scalar
  Place place;
  std::vector<YamlNode> children;  // of a sequence or a map, as written

  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kSequence; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  const YamlNode* find(std::string_view name) const;
  YamlNode* find(std::string_view name);
};

/// The root of the one document in `text`. Nothing where it cannot be read as YAML; what is merely
/// not allowed (a duplicate key, a tag) is added to `errors` and the rest is read. `source` and
/// `path` say where the text belongs: see Place.
std::optional<YamlNode> parse_yaml(std::string_view text, int source, const std::string& path,
                                   Errors& errors);

/// `parent.key`, or `key` below the root.
std::string path_of_key(const std::string& parent, std::string_view key);
/// `parent[3]`.
std::string path_of_item(const std::string& parent, std::size_t index);

}  // namespace seedbed
