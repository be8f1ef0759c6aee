#include "sim/check/domain/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/judge_parts.h"
#include "sim/check/picture.h"

namespace seedbed::domain {

void Findings::add(std::string_view anomaly, std::string message,
                   std::vector<std::uint32_t> operations) {
  for (Anomaly& known : anomalies_) {
    if (known.name != anomaly) continue;
    ++known.count;
    return;
  }
  anomalies_.push_back({std::string(anomaly), 1, std::move(message)});
  shown_.push_back(std::move(operations));
}

void Findings::undecided(std::string message) { undecided_ = std::move(message); }
void Findings::note(std::string name, std::string text) {
  notes_.emplace_back(std::move(name), std::move(text));
}

CheckReport Findings::report() && {
  CheckReport report;
  report.operations = recorded_.operations.size();
  report.notes = std::move(notes_);
  if (anomalies_.empty()) {
    if (undecided_.empty()) return report;
    report.verdict = Verdict::kUnknown;
    report.message = undecided_;
    return report;
  }
  report.verdict = Verdict::kFail;
  report.message = fmt::format("{}: {}", anomalies_.front().name, anomalies_.front().message);
  std::vector<std::string> names;
  std::vector<std::uint32_t> drawn;
  for (std::size_t a = 0; a < anomalies_.size(); ++a) {
    names.push_back(anomalies_[a].name);
    for (const std::uint32_t i : shown_[a]) {
      if (report.witness.size() == kShown) break;
      const history::RecordedOp& op = recorded_.operations[i];
      report.witness.push_back({to_text(op), anomalies_[a].name, op.offset()});
      drawn.push_back(i);
    }
  }
  std::sort(names.begin(), names.end());
  report.shape = fmt::format("{}", fmt::join(names, ", "));
  std::sort(drawn.begin(), drawn.end());
  drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
  std::vector<PictureOp> picture;
  for (const std::uint32_t i : drawn) picture.push_back(picture_of(recorded_.operations[i]));
  report.picture = draw_picture(picture);
  report.anomalies = std::move(anomalies_);
  return report;
}

}  // namespace seedbed::domain
