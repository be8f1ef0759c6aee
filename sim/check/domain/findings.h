// What a domain check finds, gathered by the name that the field has for it: how often, the first
// in words, and the operations that it shows.
//
//   Findings findings(recorded);
//   findings.add("lost", fmt::format("{} was acknowledged and never read", v), {op});
//   return findings.report();
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"

namespace seedbed::domain {

class Findings {
 public:
  explicit Findings(const history::Recorded& recorded) : recorded_(recorded) {}

  /// `operations` are indices into the history.
  void add(std::string_view anomaly, std::string message, std::vector<std::uint32_t> operations);
  /// Nothing is wrong, but too little is known to say that all is right.
  void undecided(std::string message);
  void note(std::string name, std::string text);

  CheckReport report() &&;

 private:
  static constexpr std::size_t kShown = 12;

  const history::Recorded& recorded_;
  std::vector<Anomaly> anomalies_;
  std::vector<std::vector<std::uint32_t>> shown_;  // of the first of each
  std::string undecided_;
  std::vector<std::pair<std::string, std::string>> notes_;
};

}  // namespace seedbed::domain
