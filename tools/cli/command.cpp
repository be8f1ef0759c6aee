#include "tools/cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <thread>

#include "sim/base/text.h"
#include "sim/explore/swarm.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/text_guard.h"
#include "sim/scenario/units.h"
#include "tools/cli/process.h"

namespace seedbed::cli {

std::vector<std::string> ScenarioOptions::arguments() const {
  std::vector<std::string> words{file};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  if (!mutant.empty()) words.insert(words.end(), {"--mutant", mutant});
  for (const std::string& plugin : plugins) words.insert(words.end(), {"--plugin", plugin});
  if (swarm) words.push_back("--swarm");
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

ScenarioSource::ScenarioSource(ScenarioOptions options) : options_(std::move(options)) {
  FileText file = read_text_file(options_.file, kMostBytes);
  if (!file.error.empty()) throw BadInput(fmt::format("{}: {}", options_.file, file.error));
  text_ = std::move(file.text);
}

std::shared_ptr<Scenario> ScenarioSource::read(std::span<const Setting> more) const {
  std::vector<Setting> settings = parse_settings(options_.settings);
  settings.insert(settings.end(), more.begin(), more.end());
  const ReadResult read = read_scenario(options_.file, text_, settings);
  if (!read.scenario) {
    std::string text;
    for (const ScenarioError& error : read.errors) {
      text += (text.empty() ? "" : "\n") + error.text();
    }
    throw BadInput(text);
  }
  auto scenario = std::make_shared<Scenario>(*read.scenario);
  if (options_.seed) scenario->world.seed = *options_.seed;
  if (!options_.mutant.empty()) use_mutant(*scenario, options_.mutant);
  return scenario;
}

YamlNode ScenarioSource::tree(std::span<const Setting> more) const {
  std::vector<Setting> settings = parse_settings(options_.settings);
  settings.insert(settings.end(), more.begin(), more.end());
  if (!options_.mutant.empty()) settings.push_back({"mutant", options_.mutant});
  Errors errors({options_.file});
  std::optional<YamlNode> root = parse_yaml(text_, 0, "", errors);
  if (!root) throw BadInput(options_.file + ": is no scenario");
  apply_settings(settings, *root, errors);
  return std::move(*root);
}

std::shared_ptr<const Scenario> load(const ScenarioOptions& options,
                                     std::vector<std::string>* drawn) {
  for (const std::string& plugin : options.plugins) load_plugin(plugin);
  const ScenarioSource source(options);
  const std::shared_ptr<const Scenario> scenario = source.read();
  if (!options.swarm) return scenario;
  const std::vector<Setting> settings = swarm_settings(*scenario, scenario->world.seed);
  for (const Setting& s : settings) {
    if (drawn != nullptr) drawn->push_back(s.path + "=" + s.value);
  }
  const auto swarmed = source.read(settings);
  swarmed->world.seed = scenario->world.seed;
  return swarmed;
}

std::string repeat_command(const ScenarioOptions& options, std::uint64_t seed) {
  std::string text = "tools/seedbed run";
  for (const std::string& word : options.arguments()) text += " " + shell_quoted(word);
  return text + fmt::format(" --seed {}", seed);
}

std::optional<std::chrono::nanoseconds> duration_of(const std::string& text, const char* option) {
  if (text.empty()) return std::nullopt;
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed.value) throw BadInput(fmt::format("{}: {}", option, parsed.error));
  return std::chrono::nanoseconds(parsed.value->count());
}

unsigned jobs_of(unsigned asked) {
  return asked != 0 ? asked : std::max(std::thread::hardware_concurrency(), 1U);
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
