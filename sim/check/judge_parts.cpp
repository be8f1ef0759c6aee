#include "sim/check/judge_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/picture.h"

namespace seedbed {

namespace {

using history::Recorded;
using history::RecordedOp;

constexpr std::size_t kShown = 16;  // operations in a picture; more are no help

/// Those of the core, and where it is large, those about the one that failed.
std::vector<std::uint32_t> shown(const PartsVerdict& found, const Recorded& recorded) {
  std::vector<std::uint32_t> ops = found.core;
  if (std::find(ops.begin(), ops.end(), found.blocked) == ops.end()) ops.push_back(found.blocked);
  std::sort(ops.begin(), ops.end());
  if (ops.size() <= kShown) return ops;
  // The nearest before its return.
  const std::uint64_t end = recorded.operations[found.blocked].returned;
  const auto distance = [&](std::uint32_t i) {
    const std::uint64_t at = std::min(recorded.operations[i].returned, end);
    return std::pair(i != found.blocked, end - at);
  };
  std::stable_sort(ops.begin(), ops.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return distance(a) < distance(b); });
  ops.resize(kShown);
  std::sort(ops.begin(), ops.end());
  return ops;
}

std::string shape_of(const PartsVerdict& found, const Recorded& recorded, std::string_view model) {
  std::vector<std::string> kinds;
  for (const std::uint32_t i : found.core) {
    const RecordedOp& op = recorded.operations[i];
    kinds.push_back(fmt::format("{} {}", op.function.text(), name_of(op.completion)));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return fmt::format("{}: {}", model, fmt::join(kinds, ", "));
}

/// How many there are, and which came last.
std::string prefix_in_words(const PartsVerdict& found, const Recorded& recorded) {
  constexpr std::size_t kLast = 6;
  std::vector<std::string> last;
  for (std::size_t i = found.order.size() - std::min(kLast, found.order.size());
       i < found.order.size(); ++i) {
    last.push_back(picture_of(recorded.operations[found.order[i]]).label);
  }
  return fmt::format("{} operations placed{}{}{}", found.order.size(), last.empty() ? "" : ": ",
                     last.size() < found.order.size() ? "... " : "", fmt::join(last, ", "));
}

void add_witness(const PartsVerdict& found, const Recorded& recorded, CheckReport& report) {
  std::vector<PictureOp> picture;
  for (const std::uint32_t i : found.unplaced) {
    const RecordedOp& op = recorded.operations[i];
    report.witness.push_back({to_text(op), "cannot be placed", op.offset()});
    if (report.witness.size() == kShown) break;
  }
  for (const std::uint32_t i : shown(found, recorded)) {
    const RecordedOp& op = recorded.operations[i];
    picture.push_back(picture_of(op));
    if (i == found.blocked) picture.back().label += " !";
    const bool told =
        std::find(found.unplaced.begin(), found.unplaced.end(), i) != found.unplaced.end();
    if (!told) report.witness.push_back({to_text(op), "contradicts it", op.offset()});
  }
  report.picture = draw_picture(picture);
}

}  // namespace

PictureOp picture_of(const RecordedOp& op) {
  std::string label = op.function.is_nil() ? "?" : std::string(op.function.text());
  if (!op.value.is_nil() || op.is("read") || op.is("get")) label += ' ' + to_text(op.value, 24);
  if (op.completion == Completion::kInfo) label += " ?";
  return {op.process < 0 ? "?" : fmt::format("process {}", op.process), std::move(label),
          op.invoked, op.returned};
}

CheckReport report_of(const PartsVerdict& found, const Recorded& recorded, std::string_view model) {
  CheckReport report;
  report.verdict = found.verdict;
  report.operations = recorded.operations.size();
  report.steps = found.steps;
  const std::string where = found.label.empty() ? "" : found.label + ": ";
  if (found.verdict == Verdict::kUnknown) {
    report.message = fmt::format("{}undecided, out of budget after {} steps and {} MiB", where,
                                 found.steps, found.bytes >> 20);
  }
  if (found.verdict != Verdict::kFail) return report;
  const RecordedOp& blocked = recorded.operations[found.blocked];
  report.message =
      fmt::format("{}{} is in no order of what returned until then", where, to_text(blocked));
  report.shape = shape_of(found, recorded, model);
  add_witness(found, recorded, report);
  report.notes.emplace_back("longest linearizable prefix", prefix_in_words(found, recorded));
  report.notes.emplace_back("smallest part found that still fails",
                            fmt::format("{} operations", found.core.size()));
  if (found.cut_short) {
    report.notes.emplace_back("cut short", "the budget of the explanation ended");
  }
  report.anomalies.push_back({"not linearizable", 1, report.message});
  return report;
}

}  // namespace seedbed
