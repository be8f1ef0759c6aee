#include "sim/check/transactions/witness.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace seedbed::txn {

namespace {

constexpr std::size_t kMostOperations = 8;  // of a transaction in a picture

std::string why(const History& history, const Step& s) {
  const std::string to = name_of(history, s.to);
  const std::string key = s.key == kNone ? "" : std::string(history.key_name(s.key));
  switch (s.edge) {
    case Edge::kWw:
      if (s.via != kNone) {
        return fmt::format(
            "its write to {} comes before {}'s, which {} read though it knew of both", key, to,
            name_of(history, s.via));
      }
      return fmt::format("{} overwrote what it wrote to {}", to, key);
    case Edge::kWr: return fmt::format("{} read what it wrote to {}", to, key);
    case Edge::kRw: return fmt::format("it read {} as it was before {} wrote it", key, to);
    case Edge::kSession: return fmt::format("{} came later in the same session", to);
    case Edge::kRealTime: return fmt::format("{} was invoked after it had returned", to);
    case Edge::kThrough: break;
  }
  return "";
}

}  // namespace

std::string_view name_of(Edge edge) {
  constexpr std::array<std::string_view, 6> kNames = {"ww", "wr", "rw", "session", "realtime", ""};
  return kNames[static_cast<std::size_t>(edge)];
}

std::string explain_cycle(const History& history, std::span<const Step> cycle) {
  if (cycle.empty()) return "";
  std::string text = name_of(history, cycle.front().from);
  for (const Step& s : cycle) {
    const bool keyed = s.key != kNone;
    text +=
        fmt::format(" -{}{}{}{}-> {}", name_of(s.edge), keyed ? "(" : "",
                    keyed ? history.key_name(s.key) : "", keyed ? ")" : "", name_of(history, s.to));
  }
  return text;
}

std::string text_of(const History& history, Id t, std::span<const Id> keys) {
  if (t >= history.size()) return "";
  const std::span<const Access> all = history.accesses(t);
  const auto matters = [&](const Access& a) {
    return std::find(keys.begin(), keys.end(), a.key) != keys.end();
  };
  std::vector<std::string> parts;
  bool left_out = false;
  for (const Access& a : all) {
    const bool keep = keys.empty() || all.size() <= kMostOperations || matters(a);
    if (keep && parts.size() < kMostOperations) {
      parts.push_back(text_of(history, a));
    } else {
      left_out = true;
    }
  }
  return fmt::format("{}{}", fmt::join(parts, ", "), left_out ? ", ..." : "");
}

std::string picture_of(const History& history, const Anomaly& anomaly) {
  std::vector<Id> keys;
  for (const auto* cycle : {&anomaly.cycle, &anomaly.otherwise}) {
    for (const Step& s : *cycle) {
      if (s.key != kNone) keys.push_back(s.key);
    }
  }
  const auto row = [&](Id t) {
    return fmt::format("  {:<6} {}\n", name_of(history, t), text_of(history, t, keys));
  };
  const auto round = [&](const std::vector<Step>& cycle) {
    std::string text;
    for (const Step& s : cycle) {
      text += row(s.from);
      text += fmt::format("   | {}: {}\n   v\n", name_of(s.edge), why(history, s));
    }
    return text + fmt::format("  {}\n", name_of(history, cycle.back().to));
  };
  if (!anomaly.otherwise.empty()) {
    return "one way round:\n" + round(anomaly.cycle) + "the other way round:\n" +
           round(anomaly.otherwise);
  }
  if (!anomaly.cycle.empty()) return round(anomaly.cycle);
  std::string picture;
  for (const Id t : anomaly.transactions) picture += row(t);
  return picture;
}

}  // namespace seedbed::txn
