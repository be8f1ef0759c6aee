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

/// By the median; null where there is none.
const Series* best_bare(const Measured& figure) {
  const Series* best = nullptr;
  for (const Series& s : figure.series) {
    if (s.side != Side::kBare) continue;
    if (best == nullptr || median(s.values) < median(best->values)) best = &s;
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

std::string verdict(std::string_view sign, const Wanted& wanted, bool held) {
  return fmt::format("{} {} {}", sign, number(wanted.bound), held ? "pass" : "FAIL");
}

/// ">= 0.50 pass"
std::string verdicts(const Measured& figure, const Series& engine, const Series* bare) {
  using enum Wanted::Kind;
  std::string text;
  const double found = median(engine.values);
  for (const Wanted& w : figure.wanted) {
    if (w.kind == kAtMost) text += verdict("<=", w, found <= w.bound);
    if (w.kind == kAtLeast) text += verdict(">=", w, found >= w.bound);
    if (w.kind != kOfBare || bare == nullptr) continue;
    text += verdict(">=", w, advantage(figure, engine, *bare) >= w.bound);
  }
  return text;
}

/// "SimGrid 11747, 87.0x (>= 20.0 pass); ns-3 197, 1.46x"
std::string peers(const Measured& figure, const Series& engine, bool judged) {
  std::string text;
  for (const Series& peer : figure.series) {
    if (peer.side != Side::kPeer) continue;
    const double times = advantage(figure, engine, peer);
    text += fmt::format("{}{} {}, {}x", text.empty() ? "" : "; ", peer.name,
                        number(median(peer.values)), number(times));
    for (const Wanted& w : figure.wanted) {
      if (!judged || w.kind != Wanted::Kind::kOfPeer || w.peer != peer.name) continue;
      text += " (" + verdict(">=", w, times >= w.bound) + ")";
    }
  }
  return text;
}

constexpr auto kColumns = "{:<36} {:>8} {:<6} {:>10} {:<20} {:>6}  {:<15} {}";

std::string line(std::string_view what, const Measured& figure, const Series& engine, bool judged) {
  const Series* const bare = best_bare(figure);
  std::string text = fmt::format(
      kColumns, what, number(median(engine.values)), figure.unit,
      bare == nullptr ? "" : number(median(bare->values)), bare == nullptr ? "" : bare->name,
      bare == nullptr ? "" : number(advantage(figure, engine, *bare)) + "x",
      judged ? verdicts(figure, engine, bare) : "", peers(figure, engine, judged));
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string table_head() {
  return fmt::format(kColumns, "figure", "engine", "unit", "best bare", "", "ratio", "wanted",
                     "peers") +
         "\n";
}

std::string table_lines(const Measured& figure) {
  std::string text;
  for (const Series& engine : figure.series) {
    if (engine.side != Side::kEngine) continue;
    const bool judged = text.empty();  // the first is what the engine is; others are beside it
    text += line(judged ? figure.what : "  its " + engine.name, figure, engine, judged);
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

namespace {

/// `s` over the geometric mean of the bare loops of each round, which no commit of the engine
/// changes: what is left is not the machine's mood. Without bare loops: as it is.
std::vector<double> corrected(const Measured& figure, const Series& s) {
  std::vector<double> values = s.values;
  for (std::size_t round = 0; round < values.size(); ++round) {
    double logarithms = 0;
    int loops = 0;
    for (const Series& bare : figure.series) {
      if (bare.side != Side::kBare || round >= bare.values.size()) continue;
      logarithms += std::log(bare.values[round]);
      ++loops;
    }
    if (loops != 0) values[round] /= std::exp(logarithms / loops);
  }
  return values;
}

/// "WORSE" is sure; "worse?" may be the machine's doing.
std::string_view mark(const Measured& figure, Interval range) {
  constexpr double kNoise = 0.03;
  const bool up = range.low > 1 + kNoise;
  const bool down = range.high < 1 - kNoise;
  if (!up && !down) return "";
  const bool sure = best_bare(figure) != nullptr || figure.unit == "bytes";
  if (up == figure.less_is_better) return sure ? "  WORSE" : "  worse?";
  return sure ? "  better" : "  better?";
}

const Series* find(std::span<const Measured> figures, const Measured& figure, const Series& s,
                   const Measured*& in) {
  for (const Measured& m : figures) {
    if (m.what != figure.what) continue;
    for (const Series& other : m.series) {
      if (other.side == s.side && other.name == s.name) return in = &m, &other;
    }
  }
  return nullptr;
}

}  // namespace

Comparison compare(std::span<const Measured> before, std::span<const Measured> after) {
  Comparison result;
  result.text = fmt::format("{:<36} {:<10} {:>8} {:>8} {:<6} {:>8}  95 % interval\n", "figure", "",
                            "before", "after", "unit", "change");
  for (const Measured& now : after) {
    for (const Series& s : now.series) {
      const Measured* then = nullptr;
      const Series* const old = find(before, now, s, then);
      if (s.side != Side::kEngine || old == nullptr) continue;
      const std::vector<double> was = corrected(*then, *old);
      const std::vector<double> is = corrected(now, s);
      const Interval range = ratio_interval(was, is);
      const std::string_view marked = mark(now, range);
      if (marked == "  WORSE") ++result.worse;
      result.text +=
          fmt::format("{:<36} {:<10} {:>8} {:>8} {:<6} {:>+7.1f}%  {:>+6.1f}% .. {:>+6.1f}%{}\n",
                      now.what, s.name, number(median(old->values)), number(median(s.values)),
                      now.unit, 100 * (median(is) / median(was) - 1), 100 * (range.low - 1),
                      100 * (range.high - 1), marked);
    }
  }
  return result;
}

}  // namespace seedbed::bench
