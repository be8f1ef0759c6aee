#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bench/statistics.h"

namespace seedbed::bench {

namespace {

using Json = nlohmann::ordered_json;

/// By the median; null where that side is not there.
const Series* best_of(const Measured& figure, Side side) {
  const Series* best = nullptr;
  for (const Series& s : figure.series) {
    if (s.side != side) continue;
    const bool better =
        best == nullptr || (median(s.values) < median(best->values)) == figure.less_is_better;
    if (better) best = &s;
  }
  return best;
}

/// How many times as good `engine` is as `other`.
double advantage(const Measured& figure, const Series& engine, const Series& other) {
  return figure.less_is_better ? paired_ratio(other.values, engine.values)
                               : paired_ratio(engine.values, other.values);
}

std::string number(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10 ? 2 : size < 100 ? 1 : 0);
}

/// ">= 0.70 pass", or "" where the wanted one is not there to compare with.
std::string verdict(const Measured& figure, const Series& engine, const Wanted& wanted) {
  using enum Wanted::Kind;
  const auto line = [&](std::string_view bound, bool held, std::string_view of) {
    return fmt::format("{} {}{} {}", bound, number(wanted.bound), of, held ? "pass" : "FAIL");
  };
  if (wanted.kind == kAtMost || wanted.kind == kAtLeast) {
    const double found = median(engine.values);
    if (wanted.kind == kAtMost) return line("<=", found <= wanted.bound, "");
    return line(">=", found >= wanted.bound, "");
  }
  const Side side = wanted.kind == kOfBare ? Side::kBare : Side::kPeer;
  const Series* other = best_of(figure, side);
  if (other == nullptr) return "";
  return line(">=", advantage(figure, engine, *other) >= wanted.bound,
              side == Side::kPeer ? " of peer" : "");
}

std::string cell(const Measured& figure, const Series& engine, const Series* other) {
  if (other == nullptr) return fmt::format("{:>9} {:<21} {:>7}", "", "", "");
  return fmt::format("{:>9} {:<21} {:>7}", number(median(other->values)), other->name,
                     number(advantage(figure, engine, *other)) + "x");
}

}  // namespace

std::string table_head() {
  return fmt::format("{:<36} {:>10} {:<8} {:>9} {:<21} {:>7} {:>9} {:<21} {:>7}  {}\n", "figure",
                     "engine", "unit", "best bare", "", "ratio", "best peer", "", "ratio",
                     "wanted");
}

std::string table_lines(const Measured& figure) {
  std::string text;
  const Series* first = nullptr;
  for (const Series& engine : figure.series) {
    if (engine.side != Side::kEngine) continue;
    const bool judged = first == nullptr;  // the first is what the engine is; others are beside it
    if (judged) first = &engine;
    std::string wanted;
    for (const Wanted& w : figure.wanted) {
      const std::string found = judged ? verdict(figure, engine, w) : "";
      if (!found.empty()) wanted += (wanted.empty() ? "" : ", ") + found;
    }
    const std::string name = judged ? figure.what : "  its " + engine.name;
    std::string line =
        fmt::format("{:<36} {:>10} {:<8} {} {}  {}", name, number(median(engine.values)),
                    figure.unit, cell(figure, engine, best_of(figure, Side::kBare)),
                    cell(figure, engine, best_of(figure, Side::kPeer)), wanted);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string to_json(const std::string& commit, std::span<const Measured> figures) {
  Json list = Json::array();
  for (const Measured& f : figures) {
    Json series = Json::array();
    for (const Series& s : f.series) {
      series.push_back({{"side", name_of(s.side)},
                        {"name", s.name},
                        {"median", median(s.values)},
                        {"values", s.values}});
    }
    list.push_back({{"what", f.what},
                    {"unit", f.unit},
                    {"less_is_better", f.less_is_better},
                    {"series", std::move(series)}});
  }
  return Json{{"commit", commit}, {"figures", std::move(list)}}.dump(2) + "\n";
}

std::vector<Measured> read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Measured> figures;
  const Json root = Json::parse(file);
  for (const Json& f : root.at("figures")) {
    Measured figure{f.at("what"), f.at("unit"), f.at("less_is_better"), {}, {}};
    for (const Json& s : f.at("series")) {
      const std::string side = s.at("side");
      const Side which = side == name_of(Side::kEngine) ? Side::kEngine
                         : side == name_of(Side::kBare) ? Side::kBare
                                                        : Side::kPeer;
      figure.series.push_back({which, s.at("name"), s.at("values")});
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

Comparison compare(std::span<const Measured> before, std::span<const Measured> after) {
  Comparison result;
  result.text = fmt::format("{:<36} {:<14} {:>10} {:>10} {:<8} {:>8}  {:<18}\n", "figure", "",
                            "before", "after", "unit", "change", "95 % interval");
  for (const Measured& now : after) {
    const auto then = std::find_if(before.begin(), before.end(),
                                   [&](const Measured& m) { return m.what == now.what; });
    if (then == before.end()) continue;
    for (const Series& s : now.series) {
      const auto old = std::find_if(then->series.begin(), then->series.end(), [&](const Series& o) {
        return o.side == s.side && o.name == s.name;
      });
      if (s.side != Side::kEngine || old == then->series.end()) continue;
      const double was = median(old->values);
      const double is = median(s.values);
      const Interval range = ratio_interval(old->values, s.values);
      const bool up = range.low > 1;
      const bool down = range.high < 1;
      const bool worse = now.less_is_better ? up : down;
      if (worse) ++result.slower;
      result.text +=
          fmt::format("{:<36} {:<14} {:>10} {:>10} {:<8} {:>+7.1f}%  {:>+6.1f}% .. {:>+6.1f}%{}\n",
                      now.what, s.name, number(was), number(is), now.unit, 100 * (is / was - 1),
                      100 * (range.low - 1), 100 * (range.high - 1),
                      worse        ? "  WORSE"
                      : up || down ? "  better"
                                   : "");
    }
  }
  return result;
}

}  // namespace seedbed::bench
