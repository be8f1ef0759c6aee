#include "sim/run/published.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace seedbed {

namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

std::string number(std::int64_t billionths) {
  const std::uint64_t size = billionths < 0 ? 0 - static_cast<std::uint64_t>(billionths)
                                            : static_cast<std::uint64_t>(billionths);
  std::string text =
      fmt::format("{}{}.{:09}", billionths < 0 ? "-" : "", size / kBillion, size % kBillion);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string to_text(Quantity quantity) {
  switch (quantity.kind) {
    case MeasureKind::kTime: return to_text(Duration(quantity.amount));
    case MeasureKind::kYesOrNo: return quantity.amount != 0 ? "yes" : "no";
    case MeasureKind::kNumber: break;
  }
  return number(quantity.amount);
}

std::string_view noun_of(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kTime: return "a time";
    case MeasureKind::kYesOrNo: return "a yes or no";
    case MeasureKind::kNumber: break;
  }
  return "a number";
}

std::string to_text(const Tolerance& tolerance) {
  if (!tolerance.absolute) return to_text(tolerance.relative);
  if (tolerance.relative.ppb == 0) return to_text(*tolerance.absolute);
  return fmt::format("{} or {}", to_text(tolerance.relative), to_text(*tolerance.absolute));
}

}  // namespace seedbed
