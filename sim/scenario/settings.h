// `--set PATH=VALUE`: one value of a scenario replaced or added before it is read, so that it is
// judged exactly as if it stood in the file.
//
//   apply_settings({{"network.loss", "2%"}, {"chaos[0].for", "3s"}}, root, errors);
//
// PATH is made of keys and list indices, from 0: `chaos.0.for` and `chaos[0].for` are the same; the
// index after a list's last adds an item. VALUE is YAML: `{ lognormal: { median: 1ms, p99: 9ms }}`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/scenario/errors.h"
#include "sim/scenario/yaml_tree.h"

namespace seedbed {

struct Setting {
  std::string path;
  std::string value;
};

/// What errors call the sources: the file's name, then "--set PATH" of each.
std::vector<std::string> names_of_sources(const std::string& file,
                                          std::span<const Setting> settings);

/// In their order; a later one wins. The n-th one's nodes have the source n.
void apply_settings(std::span<const Setting> settings, YamlNode& root, Errors& errors);

}  // namespace seedbed
