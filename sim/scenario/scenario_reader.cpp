#include "sim/scenario/scenario_reader.h"

#include <filesystem>

#include "sim/scenario/draft.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/text_guard.h"
#include "sim/scenario/yaml_tree.h"

namespace seedbed {

ReadResult read_scenario(const std::string& file_name, std::string_view text,
                         std::span<const Setting> settings) {
  Errors errors(names_of_sources(file_name, settings));
  std::optional<YamlNode> root = parse_yaml(text, 0, "", errors);
  if (root && root->kind == YamlNode::Kind::kNull) {
    errors.add({}, "", "empty: there is nothing to read");
    root.reset();
  }
  if (!root) return {std::nullopt, errors.take()};
  Draft draft;
  draft.scenario.file = file_name;
  ReadContext context{errors, std::filesystem::path(file_name).parent_path().string()};
  if (root->is_map()) apply_settings(settings, *root, errors);
  const Cursor cursor(*root, context);
  read_keys(cursor, draft);
  settle_draft(cursor, draft);
  if (!errors.none()) return {std::nullopt, errors.take()};
  return {std::move(draft.scenario), {}};
}

ReadResult read_scenario_file(const std::string& path, std::span<const Setting> settings) {
  const FileText file = read_text_file(path, kMostBytes);
  if (!file.error.empty()) return {std::nullopt, {{path, 0, 0, "", file.error}}};
  return read_scenario(path, file.text, settings);
}

}  // namespace seedbed
