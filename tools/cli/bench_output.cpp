#include "tools/cli/bench_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/text.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

using Json = nlohmann::ordered_json;

/// In milliseconds, or as the number that it is.
double plain(const Quantity& q) {
  return static_cast<double>(q.amount) / (q.kind == MeasureKind::kTime ? 1e6 : 1e9);
}
double milliseconds(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }
double percent(std::int64_t ppb) { return static_cast<double>(ppb) / 1e7; }
double share_of(const ShareComparison& s) {
  return 100.0 * static_cast<double>(s.yes) / static_cast<double>(s.of);
}
std::string_view verdict(bool holds) { return holds ? "pass" : "fail"; }

std::string title(const BenchRow& row) {
  return row.setting.empty() ? row.scenario->name
                             : fmt::format("{}, {}", row.scenario->name, row.setting);
}

/// Left-aligned columns, as wide as their widest cell.
std::string table(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()), 0);
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row = " ";
    for (std::size_t i = 0; i < line.size(); ++i)
      row += fmt::format(" {:<{}} ", line[i], widths[i]);
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string measured_text(const Quantity& q) {
  return q.kind == MeasureKind::kTime ? fmt::format("{:.2f}ms", plain(q))
                                      : fmt::format("{:.4g}", plain(q));
}

std::string figures_table(const MeasureComparison& c) {
  std::vector<std::vector<std::string>> lines;
  lines.push_back({"figure", "published", "measured", "deviation", "within", ""});
  for (const FigureComparison& f : c.figures) {
    lines.push_back({std::string(f.name), to_text(f.published), measured_text(f.measured),
                     fmt::format("{:+.1f}%", percent(f.deviation_ppb)),
                     f.within ? to_text(*f.within) : "-",
                     f.within ? std::string(verdict(f.holds)) : ""});
  }
  return table(lines);
}

std::string share_table(const ShareComparison& s, bool at_least) {
  return table(
      {{"figure", "published", "measured", "yes", "allowed", ""},
       {"share", (at_least ? "at least " : "") + to_text(s.published),
        fmt::format("{:.4g}%", share_of(s)), fmt::format("{} of {}", s.yes, s.of),
        fmt::format("{}..{}", s.allowed.least, s.allowed.most), std::string(verdict(s.holds))}});
}

std::string comparison_text(const BenchRow& row) {
  const Published& published = *row.scenario->published;
  std::string text =
      fmt::format("{}  {} trials in {:.2f}s\n  {}\n", styled(Style::kBold, title(row)),
                  row.trials.count, row.wall_s, published.source);
  for (std::size_t i = 0; i < published.measures.size(); ++i) {
    const PublishedMeasure& measure = published.measures[i];
    const MeasureComparison& found = row.comparison->measures[i];
    text += fmt::format("\n  {}: {}\n", measure.measure->name, measure.measure->about);
    if (!found.figures.empty()) text += figures_table(found);
    if (found.share) text += share_table(*found.share, measure.at_least.has_value());
  }
  if (row.trials.missing > 0) {
    text += fmt::format("  {} trials ended without a value, the first with seed {}\n",
                        row.trials.missing, row.trials.first_missing);
  }
  if (row.trials.violated > 0) {
    text += fmt::format("  {} trials violated a check, the first with seed {}: {}: {}\n",
                        row.trials.violated, row.trials.first_violated, row.trials.violation->check,
                        row.trials.violation->message);
  }
  const bool holds = row.holds();
  return text + styled(holds ? Verdict::kPass : Verdict::kFail, holds ? "PASS" : "FAIL") + "\n";
}

std::vector<std::string> survey_line(const BenchRow& row) {
  const Survey& s = *row.survey;
  const auto latency = [](const std::optional<Duration>& d) {
    return d ? fmt::format("{:.2f}ms", milliseconds(d->count())) : std::string("-");
  };
  std::string verdicts = fmt::format("{} pass", s.pass);
  if (s.fail > 0) verdicts += fmt::format(", {} fail", s.fail);
  if (s.unknown > 0) verdicts += fmt::format(", {} unknown", s.unknown);
  if (s.unexpected > 0) verdicts += fmt::format(" (seed {})", s.first_unexpected);
  return {row.scenario->name,
          row.setting,
          verdicts,
          fmt::format("{:.1f}/s", static_cast<double>(s.throughput_millihertz) / 1e3),
          latency(s.latency_p50),
          latency(s.latency_p99),
          s.messages_per_thousand
              ? fmt::format("{:.2f}", static_cast<double>(*s.messages_per_thousand) / 1e3)
              : "-"};
}

Json measure_json(const PublishedMeasure& published, const MeasureComparison& found) {
  Json json{{"measure", published.measure->name}};
  if (const auto& s = found.share) {
    json["share"] = {
        {published.share ? "published" : "at_least", static_cast<double>(s->published.ppb) / 1e9},
        {"measured", share_of(*s) / 100},
        {"yes", s->yes},
        {"of", s->of},
        {"allowed", {s->allowed.least, s->allowed.most}},
        {"verdict", verdict(s->holds)}};
  }
  json["figures"] = Json::array();
  const std::string unit = published.measure->kind == MeasureKind::kTime ? "_ms" : "";
  for (const FigureComparison& f : found.figures) {
    json["figures"].push_back({{"name", f.name},
                               {"published" + unit, plain(f.published)},
                               {"measured" + unit, plain(f.measured)},
                               {"deviation", static_cast<double>(f.deviation_ppb) / 1e9},
                               {"within", f.within ? Json(to_text(*f.within)) : Json(nullptr)},
                               {"verdict", f.within ? Json(verdict(f.holds)) : Json(nullptr)}});
  }
  return json;
}

