// seedbed check HISTORY: judges a history that came from anywhere.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/base/text.h"
#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"
#include "sim/scenario/units.h"
#include "tools/cli/command.h"
#include "tools/cli/history_file.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

using Json = nlohmann::ordered_json;

/// "--model: 'regster' is none; did you mean 'register'? There are ...".
[[noreturn]] void refuse(std::string_view what, std::string_view found,
                         const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(found, known);
  throw BadInput(fmt::format("{}: {}{}there are {}", what,
                             found.empty() ? "which? " : fmt::format("'{}' is none; ", found),
                             near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
                             fmt::join(known, ", ")));
}

const HistoryCheck& model_of(const CheckHistoryOptions& options) {
  const HistoryCheck* check = find_history_check(options.model);
  if (check != nullptr) return *check;
  std::vector<std::string_view> names;
  for (const HistoryCheck* c : history_checks()) names.push_back(c->name);
  refuse("--model", options.model, names);
}

std::string level_of(const CheckHistoryOptions& options, const HistoryCheck& check) {
  if (options.level.empty()) {
    return check.levels.empty() ? "" : std::string(check.levels.front());
  }
  if (check.levels.empty()) {
    throw BadInput(fmt::format("--level: the check {} has no levels", check.name));
  }
  const auto known = std::find(check.levels.begin(), check.levels.end(), options.level);
  if (known != check.levels.end()) return options.level;
  if (check.takes_level != nullptr && check.takes_level(options.level)) return options.level;
  refuse(fmt::format("--level of {}", check.name), options.level,
         {check.levels.begin(), check.levels.end()});
}

std::string_view format_of(const CheckHistoryOptions& options, const HistoryCheck& check,
                           std::string_view text) {
  const std::string_view format =
      options.format.empty() ? history::guess_format(text) : std::string_view(options.format);
  const auto known = std::find(check.formats.begin(), check.formats.end(), format);
  if (known != check.formats.end()) return *known;
  // Where a guess is wrong, the format that the check reads may be plain by itself.
  if (options.format.empty() && check.formats.size() == 1) return check.formats.front();
  refuse(fmt::format("--format for {}", check.name), format,
         {check.formats.begin(), check.formats.end()});
}

/// "kv.txt#7" is the part 7 of kv.txt, unless there is a file of that very name.
std::pair<std::string, std::string> file_and_part(const std::string& name) {
  const std::size_t hash = name.rfind('#');
  std::error_code none;
  if (hash == std::string::npos || std::filesystem::exists(name, none)) return {name, ""};
  return {name.substr(0, hash), name.substr(hash + 1)};
}

std::string json_of(const CheckReport& report, const HistoryCheck& check, std::string_view text,
                    double wall_s) {
  Json json{{"verdict", name_of(report.verdict)},
            {"model", check.name},
            {"level", report.level.empty() ? Json(nullptr) : Json(report.level)},
            {"operations", report.operations},
            {"steps", report.steps},
            {"wall_s", wall_s},
            {"message", report.message}};
  json["witness"] = Json::array();
  for (const WitnessOp& op : report.witness) {
    const history::Place place = history::place_of(text, op.offset);
    json["witness"].push_back({{"line", place.line}, {"operation", op.text}, {"role", op.role}});
  }
  json["anomalies"] = Json::array();
  for (const Anomaly& a : report.anomalies) {
    json["anomalies"].push_back({{"name", a.name}, {"count", a.count}, {"message", a.message}});
  }
  json["picture"] = Json::array();
  for (std::size_t at = 0; at < report.picture.size();) {
    const std::size_t end = std::min(report.picture.find('\n', at), report.picture.size());
    json["picture"].push_back(report.picture.substr(at, end - at));
    at = end + 1;
  }
  json["notes"] = Json::object();
  for (const auto& [name, note] : report.notes) json["notes"][name] = note;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

void print(const CheckReport& report, const HistoryCheck& check, std::string_view text,
           double wall_s) {
  fmt::print("{}  {}{}: {} operations, {}\n",
             styled(report.verdict, fmt::format("{}", name_of(report.verdict))), check.name,
             report.level.empty() ? "" : " " + report.level, grouped(report.operations),
             brief(Duration(static_cast<std::int64_t>(wall_s * 1e9))));
  if (!report.message.empty()) fmt::print("  {}\n", report.message);
  for (const Anomaly& a : report.anomalies) {
    if (a.message == report.message) continue;
    fmt::print("  {} ({}): {}\n", styled(Style::kBold, a.name), grouped(a.count), a.message);
  }
  if (!report.witness.empty()) fmt::print("\n");
  for (const WitnessOp& op : report.witness) {
    const history::Place place = history::place_of(text, op.offset);
    fmt::print("  line {}: {} ({})\n", place.line, op.text, op.role);
  }
  if (!report.picture.empty()) fmt::print("\n{}\n", report.picture);
  for (const auto& [name, note] : report.notes) fmt::print("  {}: {}\n", name, note);
}

CheckOptions check_options(const CheckHistoryOptions& options, const HistoryCheck& check) {
  CheckOptions o;
  o.level = level_of(options, check);
  o.init = options.init;
  o.session_per_line = options.session_per_line;
  o.independent = options.independent;
  const auto budget = parse_duration(options.budget);
  if (!budget.value) throw BadInput(fmt::format("--budget: {}", budget.error));
  const auto memory = parse_size(options.memory);
  if (!memory.value) throw BadInput(fmt::format("--memory: {}", memory.error));
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::nanoseconds(budget.value->count());
  o.budget.steps = ~std::uint64_t{0};
  o.budget.bytes = static_cast<std::size_t>(*memory.value);
  o.budget.expired = [end] { return Clock::now() > end; };
  return o;
}

}  // namespace

int check(const CheckHistoryOptions& options) {
  const HistoryCheck& check = model_of(options);
  const CheckOptions o = check_options(options, check);
  const auto [name, part] = file_and_part(options.file);
  const HistoryFile file(name);
  const std::string_view format = format_of(options, check, file.text());
  const auto begin = std::chrono::steady_clock::now();
  CheckReport report;
  try {
    report = judge_history(check, {file.text(), format, part}, o);
  } catch (const history::BadHistory& e) {
    const history::Place place = history::place_of(file.text(), e.offset());
    throw BadInput(fmt::format("{}:{}:{}: {}", name, place.line, place.column, e.what()));
  }
  report.level = o.level;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (options.json) {
    fmt::print("{}\n", json_of(report, check, file.text(), wall.count()));
  } else {
    print(report, check, file.text(), wall.count());
  }
  if (report.verdict == Verdict::kUnknown) return kUndecided;
  return report.verdict == Verdict::kPass ? kAsExpected : kNotAsExpected;
}

}  // namespace seedbed::cli
