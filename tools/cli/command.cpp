#include "tools/cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

#include "sim/base/text.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed::cli {

std::vector<std::string> ScenarioOptions::arguments() const {
  std::vector<std::string> words{file};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  if (!mutant.empty()) words.insert(words.end(), {"--mutant", mutant});
  for (const std::string& plugin : plugins) words.insert(words.end(), {"--plugin", plugin});
  return words;
}

namespace {

std::vector<Setting> parse_settings(const std::vector<std::string>& texts) {
  std::vector<Setting> settings;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw BadInput(fmt::format("--set {}: expected PATH=VALUE, such as network.loss=2%", text));
    }
    settings.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return settings;
}

void use_mutant(Scenario& scenario, const std::string& name) {
  std::vector<std::string_view> known;
  for (const MutantInfo& mutant : scenario.protocol->mutants) known.push_back(mutant.name);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    const std::string_view near = nearest(name, known);
    throw BadInput(fmt::format("--mutant: {} has no mutant '{}'; {}", scenario.protocol->name, name,
                               near.empty() ? fmt::format("it has {}", fmt::join(known, ", "))
                                            : fmt::format("did you mean '{}'?", near)));
  }
  scenario.mutant = name;
}

}  // namespace

std::shared_ptr<const Scenario> load(const ScenarioOptions& options) {
  for (const std::string& plugin : options.plugins) load_plugin(plugin);
  const ReadResult read = read_scenario_file(options.file, parse_settings(options.settings));
  if (!read.scenario) {
    std::string text;
    for (const ScenarioError& error : read.errors) {
      text += (text.empty() ? "" : "\n") + error.text();
    }
    throw BadInput(text);
  }
  auto scenario = std::make_shared<Scenario>(*read.scenario);
  if (options.seed) scenario->world.seed = *options.seed;
  if (!options.mutant.empty()) use_mutant(*scenario, options.mutant);
  return scenario;
}

SeedRange parse_seeds(const std::string& text) {
  SeedRange range;
  const std::size_t dots = text.find("..");
  const auto number = [&](std::string_view part) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (part.empty() || error != std::errc{} || end != part.data() + part.size()) {
      throw BadInput(fmt::format("--seeds: '{}' is not a range of seeds, such as 1..100", text));
    }
    return value;
  };
  range.first = number(std::string_view(text).substr(0, dots));
  range.last =
      dots == std::string::npos ? range.first : number(std::string_view(text).substr(dots + 2));
  if (range.last < range.first) {
    throw BadInput(fmt::format("--seeds: {} ends before it begins", text));
  }
  return range;
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) throw BadInput(fmt::format("{}: cannot be written", path));
}

}  // namespace seedbed::cli