Json comparison_json(const BenchRow& row) {
  const Published& published = *row.scenario->published;
  Json json{{"source", published.source},
            {"trials", row.trials.count},
            {"missing", row.trials.missing},
            {"violated", row.trials.violated},
            {"measures", Json::array()}};
  for (std::size_t i = 0; i < published.measures.size(); ++i) {
    json["measures"].push_back(measure_json(published.measures[i], row.comparison->measures[i]));
  }
  return json;
}

Json survey_json(const Survey& s) {
  const auto latency = [](const std::optional<Duration>& d) {
    return d ? Json(milliseconds(d->count())) : Json(nullptr);
  };
  return {{"runs", s.runs},
          {"pass", s.pass},
          {"fail", s.fail},
          {"unknown", s.unknown},
          {"operations", s.acknowledged},
          {"throughput_per_s", static_cast<double>(s.throughput_millihertz) / 1e3},
          {"latency_ms", {{"p50", latency(s.latency_p50)}, {"p99", latency(s.latency_p99)}}},
          {"messages_per_operation", s.messages_per_thousand
                                         ? Json(static_cast<double>(*s.messages_per_thousand) / 1e3)
                                         : Json(nullptr)}};
}

/// A cell of a spreadsheet.
std::string cell(std::string text) {
  if (text.find_first_of(",\"\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// The lines of a spreadsheet that belong to one scenario.
class Lines {
 public:
  explicit Lines(const BenchRow& row)
      : where_(cell(row.scenario->name) + "," + cell(row.setting)) {}

  void add(std::string_view figure, std::string_view unit, std::string_view published,
           std::string_view measured, std::string_view tolerance, std::string_view judged) {
    text_ += fmt::format("{},{},{},{},{},{},{}\n", where_, figure, unit, published, measured,
                         tolerance, judged);
  }
  void add(std::string_view figure, std::string_view unit, double found) {
    add(figure, unit, "", fmt::format("{}", found), "", "");
  }
  void add(const Survey& s) {
    add("pass", "runs", static_cast<double>(s.pass));
    add("fail", "runs", static_cast<double>(s.fail));
    add("unknown", "runs", static_cast<double>(s.unknown));
    add("throughput", "per s", static_cast<double>(s.throughput_millihertz) / 1e3);
    if (!s.latency_p50) return;
    add("p50", "ms", milliseconds(s.latency_p50->count()));
    add("p99", "ms", milliseconds(s.latency_p99->count()));
    add("messages", "per operation", static_cast<double>(*s.messages_per_thousand) / 1e3);
  }
  void add(const PublishedMeasure& published, const MeasureComparison& found) {
    const std::string measure = std::string(published.measure->name) + " ";
    for (const FigureComparison& f : found.figures) {
      add(measure + std::string(f.name), f.published.kind == MeasureKind::kTime ? "ms" : "",
          fmt::format("{}", plain(f.published)), fmt::format("{}", plain(f.measured)),
          f.within ? to_text(*f.within) : "", f.within ? verdict(f.holds) : "");
    }
    if (const auto& s = found.share) {
      add(measure + "share", "%", fmt::format("{}", percent(s->published.ppb)),
          fmt::format("{}", share_of(*s)),
          fmt::format("{}..{} of {}", s->allowed.least, s->allowed.most, s->of), verdict(s->holds));
    }
  }
  const std::string& text() const { return text_; }

 private:
  std::string where_;
  std::string text_;
};

}  // namespace

std::string bench_text(const std::vector<BenchRow>& rows) {
  std::string text;
  std::vector<std::vector<std::string>> lines;
  for (const BenchRow& row : rows) {
    if (row.comparison) text += (text.empty() ? "" : "\n") + comparison_text(row);
    if (row.survey) lines.push_back(survey_line(row));
  }
  if (lines.empty()) return text;
  lines.insert(lines.begin(), {"scenario", "setting", "verdicts", "throughput", "p50", "p99",
                               "messages/operation"});
  return text + (text.empty() ? "" : "\n") + table(lines);
}

std::string bench_json(const std::vector<BenchRow>& rows) {
  Json results = Json::array();
  for (const BenchRow& row : rows) {
    Json json{{"scenario", row.scenario->name},
              {"file", row.scenario->file},
              {"protocol", row.scenario->protocol->name},
              {"setting", row.setting.empty() ? Json(nullptr) : Json(row.setting)},
              {"wall_s", row.wall_s},
              {"as_expected", row.holds()}};
    json.update(row.comparison ? comparison_json(row) : survey_json(*row.survey));
    results.push_back(std::move(json));
  }
  return Json{{"results", std::move(results)}}.dump(2);
}

std::string bench_csv(const std::vector<BenchRow>& rows) {
  std::string text = "scenario,setting,figure,unit,published,measured,tolerance,verdict\n";
  for (const BenchRow& row : rows) {
    Lines lines(row);
    if (row.survey) {
      lines.add(*row.survey);
    } else {
      const auto& measures = row.scenario->published->measures;
      for (std::size_t i = 0; i < measures.size(); ++i) {
        lines.add(measures[i], row.comparison->measures[i]);
      }
    }
    text += lines.text();
  }
  return text;
}

}  // namespace seedbed::cli
