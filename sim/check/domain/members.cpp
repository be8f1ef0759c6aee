#include "sim/check/domain/members.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/encode.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;

const Stay* Members::surely(std::uint32_t n, std::uint64_t from, std::uint64_t to) const {
  for (const Stay& stay : stays_[n]) {
    if (stay.begins <= from && stay.ends >= to) return &stay;
  }
  return nullptr;
}

const Stay* Members::maybe(std::uint32_t n, std::uint64_t from, std::uint64_t to) const {
  for (const Stay& stay : stays_[n]) {
    if (stay.may_begin <= to && stay.may_end >= from) return &stay;
  }
  return nullptr;
}

void Members::begin_with(const Value& node) {
  auto& stays = stays_[of(node)];
  if (stays.empty()) stays.emplace_back();
}

bool Members::add(std::uint32_t index, const RecordedOp& op) {
  const bool joins = op.is("join");
  if (!joins && !op.is("leave") && !op.is("crash")) return false;
  if (op.failed()) return true;
  last_change_ = std::max(last_change_, op.ok() ? op.returned : op.invoked);
  auto& stays = stays_[of(op.value)];
  if (joins) {
    if (!stays.empty() && stays.back().ends == Stay::kNever) {
      Stay& stay = stays.back();  // once more, because nobody heard of the first
      if (op.returned < stay.begins) stay.begins = op.returned, stay.begins_time = op.returned_time;
      return true;
    }
    Stay stay{.may_begin = op.invoked, .begins = op.returned};
    stay.begins_time = op.returned_time;
    stays.push_back(stay);
  } else if (!stays.empty()) {
    Stay& stay = stays.back();
    stay.ends = std::min(stay.ends, op.invoked);
    if (op.returned < stay.may_end) {
      stay.may_end = op.returned;
      stay.ends_time = op.returned_time;
      stay.left = index;
    }
  }
  return true;
}

Members members_of(const Recorded& recorded, const CheckOptions& options, std::string_view asked,
                   std::string_view check) {
  Members members;
  const Value first = detail::initial_value(recorded, options);
  if (!first.is_nil() && !first.has_items()) {
    throw history::BadHistory(0, "--init is the list of the first members");
  }
  for (const Value& node : first.items()) members.begin_with(node);
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (op.is(asked) || members.add(i, op)) continue;
    detail::refuse_function(op, check, fmt::format(":join, :leave, :crash and :{}", asked));
  }
  return members;
}

}  // namespace seedbed::domain
